"""Receives files from an export location into the lake, with their checksums."""
