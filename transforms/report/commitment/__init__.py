"""The report on the CT manufacturers' four commitments."""
