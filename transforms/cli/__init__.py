"""The command `drlake`: one module per group of commands."""
