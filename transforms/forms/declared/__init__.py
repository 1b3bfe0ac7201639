"""Forms of seven kinds, filled in by facilities, manufacturers and their association."""
