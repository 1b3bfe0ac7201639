"""Feedback reports for single facilities."""
