"""The closed lists of declared data, read from data/reference."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.reference.files import reference_rows


def choices_of(column: str) -> Mapping[str, str] | None:
    """The words that this column allows, with their labels; None where it has no list."""
    if column == "feature_id":
        return _labels("features", "feature_id", "label")
    if column == "curriculum_id":
        return _labels("curricula", "curriculum_id", "title")
    if column == "wording_version":
        return {version: "" for _, version in sorted(commitment_wordings())}
    return None


def commitment_wordings() -> frozenset[tuple[int, str]]:
    """Every commitment number with each version of its wording."""
    rows = reference_rows("commitments")
    return frozenset((int(row["commitment_number"]), row["wording_version"]) for row in rows)


def _labels(name: str, key: str, label: str) -> Mapping[str, str]:
    return {row[key]: row[label] for row in reference_rows(name)}
