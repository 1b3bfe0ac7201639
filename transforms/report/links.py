"""Addresses that others declare: a link only where it leads to the web."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

DOI = re.compile(r"(?:doi:)?(10\.[0-9]{4,9}/[A-Za-z0-9._;()/:-]+)", re.IGNORECASE)
PLAIN = re.compile(r"[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")


def web_address(text: str) -> str:
    """The address behind an http(s) address or a DOI; nothing of any other text."""
    doi = DOI.fullmatch(text)
    if doi:
        return f"https://doi.org/{doi[1]}"
    if not PLAIN.fullmatch(text):
        return ""
    try:
        parts = urlsplit(text)
        is_web = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        return ""
    return text if is_web and "@" not in parts.netloc else ""
