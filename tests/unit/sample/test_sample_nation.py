"""The nation as a whole: equal bytes for equal seeds, every outcome present, other files kept."""

from __future__ import annotations

import csv
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from transforms.errors import UsageError
from transforms.forms.declared.load import checked_form
from transforms.reasons.objects import REASON_BY_CODE
from transforms.receive.registry import load_registry
from transforms.receive.visit import facilities
from transforms.sample import write_nation
from transforms.sample.catalogue import PROCEDURES
from transforms.sample.declared import KINDS
from transforms.sample.devices import MODELS
from transforms.sample.faults import REASON_BY_EXCLUSION, REASON_BY_FAULT
from transforms.sample.hostile_texts import TEXTS
from transforms.sample.names import NAMES
from transforms.sample.not_dose_reports import NOT_DOSE_REPORT_SHARES
from transforms.sample.other_names import OTHER_NAMES
from transforms.settings import Settings
from transforms.tables.declared import KINDS as FORM_KINDS

pytestmark = pytest.mark.slow


def contents(directory: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(directory)): path.read_bytes()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.fixture(scope="module")
def nation(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, Any]]:
    directory = tmp_path_factory.mktemp("nation")
    return directory, write_nation(directory, facilities=12, examinations=12)


def outcomes(truth: dict[str, Any]) -> Counter[tuple[str, str | None]]:
    total: Counter[tuple[str, str | None]] = Counter()
    for row in truth["outcomes"]:
        total[row["outcome"], row["reason_code"]] += row["objects"]
    return total


def test_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    """Of the registry too, but for the place of the exports that it states."""
    for name in ("a", "b"):
        write_nation(tmp_path / name, facilities=2, examinations=2, seed=5)
        registry = tmp_path / name / "facilities.csv"
        text = registry.read_text(encoding="utf-8")
        assert text.count(f"/{name}/F00") == 2
        registry.write_text(text.replace(f"/{name}/F00", "/F00"), encoding="utf-8")
    assert contents(tmp_path / "a") == contents(tmp_path / "b")


def test_another_seed_gives_other_files(tmp_path: Path) -> None:
    for seed in (5, 6):
        write_nation(tmp_path / str(seed), facilities=1, examinations=2, seed=seed)
    one, other = (
        {data for name, data in contents(tmp_path / str(seed)).items() if name.endswith(".dcm")}
        for seed in (5, 6)
    )
    assert not one & other - {b""}


def test_every_file_has_an_outcome(nation: tuple[Path, dict[str, Any]]) -> None:
    directory, truth = nation
    for facility_id in truth["facilities"]:
        rows = [row for row in truth["outcomes"] if row["facility_id"] == facility_id]
        assert sum(row["objects"] for row in rows) == len(list((directory / facility_id).iterdir()))
    assert outcomes(truth).total() == truth["objects_received"]


def test_truth_file_is_what_was_returned(nation: tuple[Path, dict[str, Any]]) -> None:
    directory, truth = nation
    stored = json.loads((directory / "truth.json").read_text(encoding="utf-8"))
    assert stored.pop("generator") == "drlake synthetic nation"
    assert stored == truth


def test_every_fault_and_every_exclusion_occurs(nation: tuple[Path, dict[str, Any]]) -> None:
    _, truth = nation
    reasons = {reason for _, reason in outcomes(truth)}
    expected = {*REASON_BY_FAULT.values(), *NOT_DOSE_REPORT_SHARES, "duplicate_in_submission"}
    assert reasons == expected | {"submission_held", None}
    assert expected <= set(REASON_BY_CODE)
    excluded = {row["reason_code"] for row in truth["examinations_excluded"]}
    assert excluded == set(REASON_BY_EXCLUSION.values())


