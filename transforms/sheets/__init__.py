"""CSV and XLSX files that people fill in: read whole and with suspicion, written as text only."""
