"""Every message id of the reports, collected from code and templates."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from babel.messages.extract import extract_from_dir

from transforms.settings import REPOSITORY

METHODS = [("**/*.py", "python"), ("**/templates/*.html", "jinja2.ext:babel_extract")]
KEYWORDS = {"msg": None, "say": None}


def message_ids(folder: Path = REPOSITORY / "transforms" / "report") -> set[str]:
    """Texts inside `msg(...)` and `say(...)`."""
    return set(_extract_messages(folder))


def _extract_messages(folder: Path) -> Iterator[str]:
    extracted = extract_from_dir(str(folder), method_map=METHODS, options_map={}, keywords=KEYWORDS)
    for _, _, message, _, _ in extracted:
        yield message if isinstance(message, str) else message[0]
