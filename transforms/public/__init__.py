"""The public tables in every form: Parquet, DuckDB, CSV, JSON, XLSX, data dictionary."""
