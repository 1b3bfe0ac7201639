"""The facility registry is checked on load: every problem at once, with row and column."""

from __future__ import annotations

import dataclasses
from datetime import date
from pathlib import Path

import pytest

from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms
from transforms.receive.registry import COLUMNS, foreign_device_keys, load_registry, write_registry
from transforms.reference.files import REFERENCE
from transforms.tables.facility import FACILITY

EXAMPLE = REFERENCE / "facilities.example.csv"
GOOD = {
    "facility_id": "F001",
    "name": "Northfield",
    "country": "SE",
    "region": "North",
    "facility_type": "hospital",
    "export_url": "sftp://drlake@host.example/out",
    "cadence": "daily",
    "contact": "dose@northfield.example",
    "devices": "Maker|Model|1",
    "allows": "",
    "since": "2025-01-01",
    "until": "",
}


def registry(folder: Path, *rows: dict[str, str], header: tuple[str, ...] = COLUMNS) -> Path:
    path = folder / "facilities.csv"
    lines = [",".join(header)]
    for row in rows:
        lines.append(",".join(f'"{({**GOOD, **row})[name]}"' for name in COLUMNS))
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def problems(path: Path) -> list[str]:
    with pytest.raises(UsageError) as caught:
        load_registry(path)
    return str(caught.value).splitlines()[1:]


def test_the_example_is_a_registry_of_eight_facilities() -> None:
    loaded = load_registry(EXAMPLE)
    assert len(loaded) == 8
    assert loaded[0].devices[1].serial == "10002"
    assert loaded[0].allows == {"institution", "serial_number"}
    assert loaded[5].until == date(2026, 12, 31)
    assert all(".example" in one.contact for one in loaded), "invented facilities only"


@pytest.mark.parametrize(
    ("column", "cell"),
    [
        ("facility_id", "../etc"),
        ("facility_id", ""),
        ("name", ""),
        ("country", "Sweden"),
        ("facility_type", "castle"),
        ("export_url", "ftp://host/out"),
        ("export_url", "/srv/exports"),
        ("export_url", "sftp://host:99999/out"),
        ("export_url", "sftp:///out"),
        ("export_url", "file://host/out"),
        ("export_url", "sftp://host/../out"),
        ("export_url", "s3://bucket/out#part"),
        ("cadence", "sometimes"),
        ("contact", ""),
        ("devices", "Maker|Model"),
        ("devices", "Maker||3"),
        ("allows", "institution everything"),
        ("since", "01.02.2025"),
        ("since", ""),
        ("until", "2024-12-31"),
        ("until", "2025-02-30"),
    ],
)
def test_a_cell_that_cannot_be_used_is_named(tmp_path: Path, column: str, cell: str) -> None:
    (problem,) = problems(registry(tmp_path, {column: cell}))
    assert problem.startswith(f"row 2, column '{column}': ")


@pytest.mark.parametrize(
    "url",
    [
        "sftp://drlake:hunter2@host.example/out",
        "s3://AKIA:hunter2@bucket/out",
        "s3://bucket/out?X-Amz-Signature=hunter2",
        "s3://bucket/out?secret_key=hunter2",
    ],
)
def test_a_credential_never_stands_in_the_registry_nor_in_the_error(
    tmp_path: Path, url: str
) -> None:
    (problem,) = problems(registry(tmp_path, {"export_url": url}))
    assert "Airflow connection" in problem
    assert "hunter2" not in problem


def test_every_problem_is_told_at_once(tmp_path: Path) -> None:
    second = {"facility_id": "F002", "export_url": "s3://b/2", "devices": ""}
    path = registry(
        tmp_path,
        {"country": "sweden", "cadence": "never"},
        {**second, "since": "soon"},
        {**second, "export_url": "s3://b/3"},
    )
    assert [problem.split(": ")[0] for problem in problems(path)] == [
        "row 2, column 'country'",
        "row 2, column 'cadence'",
        "row 3, column 'since'",
        "row 4, column 'facility_id'",
    ]


def test_a_place_or_a_device_belongs_to_one_facility(tmp_path: Path) -> None:
    path = registry(tmp_path, {}, {"facility_id": "F002", "devices": "MAKER|model|1"})
    assert problems(path) == [
        "row 3, column 'export_url': row 2 has the same",
        "row 3, column 'devices': row 2 has the same",
    ]


def test_columns_that_are_missing_or_unknown_are_named(tmp_path: Path) -> None:
    header = tuple("web_site" if name == "region" else name for name in COLUMNS)
    assert problems(registry(tmp_path, header=header)) == [
        "row 1, column 'region': is missing. Add it with its values.",
        "row 1, column 4: is unknown. Remove it.",
    ]


def test_a_row_with_a_cell_too_few_is_named(tmp_path: Path) -> None:
    path = registry(tmp_path, {})
    path.write_text(path.read_text() + "F002,Lakeside\n")
    assert problems(path) == ["row 3: has 2 cells, the header has 12"]


def test_semicolons_may_part_the_cells_of_a_registry(tmp_path: Path) -> None:
    path = registry(tmp_path, {"devices": "Maker|Model|1;Maker|Model|2"})
    path.write_text(path.read_text().replace('","', '";"').replace(",", ";"))
    assert len(load_registry(path)[0].devices) == 2


def test_a_quotation_mark_that_is_not_closed_makes_no_registry(tmp_path: Path) -> None:
    path = registry(tmp_path, {})
    path.write_text(path.read_text() + '"F002')
    with pytest.raises(UsageError, match="is not valid CSV"):
        load_registry(path)


def test_a_row_with_a_problem_is_compared_with_the_others_all_the_same(tmp_path: Path) -> None:
    other = {"facility_id": "F002", "devices": "", "country": "sweden", "until": "2024-12-31"}
    assert [problem.split(": ")[0] for problem in problems(registry(tmp_path, {}, other))] == [
        "row 3, column 'country'",
        "row 3, column 'until'",
        "row 3, column 'export_url'",
    ]


def test_no_file_and_an_empty_file_are_no_registry(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="--registry"):
        load_registry(tmp_path / "none.csv")
    (tmp_path / "empty.csv").write_text("")
    with pytest.raises(UsageError, match="is empty"):
        load_registry(tmp_path / "empty.csv")


def test_a_facility_takes_part_from_since_to_until(tmp_path: Path) -> None:
    (one,) = load_registry(registry(tmp_path, {"until": "2025-12-31"}))
    days = [date(2024, 12, 31), date(2025, 1, 1), date(2025, 12, 31), date(2026, 1, 1)]
    assert [one.takes_part_on(day) for day in days] == [False, True, True, False]
    assert dataclasses.replace(one, until=None).takes_part_on(days[-1])


def test_the_lake_gets_the_registry_without_addresses(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path / "lake"))
    lake.prepare()
    write_registry(lake, load_registry(EXAMPLE))
    table = lake.read_table("registry", FACILITY, "registry")
    assert table.column("facility_id").to_pylist() == [f"F00{n}" for n in range(1, 9)]
    assert table.column("registered_devices").to_pylist()[0] == 2
    assert not {"export_url", "contact"} & set(table.schema.names)


def test_devices_of_others_are_known_by_the_key_they_would_have_here() -> None:
    keys, facilities = Pseudonyms(b"key"), load_registry(EXAMPLE)
    foreign = foreign_device_keys(facilities, "F001", keys)
    assert facilities[1].devices[0].device_key("F001", keys) in foreign
    assert facilities[0].devices[0].device_key("F001", keys) not in foreign
