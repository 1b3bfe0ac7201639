"""Converts units, codes, numbers, dates and keys of all vendors into typed table rows."""
