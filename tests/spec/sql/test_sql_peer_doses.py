"""Quartiles of facilities of one type: enough facilities, all types or none.

No two published numbers may differ by so few facilities that these could be identified.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from tests.support.lakes.disclosure_lake import GIVEN, WANTED, World
from tests.support.sql_models import SqlModels
from transforms.tables import TABLES

pytestmark = pytest.mark.slow

(FACILITY,) = [table for table in TABLES if table.name == "facility"]
COLUMNS = "disclosure, n_facilities, p25, p50, p75"
EVEN = [10.0 + n for n in range(12)]
"""Twelve typical values: quartiles 12.75, 15.5 and 18.25, which are published as 13, 16 and 18."""
SHOWN = ("shown", 10, 13.0, 16.0, 18.0)
WITHHELD = ("suppressed", None, None, None, None)


@cache
def peer_models() -> SqlModels:
    return SqlModels(*WANTED, "public_peer_doses", given=GIVEN)


class PeerWorld(World):
    """A nation whose facilities have types."""

    def __init__(self, **rules: Any) -> None:
        super().__init__(**rules)
        self.types: dict[str, str] = {}

    def models(self) -> SqlModels:
        return peer_models()

    def staging_tables(self) -> dict[str, pa.Table]:
        rows = [{"facility_id": name, "facility_type": kind} for name, kind in self.types.items()]
        schema = pa.schema([field.with_nullable(True) for field in FACILITY.arrow_schema()])
        return {"facility": pa.Table.from_pylist(rows, schema=schema)}

    def some(self, kind: str, values: list[float], first: int = 1, **columns: Any) -> None:
        """Facilities of a type, F01 and so on; `first` is the number of the first."""
        for number, value in enumerate(values, start=first):
            self.types[f"F{number:02}"] = kind
            self.value("ct_chest", f"F{number:02}", value, **columns)

    def peers(self, peer_group: str, **cell: str) -> tuple[Any, ...]:
        """The row of a type in the last release."""
        wanted = {"method_id": "m", "patient_group_id": "adult", **cell}
        where = " and ".join(f"{name} = '{value}'" for name, value in wanted.items())
        (row,) = self.rows(
            f"select {COLUMNS} from public_peer_doses "  # noqa: S608 - words of a test
            f"where {where} and peer_group = '{peer_group}'"
        )
        return row


def test_quartiles_of_a_type_are_those_of_its_facilities_rounded() -> None:
    world = PeerWorld()
    world.some("hospital", EVEN)
    world.some("clinic", [100.0 + n for n in range(15)], first=21)
    world.release()
    assert world.peers("hospital") == SHOWN
    assert world.peers("clinic") == ("shown", 15, 100.0, 110.0, 110.0)
    assert world.peers("practice") == WITHHELD


@pytest.mark.parametrize(("n", "is_shown"), [(10, False), (11, True)])
def test_the_others_have_to_be_enough_without_the_reader(n: int, is_shown: bool) -> None:
    world = PeerWorld()
    world.some("hospital", EVEN[:n])
    world.release()
    assert (world.peers("hospital")[0] == "shown") is is_shown


def test_one_type_with_too_few_withholds_all_types() -> None:
    world = PeerWorld()
    world.some("hospital", EVEN)
    world.some("clinic", [30.0], first=21)
    world.release()
    assert world.peers("hospital") == world.peers("clinic") == WITHHELD


def test_who_is_not_registered_is_of_unknown_type() -> None:
    world = PeerWorld()
    world.some("hospital", EVEN)
    world.types.clear()
    world.release()
    assert world.peers("unknown") == SHOWN
    assert world.peers("hospital") == WITHHELD


def test_a_cell_that_is_withheld_for_the_nation_has_no_peers() -> None:
    world = PeerWorld()
    world.some("hospital", EVEN[:9])
    world.release()
    assert world.rows("select count(*) from public_peer_doses") == [(0,)]


@pytest.mark.parametrize(("n_new", "is_shown"), [(0, True), (1, False), (2, False), (3, True)])
def test_a_release_does_not_show_what_differs_from_the_last_by_few(
    n_new: int, is_shown: bool
) -> None:
    world = PeerWorld()
    world.some("hospital", EVEN)
    world.release()
    assert world.peers("hospital")[0] == "shown"
    world.some("hospital", [40.0 + n for n in range(n_new)], first=13)
    world.release()
    assert (world.peers("hospital")[0] == "shown") is is_shown


def test_three_changes_in_the_nation_that_are_one_in_a_type_are_withheld() -> None:
    world = PeerWorld()
    world.some("hospital", EVEN)
    world.some("clinic", EVEN, first=21)
    world.release()
    world.some("hospital", [40.0], first=13)
    world.some("clinic", [40.0, 41.0], first=41)
    world.release()
    assert world.peers("hospital") == world.peers("clinic") == WITHHELD


def test_a_type_whose_numbers_of_two_methods_differ_by_one_facility_is_withheld() -> None:
    world = PeerWorld()
    world.method("other")
    world.some("hospital", EVEN)
    world.some("hospital", EVEN, method_id="other")
    world.some("clinic", EVEN, first=21)
    world.some("clinic", EVEN, first=21, method_id="other")
    world.release()
    assert world.peers("hospital") == world.peers("hospital", method_id="other") == SHOWN
    # three facilities more in all, so that both levels may be shown, of which one is a hospital
    world = PeerWorld()
    world.method("other")
    world.some("hospital", EVEN)
    world.some("hospital", [*EVEN, 40.0], method_id="other")
    world.some("clinic", EVEN, first=21)
    world.some("clinic", [*EVEN, 40.0, 41.0], first=21, method_id="other")
    world.release()
    assert world.peers("hospital") == world.peers("hospital", method_id="other") == WITHHELD
