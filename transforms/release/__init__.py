"""Releases: what leaves the building, what stays beside it, and how both are made again."""
