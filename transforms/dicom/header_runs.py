"""Finds runs of header elements that are the same bytes in one report after another.

A run is made of elements that were each found as in the last report. If a run is not found, it is
forgotten, and its elements are read one by one; so runs end where values change between reports.
"""

from __future__ import annotations

from typing import NamedTuple

from transforms.dicom.structure import DataSet, Element


class HeaderRun(NamedTuple):
    """Elements that follow each other, with their bytes and the last tag."""

    data: bytes
    elements: DataSet
    last: int


class HeaderRuns:
    """The runs of one reader and encoding, by the tag before them; 0 is before the first."""

    def __init__(self) -> None:
        self._runs: dict[int, HeaderRun] = {}
        self._begun: DataSet = {}
        self._before = self._start = 0

    def begin(self) -> None:
        """Begin a file; a run that another file has begun is forgotten."""
        self._begun = {}

    def expected(self, data: bytes, position: int, before: int) -> HeaderRun | None:
        """The run after the tag `before`, if its bytes are at this position."""
        run = self._runs.get(before)
        if run is None or data.startswith(run.data, position):
            return run
        del self._runs[before]
        return None

    def add(self, before: int, position: int, tag: int, element: Element) -> None:
        """Add an element found as in the last report to the run that has begun."""
        if not self._begun:
            self._before, self._start = before, position
        self._begun[tag] = element

    def end(self, data: bytes, position: int) -> None:
        """End the run that has begun; it is kept if it has several elements."""
        if len(self._begun) > 1:
            last = next(reversed(self._begun))
            run = HeaderRun(data[self._start : position], self._begun, last)
            self._runs[self._before] = run
        if self._begun:
            self._begun = {}
