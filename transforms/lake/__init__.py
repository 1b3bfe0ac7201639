"""The lake: where each file is stored, and how it is written atomically."""
