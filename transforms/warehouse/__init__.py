"""Read-only access to the built warehouse, and rendering of the SQL models without dbt."""
