"""The public tables in every format: Parquet, DuckDB, CSV, JSON, XLSX, data dictionary."""
