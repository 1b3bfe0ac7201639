"""Figures as SVG, drawn without a browser."""
