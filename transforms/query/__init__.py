"""Questions to a finished database: read-only, without files, network or settings."""
