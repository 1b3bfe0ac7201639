"""From an export location into the lake: fetch, checksum, strict structure, identity check."""
