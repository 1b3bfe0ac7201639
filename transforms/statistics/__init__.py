"""Computes the statistics of each facility from its own rows, and keeps them in the lake."""
