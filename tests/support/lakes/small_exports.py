"""Two facilities of a dozen files with every case of an ingest, for tests of whole runs."""

from __future__ import annotations

import shutil
from pathlib import Path

from transforms.sample import write_nation

KEY = "00112233445566778899aabbccddeeff" * 2
"""A key of the UID pseudonyms, so that lakes can be compared byte by byte."""


def write_small_exports(folder: Path, reports: tuple[int, int] = (8, 4)) -> Path:
    """Reports, a copy, a text, an empty file; also the key, at `<folder>/uid.key`.

    `reports` is their number at each facility.
    """
    nation, exports = folder / "nation", folder / "exports"
    write_nation(nation, facilities=2, seed=3, examinations=1)
    for facility, number in zip(("F001", "F002"), reports, strict=True):
        (exports / facility).mkdir(parents=True)
        for path in sorted((nation / facility).glob("*.dcm"))[:number]:
            shutil.copy(path, exports / facility / path.name)
    first = next((exports / "F001").iterdir())
    shutil.copy(first, exports / "F001" / "copy.dcm")
    (exports / "F001" / "text.dcm").write_bytes(b"dose;12")
    (exports / "F002" / "empty.dcm").write_bytes(b"")
    (folder / "uid.key").write_text(KEY, encoding="ascii")
    shutil.rmtree(nation)
    return exports


def content(lake: Path, *folders: str) -> dict[str, bytes]:
    """Every file below these folders of a lake, by its path in the lake."""
    return {
        str(path.relative_to(lake)): path.read_bytes()
        for folder in folders
        for path in sorted((lake / folder).rglob("*"))
        if path.is_file()
    }
