"""Values to DICOM bytes: slots, content items, codes, data sets."""
