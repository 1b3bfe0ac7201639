"""Facilities are divided into buckets, at most as many as Airflow maps a task over."""

import json
from typing import Any

import pytest
from dags_under_test import REPOSITORY, Run

pytestmark = pytest.mark.airflow

PROGRAM = """
import json, os, sys
from dags.buckets import buckets
found = {}
for name, (wanted, most, facility_ids) in json.loads(sys.argv[1]).items():
    os.environ["DRLAKE_BUCKETS"] = wanted
    os.environ["AIRFLOW__CORE__MAX_MAP_LENGTH"] = most
    try:
        found[name] = buckets(facility_ids)
    except Exception as error:
        found[name] = f"{type(error).__name__}: {error}"
print(json.dumps(found))
"""
NATION = [f"F{number:04}" for number in range(1_500)]
CASES = {
    "default": ("", "1024", NATION),
    "none": ("4", "1024", []),
    "few": ("4", "1024", ["A", "B", "C"]),
    "uneven": ("2", "1024", ["A", "B", "C"]),
    "more than Airflow allows": ("5000", "1024", NATION),
    "Airflow allows few": ("8", "3", NATION),
    "no number": ("many", "1024", NATION),
    "zero": ("0", "1024", NATION),
}


@pytest.fixture(scope="module")
def found(run: Run, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    given = {"AIRFLOW_HOME": str(tmp_path_factory.mktemp("airflow"))}
    done = run("-c", PROGRAM, json.dumps(CASES), PYTHONPATH=str(REPOSITORY), **given)
    assert done.returncode == 0, done.stderr
    buckets: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return buckets


def test_few_facilities_have_a_bucket_each(found: dict[str, Any]) -> None:
    assert found["none"] == []
    assert found["few"] == [["A"], ["B"], ["C"]]
    assert found["uneven"] == [["A"], ["B", "C"]]


@pytest.mark.parametrize(
    ("case", "number"),
    [("default", 8), ("more than Airflow allows", 1024), ("Airflow allows few", 3)],
)
def test_each_facility_of_a_large_nation_is_in_one_bucket(
    found: dict[str, Any], case: str, number: int
) -> None:
    assert len(found[case]) == number
    assert [one for bucket in found[case] for one in bucket] == NATION
    sizes = {len(bucket) for bucket in found[case]}
    assert max(sizes) - min(sizes) <= 1


def test_a_wrong_number_is_named(found: dict[str, Any]) -> None:
    wrong = "AirflowFailException: DRLAKE_BUCKETS is {}. Give a number of 1 or more."
    assert found["no number"] == wrong.format("many")
    assert found["zero"] == wrong.format("0")
