"""The journal of files already received, with which an interrupted visit is resumed.

Its files are under `journal/<facility>/` and are removed once the outcomes are written. An object
is flushed to disk before the journal names it.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from itertools import groupby
from typing import Any

from transforms.lake.lake import Lake
from transforms.receive.fetch_job import ReceivedObject


class Journal:
    """The journal of one facility."""

    def __init__(self, lake: Lake, facility_id: str) -> None:
        self._lake, self._facility_id = lake, facility_id

    def load(self) -> dict[str, list[ReceivedObject]]:
        """Received objects by the signature of their file."""
        found: dict[str, list[ReceivedObject]] = {}
        for path in self._files():
            for line in self._lines(path):
                objects = [ReceivedObject(*one) for one in line]
                key = objects[0].signature_key
                if key is not None and all(map(self._is_kept, objects)):
                    found[key] = objects
        return found

    def keep(self, objects: Iterable[ReceivedObject]) -> None:
        """Add objects that have been received and flushed to disk."""
        signed = [one for one in objects if one.signature_key is not None]
        if not signed:
            return
        files = [list(group) for _, group in groupby(signed, lambda one: one.signature_key)]
        data = json.dumps(files, separators=(",", ":")).encode()
        name = hashlib.sha256(data).hexdigest()[:16]
        self._lake.write_bytes(self._lake.path("journal", self._facility_id, f"{name}.json"), data)

    def clear(self) -> None:
        """Remove the journal, after the outcomes have been written."""
        for path in self._files():
            with suppress(FileNotFoundError):
                self._lake.remove(path)

    def _lines(self, path: str) -> list[list[list[Any]]]:
        """Files with their objects; none if another ingest has just removed the journal."""
        try:
            lines: list[list[list[Any]]] = json.loads(self._lake.read_bytes(path))
        except FileNotFoundError:
            return []
        return lines

    def _is_kept(self, one: ReceivedObject) -> bool:
        if one.reason_code is not None or one.sha256 is None:
            return True
        return self._lake.exists(self._lake.object_path(self._facility_id, one.sha256))

    def _files(self) -> list[str]:
        return self._lake.journal_files(self._facility_id)
