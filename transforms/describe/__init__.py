"""A readable description of one report or of its content tree."""
