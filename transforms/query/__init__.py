"""Read-only queries on a finished database, without access to files, network or settings."""
