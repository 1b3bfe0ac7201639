"""What the forms of `drlake summaries` and `drlake declared` have in common.

`cells` reads a cell as its column is declared, `lines` the rows of a sheet, `pages` writes the
empty form, `loads` keeps the numbered loads of the lake, `reference` reads lists to choose from.
"""
