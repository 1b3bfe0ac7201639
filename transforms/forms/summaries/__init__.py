"""The second intake: summaries of local dose audits, without a row of a patient.

`form` writes the empty form, `check` judges a filled one, `load` puts it into the lake, `export`
writes a hospital's own form from its warehouse.
"""
