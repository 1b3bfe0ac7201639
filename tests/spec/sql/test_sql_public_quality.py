"""Public losses, coverage and quality: numbers computed by hand, and an attack on each partition.

No withheld number may follow from a shown total minus the shown parts.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

import pyarrow as pa
import pytest

from tests.support.sql_models import SqlModels
from transforms.tables.dose_report import MODALITIES

Row = dict[str, Any]
GIVEN = ("attrition", "mapping_coverage", "int_examinations_classified", "facility_attendance")
PUBLIC = (
    *("public_attrition", "public_facility_coverage", "public_data_quality"),
    "public_mapping_coverage",
)
SCHEMAS = {
    "attrition": pa.schema(
        [
            ("facility_id", pa.string()),
            ("counted", pa.string()),
            ("step_number", pa.int32()),
            ("step", pa.string()),
            ("reason_code", pa.string()),
            ("n", pa.int64()),
        ]
    ),
    "mapping_coverage": pa.schema(
        [
            *(("facility_id", pa.string()), ("modality", pa.string())),
            *((name, pa.int64()) for name in ("n_examinations", "n_mapped", "n_undecided")),
            *((name, pa.int64()) for name in ("n_without_procedure", "n_mapped_by_code")),
            *((name, pa.int64()) for name in ("n_mapped_by_exact_text", "n_mapped_by_pattern")),
            ("n_mapped_by_reading", pa.int64()),
        ]
    ),
    "int_examinations_classified": pa.schema(
        [(name, pa.string()) for name in ("facility_id", "modality", "exclusion_reason")]
    ),
    "facility_attendance": pa.schema(
        [("facility_id", pa.string()), ("is_registered", pa.bool_()), ("attendance", pa.string())]
    ),
}
FACILITIES = [f"F{number:02}" for number in range(30)]
SEEDS = range(8, 22)
OBJECT_STEPS = {"duplicate": 2, "quarantined": 3}


@cache
def models() -> SqlModels:
    return SqlModels(*PUBLIC, given=GIVEN)


def built_models(facility_types: Sequence[str] = ("hospital",), **tables: list[Row]) -> SqlModels:
    """The models on these rows; facilities alternate between the types and two regions."""
    done = models()
    for name, schema in SCHEMAS.items():
        done.lay(name, pa.Table.from_pylist(tables.get(name, []), schema=schema))
    registry = [
        {"facility_id": name, "facility_type": facility_types[n % len(facility_types)]}
        | {"region": "North" if n % 2 else "South"}
        for n, name in enumerate(FACILITIES)
    ]
    columns = [(name, pa.string()) for name in ("facility_id", "facility_type", "region")]
    done.lay("stg_lake__facilities", pa.Table.from_pylist(registry, schema=pa.schema(columns)))
    done.build()
    return done


def objects(losses: dict[str, dict[str, int]], accepted: int = 1000) -> list[Row]:
    """Attrition of objects: reason (`step.reason`) -> facility -> objects lost.

    Every facility has as many accepted objects, whose reports lose nothing.
    """
    rows = []
    for facility in FACILITIES:
        own = {reason: parts.get(facility, 0) for reason, parts in losses.items()}
        steps: list[tuple[str, int, str, str | None, int]] = [
            ("object", 1, "received", None, accepted + sum(own.values())),
            *(
                ("object", OBJECT_STEPS[reason.split(".")[0]], *reason.split("."), n)
                for reason, n in own.items()
                if n
            ),
            ("object", 4, "accepted", None, accepted),
            ("report", 1, "accepted", None, accepted),
            ("report", 3, "standing", None, accepted),
        ]
        names = ("counted", "step_number", "step", "reason_code", "n")
        rows += [{"facility_id": facility, **dict(zip(names, s, strict=True))} for s in steps]
    return rows


def each(n_facilities: int, n: int = 10, start: int = 0) -> dict[str, int]:
    """This many facilities with this many objects each."""
    return dict.fromkeys(FACILITIES[start : start + n_facilities], n)


def attrition(done: SqlModels, counted: str = "object") -> dict[tuple[str, str], Any]:
    rows = done.rows(
        "select step, reason_code, n, disclosure from public_attrition where counted = ?", counted
    )
    return {(step, reason): n for step, reason, n, _ in rows}


def test_losses_of_many_facilities_are_shown_by_reason() -> None:
    losses = {"duplicate.again": each(10, 3), "quarantined.broken": each(12, 7)}
    done = built_models(attrition=objects(losses))
    assert attrition(done) == {
        ("received", "none"): 30_115,  # 30 000 + 30 + 84, to the nearest five
        ("duplicate", "again"): 30,
        ("quarantined", "broken"): 85,
        ("accepted", "none"): 30_000,
    }


def test_what_few_facilities_lose_is_merged_with_others() -> None:
    """Two reasons of six facilities each: together they are from twelve."""
    losses = {
        "quarantined.rare": each(6, 2),
        "quarantined.odd": each(6, 4, start=6),
        "quarantined.broken": each(20, 10),
    }
    found = attrition(built_models(attrition=objects(losses)))
    assert found[("quarantined", "other_reasons")] == 35  # 12 + 24
    assert found[("quarantined", "broken")] == 200
    assert ("quarantined", "rare") not in found


def test_one_rare_reason_takes_the_next_with_it() -> None:
    """Alone it would follow from the total."""
    losses = {
        "quarantined.rare": each(3, 2),
        "quarantined.some": each(11, 4),
        "quarantined.broken": each(20, 10),
    }
    found = attrition(built_models(attrition=objects(losses)))
    assert found[("quarantined", "other_reasons")] == 50  # 6 + 44
    assert found[("quarantined", "broken")] == 200
    assert ("quarantined", "some") not in found


def test_a_merge_that_one_facility_dominates_takes_more_reasons() -> None:
    losses = {
        "quarantined.rare": {"F00": 500},
        "quarantined.some": each(11, 4),
        "quarantined.broken": each(20, 100),
    }
    found = attrition(built_models(attrition=objects(losses)))
    assert found == {
        ("received", "none"): 32_545,
        ("quarantined", "other_reasons"): 2_545,
        ("accepted", "none"): 30_000,
    }


@pytest.mark.parametrize("parts", [each(3, 2), {**each(20, 1), "F00": 500}])
def test_where_all_losses_are_of_few_the_equation_has_two_unknowns(parts: dict[str, int]) -> None:
    """Received minus accepted is the loss: one of them is withheld with it.

    Accepted objects are the reports of the next block, so that is the received number.
    """
    done = built_models(attrition=objects({"quarantined.rare": parts}))
    assert attrition(done) == {
        ("received", "none"): None,
        ("quarantined", "other_reasons"): None,
        ("accepted", "none"): 30_000,
    }
    assert attrition(done, "report") == {
        ("accepted", "none"): 30_000,
        ("standing", "none"): 30_000,
    }


def test_reasons_of_another_block_withhold_its_last_step() -> None:
    rows = objects({})
    for row in rows:
        if row["step"] == "standing" and row["facility_id"] == "F00":
            row["n"] = 950
    rows.append(
        {"facility_id": "F00", "counted": "report", "step_number": 2, "step": "excluded"}
        | {"reason_code": "retracted", "n": 50}
    )
    assert attrition(built_models(attrition=rows), "report") == {
        ("accepted", "none"): 30_000,
        ("excluded", "other_reasons"): None,
        ("standing", "none"): None,
    }


def test_a_total_that_one_facility_dominates_is_withheld_with_its_equation() -> None:
    rows = objects({"quarantined.broken": each(20, 10)})
    for row in rows:
        if row["facility_id"] == "F00" and row["reason_code"] is None:
            row["n"] += 100_000
    assert set(attrition(built_models(attrition=rows)).values()) == {None}


def attendance(*words: str) -> list[Row]:
    """Attendance of the facilities in turn."""
    return [
        {"facility_id": name, "is_registered": True, "attendance": words[n % len(words)]}
        for n, name in enumerate(FACILITIES)
    ]


def coverage(done: SqlModels) -> dict[tuple[str, str], tuple[Any, ...]]:
    rows = done.rows(
        "select dimension, stratum, n_registered, n_present, n_late, n_missing "
        "from public_facility_coverage"
    )
    return {(dimension, stratum): tuple(rest) for dimension, stratum, *rest in rows}


def test_coverage_counts_who_is_present_late_and_missing() -> None:
    words = ("present", "present", "late", "missing", "incomplete", "visit_failed")
    found = coverage(built_models(facility_attendance=attendance(*words)))
    assert found[("all", "all")] == (30, 15, 5, 10)
    assert found[("region", "North")] == (15, 5, 0, 10)
    assert found[("region", "South")] == (15, 10, 5, 0)


def test_who_has_left_is_not_registered() -> None:
    found = coverage(built_models(facility_attendance=attendance("present", "left")))
    assert found == {
        ("all", "all"): (15, 15, 0, 0),
        ("facility_type", "hospital"): (15, 15, 0, 0),
        ("region", "South"): (15, 15, 0, 0),
    }


def test_coverage_of_a_partition_with_a_small_part_is_withheld_whole() -> None:
    """Six practices among thirty facilities: the total minus the hospitals would count them."""
    types = ("hospital", "hospital", "hospital", "hospital", "practice")
    found = coverage(built_models(types, facility_attendance=attendance("present")))
    assert found[("all", "all")] == (30, 30, 0, 0)
    assert found[("facility_type", "practice")] == (None,) * 4
    assert found[("facility_type", "hospital")] == (None,) * 4
    assert found[("region", "North")] == (15, 15, 0, 0)


def examinations(parts: dict[str, dict[str, tuple[int, int]]]) -> Iterator[Row]:
    """Modality -> facility -> examinations used and excluded."""
    for modality, facilities in parts.items():
        for facility, (used, excluded) in facilities.items():
            row = {"facility_id": facility, "modality": modality}
            yield from [{**row, "exclusion_reason": None}] * used
            yield from [{**row, "exclusion_reason": "no_dose"}] * excluded


def mapping_rows(modality: str, facilities: Sequence[str], **columns: int) -> list[Row]:
    row = dict.fromkeys((name for name in SCHEMAS["mapping_coverage"].names[2:]), 0)
    return [{"facility_id": name, "modality": modality, **row, **columns} for name in facilities]


def quality(done: SqlModels, columns: str) -> dict[tuple[str, str], tuple[Any, ...]]:
    query = f"select dimension, stratum, {columns} from public_data_quality"  # noqa: S608
    return {(dimension, stratum): tuple(rest) for dimension, stratum, *rest in done.rows(query)}


def test_quality_by_modality_is_what_the_facilities_add_up_to() -> None:
    parts = {"CT": dict.fromkeys(FACILITIES, (9, 1)), "MG": dict.fromkeys(FACILITIES[:12], (3, 2))}
    done = built_models(
        int_examinations_classified=list(examinations(parts)),
        mapping_coverage=[
            *mapping_rows("CT", FACILITIES, n_examinations=10, n_mapped=9, n_undecided=1),
            *mapping_rows(
                "MG", FACILITIES[:12], n_examinations=5, n_mapped=5, n_mapped_by_pattern=5
            ),
        ],
    )
    columns = "n_examinations, n_used, n_excluded, n_mapped, used_share, mapped_share"
    found = quality(done, columns)
    assert found[("modality", "CT")] == (300, 270, 30, 270, 0.9, 0.9)
    assert found[("modality", "MG")] == (60, 35, 25, 60, 0.58, 1.0)  # 36 and 24, in fives
    assert found[("modality", "NM")] == (0, 0, 0, 0, None, None)
    assert found[("facility_type", "hospital")][:4] == (360, 305, 55, 330)


def test_a_modality_of_few_facilities_withholds_the_examinations_of_all() -> None:
    """The attack: the examinations found (attrition) minus those of the other modalities."""
    parts = {"CT": dict.fromkeys(FACILITIES, (9, 1)), "MG": dict.fromkeys(FACILITIES[:4], (3, 2))}
    done = built_models(int_examinations_classified=list(examinations(parts)))
    found = quality(done, "n_examinations, n_used, n_excluded")
    by_modality = [numbers for (dimension, _), numbers in found.items() if dimension == "modality"]
    assert by_modality == [(None, None, None)] * len(MODALITIES)


def test_excluded_examinations_of_few_withhold_the_equation() -> None:
    parts = {"CT": dict.fromkeys(FACILITIES, (10, 0)) | {"F00": (5, 5)}}
    done = built_models(int_examinations_classified=list(examinations(parts)))
    found = quality(done, "n_examinations, n_used, n_excluded, disclosure")
    assert found[("modality", "CT")] == (None, None, None, "suppressed")


def test_objects_by_type_are_shown_where_the_nation_may_know_them() -> None:
    shown = built_models(
        ("hospital", "practice"), attrition=objects({"quarantined.broken": each(30, 4)})
    )
    found = quality(shown, "n_received, n_accepted, n_quarantined, n_duplicate, quarantined_share")
    assert found[("facility_type", "hospital")] == (15_060, 15_000, 60, 0, 0.0)
    few = built_models(
        ("hospital", "practice"), attrition=objects({"quarantined.broken": each(12, 4)})
    )
    found = quality(few, "n_received, n_accepted, n_quarantined, n_duplicate")
    assert found[("facility_type", "hospital")] == (None,) * 4
    assert found[("facility_type", "practice")] == (None,) * 4
    # of twelve in all, so that the nation's number is shown
    assert attrition(few)[("quarantined", "broken")] == 50


def test_a_total_of_quality_never_undoes_what_attrition_merges() -> None:
    """All duplicates by type, minus those of the shown reason, would be the rare one."""
    losses = {
        "duplicate.rare": {"F00": 20},
        "duplicate.again": each(30, 40),
        "quarantined.broken": each(30, 40),
        "quarantined.few": each(4, 1),
    }
    done = built_models(("hospital", "practice"), attrition=objects(losses))
    found = quality(done, "n_duplicate, n_quarantined")
    assert found[("facility_type", "hospital")] == (620, 600)  # 620, 602
    shown = attrition(done)
    # within each step, so that its total is the same here and there
    assert shown[("duplicate", "other_reasons")] == 1220
    assert shown[("quarantined", "other_reasons")] == 1205
    assert ("duplicate", "again") not in shown


def test_mapping_coverage_shows_kinds_of_rules_where_many_facilities_use_them() -> None:
    many = mapping_rows(
        "CT", FACILITIES, n_examinations=10, n_mapped=9, n_mapped_by_pattern=9, n_undecided=1
    )
    columns = "n_examinations, n_mapped, n_mapped_by_pattern, n_mapped_by_code, n_undecided"
    query = f"select {columns}, mapped_share from public_mapping_coverage where modality = 'CT'"  # noqa: S608
    assert built_models(mapping_coverage=many).rows(query) == [(300, 270, 270, 0, 30, 0.9)]
    by_code = [
        row | {"n_mapped_by_pattern": 0, "n_mapped_by_code": 9} if n < 3 else row
        for n, row in enumerate(many)
    ]
    assert built_models(mapping_coverage=by_code).rows(query) == [(300, 270, None, None, 30, 0.9)]


def is_safe(parts: Sequence[int]) -> bool:
    """Whether a sum may be published: none, or ten facilities of which none has most of it."""
    largest = sorted(parts, reverse=True)
    total = sum(largest)
    few = sum(1 for part in parts if part) < 10
    return not total or not (few or largest[0] > 0.5 * total or sum(largest[:2]) > 0.85 * total)


def random_losses(dice: random.Random) -> dict[str, dict[str, int]]:
    """Up to six reasons, each of few or many facilities, some with a dominant facility."""
    reasons = ["duplicate.a", "duplicate.b", "quarantined.c", "quarantined.d", "quarantined.e"]
    losses = {}
    for reason in dice.sample(reasons, dice.randint(1, 5)):
        senders = dice.sample(FACILITIES, dice.choice([1, 3, 8, 11, 20, 30]))
        losses[reason] = {name: dice.randint(1, 60) for name in senders}
        if dice.random() < 0.3:
            losses[reason][senders[0]] = 5000
    return losses


@cache
def random_attrition(seed: int) -> tuple[dict[str, dict[str, int]], Any, list[Any]]:
    """Random losses, their public rows, and the numbers by type of facility."""
    losses = random_losses(random.Random(seed))  # noqa: S311 - not for secrets
    done = built_models(("hospital", "practice"), attrition=objects(losses))
    by_type = quality(done, "n_received, n_duplicate, n_quarantined")
    types = [by_type["facility_type", name] for name in ("hospital", "practice")]
    return losses, attrition(done), types


@pytest.mark.parametrize("seed", SEEDS)
def test_whatever_follows_from_all_that_is_shown_may_be_known(seed: int) -> None:
    """The attacker subtracts every shown row from every shown total, of both tables at once."""
    losses, shown, types = random_attrition(seed)
    told = {f"{step}.{reason}" for (step, reason), n in shown.items() if n is not None}
    hidden = [reason for reason in losses if reason not in told]

    def known(reasons: Sequence[str]) -> bool:
        return is_safe([sum(losses[r].get(name, 0) for r in reasons) for name in FACILITIES])

    assert all(known([reason]) for reason in losses if reason in told)
    if shown["received", "none"] is not None and shown["accepted", "none"] is not None:
        assert known(hidden)
    for (step, reason), n in shown.items():
        if reason == "other_reasons" and n is not None:
            assert known([r for r in hidden if step in ("lost", r.split(".")[0])])
    if None not in types[0]:
        assert shown["received", "none"] is not None
        for step in ("duplicate", "quarantined"):
            assert known([reason for reason in hidden if reason.startswith(step)])
    else:
        assert types == [(None,) * 3] * 2


def test_the_attack_meets_nations_with_much_and_with_little_to_show() -> None:
    kinds = set()
    for seed in SEEDS:
        _, shown, types = random_attrition(seed)
        kinds.add((shown["received", "none"] is None, ("lost", "other_reasons") in shown))
        kinds.add("by type" if types[0][0] else "")
    assert kinds >= {(True, False), (False, False), (False, True), "by type", ""}
