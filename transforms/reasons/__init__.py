"""Reason codes: why an object is refused, and why a report or examination is not counted."""
