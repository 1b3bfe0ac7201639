"""Turns hospital exports into typed Parquet tables, and marts into reports."""
