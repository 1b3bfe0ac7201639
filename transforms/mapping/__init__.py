"""Mapping of hospital texts to procedures: rules as data, their check, work-lists, effects."""
