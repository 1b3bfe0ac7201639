"""Histories of one facility: in any order of events, nothing is lost or counted twice.

Hypothesis draws what is sent, sent again, corrected, retracted, confirmed, withdrawn, refused,
retried, cut off and run again. Each history is run twice, the second time in another order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from tests.support.lakes.history_lake import Thing, World, staging_tables_of
from tests.support.sql_models import SqlModels
from transforms.ledger.entries import check_balance

pytestmark = pytest.mark.slow

MODELS = SqlModels("int_reports_with_exclusion", "fct_examination_doses", "fct_ledger_entries")

EVENTS = ((1, 100.0), (1, 200.0), (2, 0.0), (2, 300.0), (3, 400.0))
THINGS = st.builds(
    Thing,
    report=st.integers(0, 4),
    study=st.integers(1, 3),
    examination=st.integers(1, 2),
    events=st.lists(st.sampled_from(EVENTS), max_size=3, unique_by=lambda event: event[0]).map(
        lambda events: tuple(sorted(events))
    ),
    is_new_word=st.sampled_from([False, False, False, True]),
)
KIN = ("padded", "renamed", "corrected", "continued")


def kin(thing: Thing, how: str) -> Thing:
    """Related objects: the same report in other bytes, the same examination under other UIDs,
    another version of the report, another report of the study.
    """
    return {
        "padded": thing._replace(padding=thing.padding + 1),
        "renamed": thing._replace(report=thing.report + 10, study=thing.study + 10),
        "corrected": thing._replace(events=((1, 100.0),)),
        "continued": thing._replace(report=thing.report + 20, events=((4, 500.0),)),
    }[how]


@st.composite
def universes(draw: st.DrawFn) -> list[Thing]:
    """Sets of related objects."""
    things = draw(st.lists(THINGS, min_size=1, max_size=3, unique=True))
    for _ in range(draw(st.integers(1, 4))):
        other = kin(draw(st.sampled_from(things)), draw(st.sampled_from(KIN)))
        things += [other] if other not in things else []
    return things


PICKS = st.lists(st.integers(0, 6), min_size=1, max_size=4)
WITHDRAWN = {"retracted", "superseded"}


class History(RuleBasedStateMachine):
    """Runs events on one facility; at the end once more in another order."""

    def __init__(self) -> None:
        super().__init__()
        self.universe: list[Thing] = []
        self.deeds: list[Callable[[World], None]] = []
        self.order, self.one_by_one = 0, True
        self.world = World("F1", [])

    @initialize(universe=universes())
    def begin(self, universe: list[Thing]) -> None:
        self.universe = universe
        self.world = World("F1", universe)

    def do(self, deed: Callable[[World], None]) -> None:
        self.deeds.append(deed)
        deed(self.world)

    def thing(self, pick: int) -> Thing:
        return self.universe[pick % len(self.universe)]

    @rule(picks=PICKS)
    def submit(self, picks: list[int]) -> None:
        files = [(f"name-{pick % len(self.universe)}", self.thing(pick)) for pick in picks]
        self.do(lambda world: world.submit(sorted(set(files))))

    @rule(picks=PICKS, name=st.integers(0, 3))
    def resend(self, picks: list[int], name: int) -> None:
        files = [(f"again-{name}-{i}", self.thing(pick)) for i, pick in enumerate(picks)]
        self.do(lambda world: world.submit(files))

    @rule(old=st.integers(0, 6), new=st.integers(0, 6), is_mistake=st.booleans())
    def correct(self, old: int, new: int, is_mistake: bool) -> None:
        if self.thing(old) != self.thing(new):
            wrong, right = self.thing(old), self.thing(new)
            self.do(lambda world: world.submit([("corrected", right)]))
            self.do(lambda world: world.state("superseded", wrong, right))
            if is_mistake:
                self.do(lambda world: world.withdraw("superseded", wrong, right))

    @rule(pick=st.integers(0, 6), repetition=st.integers(0, 1))
    def retract(self, pick: int, repetition: int) -> None:
        thing = self.thing(pick)
        self.do(lambda world: world.state("retracted", thing, repetition=repetition))

    @rule(
        pick=st.integers(0, 6),
        statement=st.sampled_from(["retracted", "confirmed_other"]),
        repetition=st.integers(0, 1),
    )
    def mistake(self, pick: int, statement: str, repetition: int) -> None:
        thing = self.thing(pick)
        self.do(lambda world: world.state(statement, thing, repetition=repetition))
        self.do(lambda world: world.withdraw(statement, thing, repetition=repetition))

    @rule(pick=st.integers(0, 6), statement=st.sampled_from(["confirmed_same", "confirmed_other"]))
    def confirm(self, pick: int, statement: str) -> None:
        thing = self.thing(pick)
        self.do(lambda world: world.state(statement, thing))

    @rule(commits=st.integers(0, 3))
    def crash(self, commits: int) -> None:
        self.do(lambda world: world.work(commits))

    @rule(again=st.booleans())
    def rerun(self, again: bool) -> None:
        self.do(lambda world: world.work(commits=10_000))
        if again:
            self.do(lambda world: world.again())

    @rule()
    def learn(self) -> None:
        self.do(lambda world: world.learn())

    @rule()
    def retry(self) -> None:
        self.do(lambda world: world.retry())

    @rule(order=st.integers(0, 1_000_000), one_by_one=st.booleans())
    def reorder(self, order: int, one_by_one: bool) -> None:
        self.order, self.one_by_one = order, one_by_one

    @invariant()
    def every_object_is_accounted_for(self) -> None:
        found = self.world.entries()
        check_balance(found)
        assert sum(entry.received for entry in found) == len(self.world.sent)

    def teardown(self) -> None:
        other = World("F2", self.universe, self.one_by_one)
        deeds = list(self.deeds)
        Random(self.order).shuffle(deeds)  # noqa: S311 - an order, no secret
        for deed in deeds:
            deed(other)
        for world in (self.world, other):
            world.finish()
            check_balance(world.entries())
        MODELS.run(staging_tables_of([self.world, other]))
        check_end(self.world, other)
        for world in (self.world, other):
            world.forget()


def check_end(first: World, second: World) -> None:
    """Both orders end with the same reports, doses and sums, and the ledger balances each day."""
    assert MODELS.test("ledger_days") == []
    assert MODELS.test("ledger_received_objects") == []
    assert MODELS.test("statements_taken_back") == []
    for query in SAME_IN_EVERY_ORDER:
        assert MODELS.rows(query, first.facility_id) == MODELS.rows(query, second.facility_id)
    for world in (first, second):
        check_counted_once(world)


SAME_IN_EVERY_ORDER = (
    "select object_sha256, exclusion_reason from int_reports_with_exclusion "
    "where facility_id = ? order by all",
    "select study_key, study_date, drl_quantity, value, exclusion_reason "
    "from fct_examination_doses where facility_id = ? order by all",
    "select study_date, counted, side, reason_code, amount from fct_ledger_entries "
    "where facility_id = ? and counted <> 'object' order by all",
    "select side, reason_code in ('not_dicom', 'code_unknown') as is_refused, sum(amount) "
    "from fct_ledger_entries where facility_id = ? and counted = 'object' "
    "and coalesce(reason_code, '') not like 'duplicate%' group by all order by all",
)


def check_counted_once(world: World) -> None:
    """Check the reports that may be used, computed without SQL."""
    rows: list[tuple[Any, ...]] = MODELS.rows(
        "select object_sha256, exclusion_reason from int_reports_with_exclusion "
        "where facility_id = ?",
        world.facility_id,
    )
    withdrawn = {row["object_sha256"] for row in world.in_force() if row["statement"] in WITHDRAWN}
    received = {sha for _, sha in world.sent}
    readable = {sha for sha in received if world._reason(world.things[sha]) is None}
    assert {sha for sha, _ in rows} == readable
    assert {sha for sha, reason in rows if reason in WITHDRAWN} == withdrawn & readable
    standing = [world.things[sha] for sha, reason in rows if reason is None]
    assert max(Counter(thing.report for thing in standing).values(), default=1) == 1
    for report in {thing.report for thing in standing}:
        versions = {t for s in readable - withdrawn if (t := world.things[s]).report == report}
        assert len({thing._replace(is_new_word=False, padding=0) for thing in versions}) == 1
    check_no_examination_twice(world, standing)


def check_no_examination_twice(world: World, standing: list[Thing]) -> None:
    """Studies of equal times and doses are one examination, unless stated otherwise."""
    told_apart = {
        world.things[row["object_sha256"]].study
        for row in world.in_force()
        if row["statement"] == "confirmed_other" and row["object_sha256"] in world.things
    }
    done = []
    for study in {thing.study for thing in standing} - told_apart:
        reports = [thing for thing in standing if thing.study == study]
        events = sorted({event for thing in reports for event in thing.events})
        doses = tuple(sorted(dose for _, dose in events))
        if doses:
            done.append((frozenset(thing.examination for thing in reports), doses))
    assert len(set(done)) == len(done)


def live(histories: int, steps: int) -> None:
    run_state_machine_as_test(  # type: ignore[no-untyped-call]
        History,
        settings=settings(
            max_examples=histories,
            stateful_step_count=steps,
            deadline=None,
            derandomize=histories < 1000,
            suppress_health_check=list(HealthCheck),
        ),
    )


def test_a_short_history_loses_nothing_in_any_order() -> None:
    live(histories=40, steps=12)


@pytest.mark.soak
def test_two_thousand_histories_lose_nothing_in_any_order() -> None:
    live(histories=2_000, steps=20)
