"""One facility, or all of them, from the export to decoded tables in the lake."""
