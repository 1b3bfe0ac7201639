"""The forms of `drlake declared` and `drlake summaries`, and the code that both share.

`form` describes a form; `template` writes it empty, `check` checks a filled one with the readers of
`cells`, and `load` writes its rows into the lake as a numbered load.
"""