def test_every_modality_occurs_and_both_years(nation: tuple[Path, dict[str, Any]]) -> None:
    rows = nation[1]["facility_typical_values"]
    assert {row["procedure_id"] for row in rows} >= set(OTHER_NAMES) | set(NAMES)
    assert {row["period"] for row in rows} == {2024, 2025}
    assert {row["drl_quantity"] for row in rows} == {
        *("ctdivol", "dlp", "ssde", "kap", "air_kerma_rp", "fluoro_time"),
        *("agd", "agd_tomosynthesis"),
        *("administered_activity", "administered_activity_per_kg"),
    }


def test_the_registry_of_the_nation_has_no_problem(nation: tuple[Path, dict[str, Any]]) -> None:
    directory, truth = nation
    found = load_registry(directory / "facilities.csv")
    assert [one.facility_id for one in found] == [
        *truth["facilities"],
        *truth["silent_facilities"],
    ]
    assert len({one.facility_type for one in found}) == 5
    assert [one.facility_id for one in found if not one.devices] == truth["silent_facilities"]


def test_a_folder_of_exports_is_read_without_what_is_declared(
    nation: tuple[Path, dict[str, Any]],
) -> None:
    directory, truth = nation
    found = facilities(Settings(lake="", exports=str(directory)), None)
    assert found == [*truth["facilities"], *truth["silent_facilities"]]


def test_devices_are_declared_as_they_are_registered(
    nation: tuple[Path, dict[str, Any]],
) -> None:
    directory, _ = nation
    with (directory / "declared" / "device.csv").open(encoding="utf-8", newline="") as file:
        declared = {
            (row["facility_id"], row["manufacturer"], row["model_name"], row["serial_number"]): row
            for row in csv.DictReader(file)
        }
    registered = {
        (one.facility_id, *device)
        for one in load_registry(directory / "facilities.csv")
        for device in one.devices
    }
    silent = {key for key in declared if key not in registered}
    assert {key[2] for key in silent} == {"Brilliance 16"}
    assert 0.8 < len(registered & set(declared)) / len(registered) < 1
    ages = {2025 - int(row["installed_on"][:4]) for row in declared.values()}
    assert min(ages) >= 2 and max(ages) <= 14 and len(ages) > 8


def test_every_kind_of_form_has_rows_and_no_problem(nation: tuple[Path, dict[str, Any]]) -> None:
    assert set(KINDS) == set(FORM_KINDS)
    registry = load_registry(nation[0] / "facilities.csv")
    for kind in KINDS:
        path = nation[0] / "declared" / f"{kind}.csv"
        assert checked_form(kind, path, registry).rows, kind


def test_hostile_names_stand_in_reports_and_in_the_registry(
    nation: tuple[Path, dict[str, Any]],
) -> None:
    written = b"".join(contents(nation[0]).values())
    for text in TEXTS:
        assert text.encode("utf-8") in written, text


