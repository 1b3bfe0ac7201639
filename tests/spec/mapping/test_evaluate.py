"""`mapping evaluate`: its counts, and the figures of sql/README.md."""

from __future__ import annotations

import csv
import hashlib
import json
import sys
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from transforms.cli.__main__ import app
from transforms.errors import UsageError
from transforms.mapping.evaluate import (
    Decision,
    Judged,
    broader_procedures,
    counts,
    decide,
    figures,
    load_judged,
)
from transforms.mapping.readings import Named, Reading, read_names
from transforms.warehouse.sql_project import SQL

NAMES = Path(__file__).parent / "names" / "judged_names.csv"
HELD_BACK = 5
"""Sources whose SHA-256 is a multiple of this were not looked at while the lists were written."""

MAKERS = ("HeadRoutine", "ThoraxRoutine", "AbdomenRoutine", "AbdPelRoutine")
"""Default protocols of a maker, one beside every name."""


def reading(procedure_id: str | None, *, is_decided: bool = True) -> Reading:
    return Reading(procedure_id, is_decided, "row", "", "", is_contradicted=False)


def decision(right: str, given: str | None, *, is_decided: bool = True) -> Decision:
    judged = Judged("name", "study_description", "CT", "en", "list", right)
    return Decision(judged, reading(given, is_decided=is_decided))


CASES: Mapping[str, tuple[Decision, dict[str, int]]] = {
    "right": (decision("ct_chest", "ct_chest"), {"mapped": 1, "right": 1}),
    "narrower is right": (decision("ct_chest", "ct_chest_low_dose"), {"mapped": 1, "right": 1}),
    "broader is wrong": (decision("ct_chest_low_dose", "ct_chest"), {"mapped": 1, "wrong": 1}),
    "another is wrong": (decision("ct_chest", "ct_head"), {"mapped": 1, "wrong": 1}),
    "none is undecided": (decision("ct_chest", None), {"undecided": 1}),
    "nothing is undecided": (decision("ct_chest", None, is_decided=False), {"undecided": 1}),
    "ambiguous is wrong": (decision("ambiguous", "ct_pelvis"), {"mapped": 1, "wrong": 1}),
    "outside and listed is wrong": (decision("outside", "ct_chest"), {"mapped": 1, "wrong": 1}),
    "outside and narrower than listed is wrong": (
        decision("outside", "ct_chest_low_dose"),
        {"mapped": 1, "wrong": 1},
    ),
    "outside and new is new": (decision("outside", "ct_pelvis"), {"mapped": 1, "new": 1}),
}


@pytest.mark.parametrize("case", CASES)
def test_each_decision_is_counted_once(case: str) -> None:
    made, expected = CASES[case]
    found = counts([made], broader_procedures())
    zeros = dict.fromkeys(("mapped", "right", "wrong", "new", "undecided"), 0)
    assert {key: found[key] for key in zeros} == zeros | expected


def test_shares_divide_by_what_they_are_about() -> None:
    found = counts([made for made, _ in CASES.values()], broader_procedures())
    assert (found["n"], found["mapped"], found["new"], found["right"]) == (10, 8, 1, 2)
    assert found["precision"] == pytest.approx(2 / 7)
    assert found["precision_without_ambiguous"] == pytest.approx(2 / 6)
    assert found["recall"] == pytest.approx(2 / 6)


def test_there_is_no_share_of_nothing() -> None:
    found = counts([decision("outside", None)], broader_procedures())
    assert (found["precision"], found["recall"]) == (None, None)


def evaluate(path: Path, *options: str) -> dict[str, Any]:
    done = CliRunner().invoke(app, ["mapping", "evaluate", str(path), "--json", *options])
    told: dict[str, Any] = json.loads(done.stdout)
    return told


