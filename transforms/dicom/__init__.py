"""DICOM bytes to a header and a content tree, without touching the disk."""
