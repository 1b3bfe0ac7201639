"""Hospital-side: registry-safe copies of dose reports (PS3.15 Annex E)."""