def test_the_command_gives_figures_and_each_decision(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "name,field,modality,language,source,right,note\n"
        "CT Thorax,study_description,CT,de,a,ct_chest,\n"
        "CT xyzzy,study_description,CT,de,a,outside,seen once\n"
        "Head^Head (Adult),acquisition_protocol,CT,en,b,ct_head,\n",
        encoding="utf-8",
    )
    told = evaluate(path, "--rows")
    whole = {row["n"]: row for row in told["rows"] if row["modality"] == row["language"] == "all"}
    assert (whole[3]["right"], whole[3]["undecided"], whole[3]["source"]) == (2, 1, "all")
    given = [(one["given"], one["reading"]["unread"]) for one in told["decisions"]]
    assert given == [("ct_chest", []), (None, ["xyzzy"]), ("ct_head", [])]
    assert "decisions" not in evaluate(path)


def test_a_bad_row_is_named(tmp_path: Path) -> None:
    path = tmp_path / "names.csv"
    path.write_text(
        "name,field,modality,language,source,right\nCT,series,CT,de,a,ct_knee\n", encoding="utf-8"
    )
    with pytest.raises(UsageError, match="row 2, column 'field'"):
        load_judged(path)


@cache
def decisions() -> list[Decision]:
    return decide(load_judged(NAMES))


def is_held_back(one: Decision) -> bool:
    digest = hashlib.sha256(one.judged.source.encode()).hexdigest()
    return int(digest, 16) % HELD_BACK == 0


def rows_by(key: str, made: list[Decision]) -> dict[str, dict[str, Any]]:
    """The figures by modality or language, over all other keys."""
    others = {"modality", "language", "source"} - {key}
    return {
        row[key]: row
        for row in figures(made)
        if row[key] != "all" and all(row[name] == "all" for name in others)
    }


def test_precision_and_recall_of_ct() -> None:
    found = rows_by("modality", decisions())["CT"]
    assert found["precision"] >= 0.97
    assert found["precision_without_ambiguous"] >= 0.99
    assert found["recall"] >= 0.9


def test_every_language_with_ten_names_is_read() -> None:
    labelled: dict[str, int] = {}
    for one in decisions():
        if one.judged.right not in ("outside", "ambiguous"):
            labelled[one.judged.language] = labelled.get(one.judged.language, 0) + 1
    found = rows_by("language", decisions())
    missed = {
        name: found[name]["recall"]
        for name, n in labelled.items()
        if n >= 10 and found[name]["recall"] < 0.75
    }
    assert missed == {}


def test_precision_and_recall_of_the_other_modalities() -> None:
    made = [one for one in decisions() if one.judged.modality != "CT"]
    found = counts(made, broader_procedures())
    assert found["precision"] >= 0.98
    assert found["recall"] >= 0.9


def test_a_makers_protocol_beside_every_name_costs_no_precision() -> None:
    made = [one for one in decisions() if one.judged.field == "study_description"]
    alone = counts(made, broader_procedures())["precision"]
    for protocol in MAKERS:
        named = [Named(one.judged.modality, one.judged.name, protocols=(protocol,)) for one in made]
        beside = [
            Decision(one.judged, read) for one, read in zip(made, read_names(named), strict=True)
        ]
        assert counts(beside, broader_procedures())["precision"] >= alone - 0.005


def shown() -> list[tuple[str, ...]]:
    """The table of sql/README.md: names, mapped, right, wrong, new, precision and recall."""
    held = [one for one in decisions() if is_held_back(one)]
    groups = [("all", decisions()), ("held back", held)]
    groups += [
        (name, [one for one in decisions() if one.judged.modality == name])
        for name in ("CT", "DX", "MG", "NM", "RF")
    ]
    rows = []
    for name, made in groups:
        found = counts(made, broader_procedures())
        cells = [str(found[key]) for key in ("n", "mapped", "right", "wrong", "new")]
        rows.append((name, *cells, f"{found['precision']:.3f}", f"{found['recall']:.3f}"))
    return rows


def test_the_figures_stand_in_the_readme() -> None:
    sys.stdout.writelines(f"{' '.join(row)}\n" for row in shown())
    text = (SQL / "README.md").read_text(encoding="utf-8")
    missing = [row for row in shown() if f"| {' | '.join(row)} |" not in text]
    assert missing == []


def test_the_names_are_those_that_were_judged() -> None:
    with NAMES.open(encoding="utf-8", newline="") as lines:
        assert len(list(csv.DictReader(lines))) == len(decisions()) == 834
