"""Runs one or all facilities, from the export to decoded tables in the lake."""
