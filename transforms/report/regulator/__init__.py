"""The regulator's report in its public and its restricted version."""
