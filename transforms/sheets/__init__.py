"""CSV and XLSX files that people fill in: read as untrusted input, written as text only."""
