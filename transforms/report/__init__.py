"""The reports: pages and PDF in several languages, made of blocks, and one CSV.

`write.write_report(settings)` writes the regulator's reports and the commitment report,
`feedback.write.write_feedback(settings)` a page for each facility, and
`commitment.manufacturer.write_manufacturer_report(settings, id)` one manufacturer's own line of the
commitments. Public reports read `<lake>/report/public.duckdb` alone, restricted ones the warehouse,
a feedback what feedback/own_rows.py leaves of it; every table and figure is the answer to one file
of sql/reports. frame/blocks.py says how a block is made, frame/document.py how a report is.
"""
