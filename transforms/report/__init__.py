"""The reports: pages and PDF in several languages, made of blocks, and one CSV.

`write_report(settings)` writes the regulator's reports and the commitment report,
`write_feedback(settings)` a page for each facility, `write_manufacturer_report(settings, id)` one
manufacturer's own line of the commitments. Public reports read `<lake>/report/public.duckdb` alone,
restricted ones the warehouse, a feedback what own.py leaves of it; every table and figure is the
answer to one file of sql/reports. blocks.py says how a block is made, document.py how a report is.
"""

from transforms.report.feedback import write_feedback
from transforms.report.manufacturer import write_manufacturer_report
from transforms.report.write import write_report

__all__ = ["write_feedback", "write_manufacturer_report", "write_report"]
