"""The reports: pages and PDF in several languages, made of blocks, and one CSV.

`write_report(settings)` is the one entry. Public reports read `<lake>/report/public.duckdb` alone,
restricted ones the warehouse; every table and figure is the answer to one file of sql/reports.
blocks.py says how a block is made, document.py how a report is.
"""

from transforms.report.write import write_report

__all__ = ["write_report"]
