"""What facilities, makers and their association declare: forms of seven kinds.

`form` writes an empty form, `check` judges a filled one (`cell_values` each cell, `judges` what is
between cells), `load` puts it into the lake, where the newest load of a kind counts as a whole.
"""
