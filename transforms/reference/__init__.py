"""Reads the reference data in data/reference: rows, methods and disclosure profiles."""
