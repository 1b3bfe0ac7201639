"""The finished DuckDB file, for reading, and the SQL models as text."""
