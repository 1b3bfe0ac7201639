"""The second intake: summaries of local dose audits, without a row of a patient.

`form` writes the empty form, `cells` reads a filled one, `check` judges it, `load` puts it into the
lake, `export` writes a hospital's own form from its warehouse.
"""
