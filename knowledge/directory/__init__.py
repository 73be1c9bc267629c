"""The AP Directory: providers of alternative provision, read from a council's own spreadsheet. None is shipped."""
