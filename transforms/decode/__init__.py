"""From the SR content tree to values: bytes in, values out, no disk."""
