"""The pages for people who work in schools: the MIP check and its documents, dates, the plan, the AP Directory."""
