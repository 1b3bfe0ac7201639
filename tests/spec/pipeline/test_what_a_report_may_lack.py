"""Every combination of present, missing, zero and unusable doses, from the file to the statistics.

Each report ends in a value or in a reason, and no value is any but those that the report states.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from expectations.validate import validate_new
from tests.support.lakes.staged_files import PSEUDONYMS, staged_files
from tests.support.reports.lacking_reports import (
    DOSES,
    Lacking,
    State,
    file_of,
    lacking_reports,
    uid,
)
from tests.support.sql_models import SqlModels
from transforms.lake.lake import Lake
from transforms.pipeline.facility import ingest_facility
from transforms.settings import Settings

pytestmark = pytest.mark.slow

LEDGER = (
    "attrition_used_examinations",
    "examinations_used_by_views",
    "ledger_accepted_reports",
    "ledger_attrition",
    "ledger_days",
    "ledger_received_objects",
)
MODELS = ("fct_examination_doses", "fct_view_doses", "attrition", "fct_ledger_entries")
QUANTITIES: Mapping[str, Mapping[str, tuple[str, str | None, float]]] = {
    "CT": {"ctdivol": ("ctdivol", None, 1), "dlp": ("dlp", "dlp_total", 1)},
    "MG": {"agd": ("agd", None, 1)},
    "DX": {"kap": ("kap", "kap_total", 1e4)},
    "RF": {
        "kap": ("kap", "kap_total", 1e4),
        "air_kerma_rp": ("air_kerma", "air_kerma_total", 1e3),
        "fluoro_time": ("", "fluoro_time_total", 1),
    },
    "NM": {"administered_activity": ("activity", None, 1)},
}
"""DRL quantity → the dose of its events, the dose of its total, factor to its unit."""
MEANS, VIEWS = frozenset({"ctdivol"}), frozenset({"agd"})
NOTED_ALONE = frozenset({"fluoro_time_total"})
"""Quantities that are no dose: an unusable one is NULL with a note, and the report is kept."""


@pytest.fixture(scope="module")
def models() -> SqlModels:
    return SqlModels(*MODELS)


def number(lacking: Lacking, name: str, index: int = 0) -> float | None:
    """What an event (from 0) or the total states; None where it states no usable number."""
    dose = DOSES[lacking.modality].get(name)
    if dose is None:
        return None
    state = lacking.states[name] if index == 0 else State.PRESENT
    times = lacking.events if dose.is_total else 1
    return {State.PRESENT: dose.value * times, State.ZERO: 0.0}.get(state)


def possible_values(lacking: Lacking, quantity: str) -> set[float]:
    """The values that a quantity may have: of the stated total, the sum or the mean of the events.

    A sum is of all events, each of which states a number; a mean is of those above zero; a view
    is an event of its own.
    """
    event_name, total_name, factor = QUANTITIES[lacking.modality][quantity]
    events = [number(lacking, event_name, index) for index in range(lacking.events)]
    positive = [value for value in events if value]
    found = set()
    if quantity in VIEWS:
        found |= set(positive)
    elif quantity in MEANS:
        found |= {sum(positive) / len(positive)} if positive else set()
    elif None not in events:
        found |= {sum(value or 0.0 for value in events)}
    total = number(lacking, total_name) if total_name else None
    return {round(value * factor, 9) for value in found | {total or 0.0} if value}


def is_refused(lacking: Lacking) -> bool:
    """Whether the whole report is refused: one of its doses cannot be used."""
    unusable = {name for name, state in lacking.states.items() if state is State.UNUSABLE}
    return bool(unusable - NOTED_ALONE)


@pytest.mark.parametrize("modality", DOSES)
def test_no_combination_invents_a_dose_or_ends_without_a_reason(
    models: SqlModels, modality: str
) -> None:
    reports = {PSEUDONYMS.of(uid(one, 1)): one for one in lacking_reports(modality)}
    models.run(staged_files({"F001": [file_of(one) for one in reports.values()]}))
    assert [row for name in LEDGER for row in models.test(name)] == []
    kept = {study for study, one in reports.items() if not is_refused(one)}
    rows = models.rows(
        "select study_key, drl_quantity, round(value, 9), exclusion_reason "
        "from fct_examination_doses union all "
        "select study_key, drl_quantity, round(value, 9), exclusion_reason from fct_view_doses "
        "order by 3 nulls first"
    )
    stated = {(study, quantity): (value, why) for study, quantity, value, why in rows}
    assert {study for study, _ in stated} == kept
    for study in kept:
        for quantity in QUANTITIES[modality]:
            value, reason = stated[study, quantity]
            possible = possible_values(reports[study], quantity)
            assert value in {None, 0.0, *possible}, (reports[study], quantity)
            assert value or reason, (reports[study], quantity)
            assert value or not possible or reason != "no_dose", (reports[study], quantity)


def test_refused_reports_have_a_reason_and_the_rest_is_validated(tmp_path: Path) -> None:
    """The command line's own steps, on an export of each modality."""
    settings = Settings(lake=str(tmp_path / "lake"), exports=str(tmp_path / "exports"))
    refused = dict.fromkeys(DOSES, 0)
    for modality in DOSES:
        folder = tmp_path / "exports" / modality
        folder.mkdir(parents=True)
        for one in lacking_reports(modality):
            (folder / f"{one.number}.dcm").write_bytes(file_of(one))
            refused[modality] += is_refused(one)
        counts = ingest_facility(settings, modality)
        assert counts["quarantined"] == refused[modality], modality
    lake = Lake(settings.lake)
    verdicts = validate_new(lake)
    assert len(verdicts) == len(DOSES)
    built = SqlModels.of_lake(tmp_path / "lake", *MODELS)
    assert [row for name in LEDGER for row in built.test(name)] == []
    ends = built.rows(
        "select outcome, reason_code is null, count(*) from object_outcomes group by all"
    )
    assert {(outcome, is_null) for outcome, is_null, _ in ends} <= {
        ("accepted", True),
        ("held", False),
        ("quarantined", False),
    }