def test_hostile_names_change_no_number(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = write_nation(tmp_path / "hostile", facilities=6, examinations=2)
    monkeypatch.setattr("transforms.sample.hostile_texts.WIDTH", 0)  # nothing fits
    tame = write_nation(tmp_path / "tame", facilities=6, examinations=2)
    data = b"".join(contents(tmp_path / "tame" / "F006").values())
    assert not [text for text in TEXTS if text.encode("utf-8") in data]
    assert hostile == tame


def test_the_late_facility_sends_nothing_of_the_last_quarter(
    nation: tuple[Path, dict[str, Any]],
) -> None:
    days = {
        facility_id: max(
            day
            for data in contents(nation[0] / facility_id).values()
            for day in re.findall(rb"(?:DA\x08\0|\x08\0\0\0)(2025\d{4})", data)
        )
        for facility_id in nation[1]["facilities"]
    }
    late = {facility_id for facility_id, day in days.items() if day < b"20251001"}
    assert late == {"F004"}


def test_faults_are_a_few_per_cent(nation: tuple[Path, dict[str, Any]]) -> None:
    _, truth = nation
    refused = sum(
        number for (outcome, reason), number in outcomes(truth).items() if outcome == "quarantined"
    )
    assert 0.01 < refused / truth["objects_received"] < 0.06


def test_equal_bytes_are_exactly_the_duplicates(nation: tuple[Path, dict[str, Any]]) -> None:
    directory, truth = nation
    copies = 0
    for facility_id in truth["facilities"]:
        files = list(contents(directory / facility_id).values())
        copies += len(files) - len(set(files))
    assert copies == outcomes(truth)["duplicate", "duplicate_in_submission"]


def test_doubtful_facility_is_the_last_one_and_counts_nowhere(
    nation: tuple[Path, dict[str, Any]],
) -> None:
    _, truth = nation
    rows = truth["outcomes"]
    held = {row["facility_id"] for row in rows if row["reason_code"] == "submission_held"}
    accepted = {row["facility_id"] for row in rows if row["outcome"] == "accepted"}
    assert held == {"F012"}
    assert "F012" not in accepted
    assert "F012" not in {row["facility_id"] for row in truth["facility_typical_values"]}
    assert "F012" not in {row["facility_id"] for row in truth["examinations_excluded"]}


def test_fewer_than_twelve_facilities_have_no_doubtful_one(tmp_path: Path) -> None:
    truth = write_nation(tmp_path / "n", facilities=3, examinations=2)
    assert ("held", "submission_held") not in outcomes(truth)


def test_catalogue_has_the_breadth_asked_for() -> None:
    adult = {one.procedure_id for one in PROCEDURES if one.patient == "adult"}
    children = {(one.procedure_id, one.patient) for one in PROCEDURES if one.patient != "adult"}
    assert len(adult) >= 11
    assert children == {("ct_head", "head_1y_6y"), ("ct_abdomen_pelvis", "body_15_30kg")}
    assert len({model.model_name for model in MODELS}) >= 5


def test_progress_counts_facilities(tmp_path: Path) -> None:
    seen: list[tuple[int, int]] = []
    write_nation(
        tmp_path / "n", facilities=2, examinations=1, progress=lambda *pair: seen.append(pair)
    )
    assert seen == [(1, 2), (2, 2)]


def test_an_earlier_sample_is_replaced(tmp_path: Path) -> None:
    write_nation(tmp_path, facilities=3, examinations=1)
    write_nation(tmp_path, facilities=1, examinations=1)
    beside = {"truth.json", "facilities.csv", "declared"}
    assert {path.name for path in tmp_path.iterdir()} == {"F001", *beside}


def test_an_interrupted_sample_is_replaced(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_nation(tmp_path, facilities=2, examinations=1, progress=stop)
    truth = write_nation(tmp_path, facilities=1, examinations=1)
    assert truth["facilities"] == ["F001"]


@pytest.mark.parametrize(
    "place", ["notes.txt", "F001/real.dcm", "F002/000001.dcm", "declared/real.csv"]
)
def test_a_folder_with_anything_else_is_refused_and_left_alone(tmp_path: Path, place: str) -> None:
    write_nation(tmp_path, facilities=1, examinations=1)
    (tmp_path / place).parent.mkdir(exist_ok=True)
    (tmp_path / place).write_text("mine", encoding="ascii")
    before = contents(tmp_path)
    with pytest.raises(UsageError, match="did not write"):
        write_nation(tmp_path, facilities=1, examinations=1)
    assert contents(tmp_path) == before


def test_a_folder_of_exports_without_truth_is_refused(tmp_path: Path) -> None:
    (tmp_path / "F001").mkdir()
    (tmp_path / "F001" / "000001.dcm").write_bytes(b"a hospital's own")
    with pytest.raises(UsageError):
        write_nation(tmp_path, facilities=1, examinations=1)
    assert (tmp_path / "F001" / "000001.dcm").exists()


@pytest.mark.parametrize("wrong", [{"facilities": 0}, {"examinations": 0}, {"seed": -1}])
def test_impossible_numbers_are_refused(tmp_path: Path, wrong: dict[str, int]) -> None:
    with pytest.raises(UsageError):
        write_nation(tmp_path / "n", **wrong)
    assert not (tmp_path / "n").exists()
