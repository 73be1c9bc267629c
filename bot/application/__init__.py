"""The MIP application pack: what the check found and the SENCO's own words, as DOCX, PDF and JSON. None is stored."""
