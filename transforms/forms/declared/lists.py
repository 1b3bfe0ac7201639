"""The closed lists that forms of declared data choose from, each read when it is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property
from pathlib import Path

from transforms.reference.files import REFERENCE, reference_rows


class Lists:
    """What a form may name: features, curricula, and the wordings of each commitment."""

    def __init__(self, folder: Path = REFERENCE) -> None:
        self._folder = folder

    def choices(self, column: str) -> Mapping[str, str] | None:
        """What may stand in this column, with its label; None where no list is for it."""
        if column == "feature_id":
            return self._labels("features", "feature_id", "label")
        if column == "curriculum_id":
            return self._labels("curricula", "curriculum_id", "title")
        if column == "wording_version":
            return {version: "" for _, version in sorted(self.wordings)}
        return None

    @cached_property
    def wordings(self) -> frozenset[tuple[int, str]]:
        """Number of the commitment and version of its wording."""
        rows = reference_rows("commitments", self._folder)
        return frozenset((int(row["commitment_number"]), row["wording_version"]) for row in rows)

    def _labels(self, name: str, key: str, label: str) -> Mapping[str, str]:
        return {row[key]: row[label] for row in reference_rows(name, self._folder)}
