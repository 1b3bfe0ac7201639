"""Decodes dose reports: finds the values in the SR content tree, in memory."""
