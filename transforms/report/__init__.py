"""The first report: one HTML page and one CSV, made from the exported marts.

`write_report(settings)` is the one entry. It reads `<lake>/marts/*.parquet` and the reference
tables, never the DuckDB file, so that a report can be made while the warehouse is being built.
"""

from transforms.report.write import write_report

__all__ = ["write_report"]
