"""Summaries of local dose audits, without patient data: the second way to deliver data."""
