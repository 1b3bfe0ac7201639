"""Figures as SVG, drawn without a browser: numbers, units and words of the reference data."""
