"""Releases: what is published, what is kept beside it, and how both are computed again."""
