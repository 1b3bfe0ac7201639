"""The build: dbt makes a new warehouse beside the old one, and a rename replaces it."""
