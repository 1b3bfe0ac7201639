"""Readable description of one report and of its content tree."""
