"""Makes registry-safe copies of dose reports at the hospital (PS3.15 Annex E)."""
