"""The journal of files already received, with which an interrupted visit is resumed.

It is under `journal/<facility>/` and is removed once the outcomes are written. A note,
`<name>.json`, lists received files with their objects, whose bytes are in the spool file
`<name>.spool`. That file is flushed to disk before its note is written.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from pathlib import Path
from typing import Any

from transforms.lake.lake import Lake
from transforms.lake.spools import Span, SpoolFile, Spools
from transforms.receive.fetch_job import ReceivedObject

NOTE, SPOOL = ".json", ".spool"


class Journal:
    """The journal of one facility."""

    def __init__(self, lake: Lake, facility_id: str) -> None:
        self._lake, self._facility_id = lake, facility_id

    def load(self, spools: Spools) -> dict[str, list[ReceivedObject]]:
        """Received objects by the signature of their file; their bytes are added to `spools`."""
        found: dict[str, list[ReceivedObject]] = {}
        for path in self._files():
            if path.endswith(NOTE):
                found |= self._noted(path, spools)
        return found

    def _noted(self, path: str, spools: Spools) -> dict[str, list[ReceivedObject]]:
        """The objects of one note; none without all their bytes, so they are received again."""
        try:
            note: dict[str, Any] = json.loads(self._lake.read_bytes(path))
            if note["spans"]:
                spools.add(self._spool_of(path, note["spans"], spools))
        except FileNotFoundError:  # another ingest has just removed the journal
            return {}
        files = [[ReceivedObject(*one) for one in objects] for objects in note["files"]]
        return {str(objects[0].signature_key): objects for objects in files}

    def _spool_of(self, path: str, spans: dict[str, list[int]], spools: Spools) -> SpoolFile:
        """The spool file of a note, in the folder of the visit; FileNotFoundError if it is lost."""
        copy = spools.new_path()
        self._lake.take_file(f"{path.removesuffix(NOTE)}{SPOOL}", copy)
        places: dict[str, Span] = {sha256: (start, size) for sha256, (start, size) in spans.items()}
        if copy.stat().st_size < max(map(sum, places.values())):
            raise FileNotFoundError
        return SpoolFile(str(copy), places)

    def keep(self, objects: Iterable[ReceivedObject], spooled: SpoolFile) -> None:
        """Add objects that have been received, with their bytes."""
        signed = [one for one in objects if one.signature_key is not None]
        if not signed:
            return
        files = [list(group) for _, group in groupby(signed, lambda one: one.signature_key)]
        note = {"files": files, "spans": spooled.spans}
        data = json.dumps(note, separators=(",", ":")).encode()
        path = self._path(hashlib.sha256(data).hexdigest()[:16])
        if spooled.spans:
            with self._lake.flush_at_end():
                self._lake.share_file(Path(spooled.path), f"{path}{SPOOL}")
        self._lake.write_bytes(f"{path}{NOTE}", data)

    def clear(self) -> None:
        """Remove the journal, after the outcomes have been written."""
        for path in self._files():
            with suppress(FileNotFoundError):
                self._lake.remove(path)

    def _path(self, name: str) -> str:
        return self._lake.path("journal", self._facility_id, name)

    def _files(self) -> list[str]:
        """Paths of notes and spool files."""
        return self._lake.journal_files(self._facility_id)
