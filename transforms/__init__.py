"""From hospital exports to typed Parquet, and from marts to reports."""
