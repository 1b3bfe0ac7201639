"""Reports: HTML pages and PDF in several languages, made of blocks, and one CSV.

`write.write_report(settings)` writes the regulator's reports and the commitment report,
`feedback.write.write_feedback(settings)` a page for each facility, and
`commitment.manufacturer.write_manufacturer_report(settings, id)` the commitment report of one
manufacturer. Public reports read only `<lake>/report/public.duckdb`, restricted reports read the
warehouse, and feedback reads the tables that feedback/own_rows.py copies from it. Each table and
figure is the result of one query in sql/reports. See frame/blocks.py for how to make a block and
frame/document.py for how to make a report.
"""
