"""Parses DICOM bytes into a header and a content tree, in memory."""
