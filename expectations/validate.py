"""Validates decoded submissions: writes findings, a verdict and the accepted tables.

Everything written depends only on the decoded tables, the outcomes and the day given as `as_of`, so
running again writes the same bytes. A run of all rules through Great Expectations takes a second
even on one row, so small submissions are checked together (see `Validator.check_many`).
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field

from expectations.accept import write_verdict
from expectations.data_docs import write_data_docs
from expectations.findings import finding_rows
from expectations.later_days import findings_of_later, later_objects, submissions_to_repeat
from expectations.tables import read_tables
from expectations.validator import CheckResult, Validator
from expectations.verdict import SubmissionVerdict, judge
from expectations.views import SubmissionTables
from expectations.views.submissions import decoded_objects
from transforms.lake.compaction import reopened
from transforms.lake.lake import Lake
from transforms.lake.stored_tables import facility_of
from transforms.settings import today

MOST_TOGETHER = 64
"""Submissions that are checked together at most; each keeps its lock meanwhile."""

ROWS_TOGETHER = 50_000
"""Rows that are checked together, unless one submission has more."""


def new_validator() -> Validator:
    """All suites; this imports Great Expectations."""
    return Validator()


@dataclass(frozen=True, slots=True)
class Validation:
    """How submissions are validated.

    Reports with a study date after `day` are held. `data_docs` also writes Great Expectations' HTML
    to `<lake>/data_docs/<submission_id>/`. `progress` is called with each verdict as soon as it is
    written. `make_validator` is called when there is something to validate.
    """

    day: dt.date
    data_docs: bool = False
    progress: Callable[[SubmissionVerdict], None] | None = None
    make_validator: Callable[[], Validator] = new_validator


@dataclass(slots=True)
class Validated:
    """Verdicts in the order in which they were written, and the first error of each facility."""

    verdicts: list[SubmissionVerdict] = field(default_factory=list)
    failed: dict[str, Exception] = field(default_factory=dict)

    @contextmanager
    def failure_of(self, facility_id: str) -> Iterator[None]:
        """Record an exception instead of raising it."""
        try:
            yield
        except Exception as error:
            self.failed.setdefault(facility_id, error)


def validate_submission(
    lake: Lake,
    submission_id: str,
    data_docs: bool = False,
    validator: Validator | None = None,
    as_of: dt.date | None = None,
) -> SubmissionVerdict:
    """Check one submission and write its findings, outcomes and accepted tables.

    Reuse one `validator` for many submissions. For the other arguments see `Validation`.
    DrlakeError if the submission has not been decoded.
    """
    chosen = Validation(as_of or today(), data_docs)
    with lake.lock(submission_id):
        tables = read_tables(lake, submission_id)
        check = (validator or Validator()).check(tables)
        return _conclude(lake, submission_id, tables, check, chosen)


def validate_new(
    lake: Lake,
    facility_id: str | None = None,
    again: bool = False,
    data_docs: bool = False,
    progress: Callable[[SubmissionVerdict], None] | None = None,
    as_of: dt.date | None = None,
) -> list[SubmissionVerdict]:
    """Validate what waits in the lake, or all of it `again`; raises the first error at the end.

    For the arguments see `Validation`.
    """
    facility_ids = [facility_id] if facility_id else lake.facilities("outcomes", "decode")
    chosen = Validation(as_of or today(), data_docs, progress)
    done = validate_facilities(lake, facility_ids, chosen, again=again)
    for error in done.failed.values():
        raise error
    return done.verdicts


def validate_facilities(
    lake: Lake, facility_ids: Sequence[str], chosen: Validation, *, again: bool = False
) -> Validated:
    """Validate every decoded submission without a verdict, or all of them `again`.

    Submissions with reports that an earlier validation has held for their study date are validated
    again once that day has come. A submission that another run has validated meanwhile is skipped.
    A facility that fails does not stop the others.
    """
    lake.remove_abandoned()
    done = Validated()
    if again:
        for one in facility_ids:
            with done.failure_of(one), reopened(lake, [one]):
                names = dict.fromkeys(lake.submissions("decode", one), True)
                _validate_all(lake, names, chosen, done)
        return done
    names = {}
    for one in facility_ids:
        with done.failure_of(one):
            names |= dict.fromkeys(lake.waiting_submissions("validate", one), False)
            names |= dict.fromkeys(submissions_to_repeat(lake, one, chosen.day), True)
    _validate_all(lake, names, chosen, done)
    return done


def _validate_all(
    lake: Lake, names: Mapping[str, bool], chosen: Validation, done: Validated
) -> None:
    """Validate submissions, several together; `names` tells which were validated before."""
    waiting = iter(sorted(names.items()))
    validator = chosen.make_validator() if names else None
    while validator is not None:
        with ExitStack() as locks:
            tables = _read_together(lake, waiting, locks, done)
            if not tables:
                return
            for submission_id, check in _checked(validator, tables, done):
                with done.failure_of(facility_of(submission_id)):
                    own = tables[submission_id]
                    done.verdicts.append(_conclude(lake, submission_id, own, check, chosen))


def _read_together(
    lake: Lake, waiting: Iterator[tuple[str, bool]], locks: ExitStack, done: Validated
) -> dict[str, SubmissionTables]:
    """Lock and read the next submissions, up to a number of rows; empty at the end."""
    found: dict[str, SubmissionTables] = {}
    n_rows = 0
    for submission_id, is_repeated in waiting:
        with done.failure_of(facility_of(submission_id)):
            locks.enter_context(lake.lock(submission_id))
            if is_repeated or not lake.has_outcomes("validate", submission_id):
                found[submission_id] = read_tables(lake, submission_id)
                n_rows += found[submission_id].n_rows
        if n_rows >= ROWS_TOGETHER or len(found) == MOST_TOGETHER:
            break
    return found


def _checked(
    validator: Validator, tables: Mapping[str, SubmissionTables], done: Validated
) -> Iterable[tuple[str, CheckResult]]:
    """The result of each submission; where they fail together, each is checked alone."""
    try:
        yield from zip(tables, validator.check_many([*tables.values()]), strict=True)
    except Exception:
        for submission_id, own in tables.items():
            with done.failure_of(facility_of(submission_id)):
                yield submission_id, validator.check(own)


def _conclude(
    lake: Lake,
    submission_id: str,
    tables: SubmissionTables,
    check: CheckResult,
    chosen: Validation,
) -> SubmissionVerdict:
    """Judge a submission and write what follows."""
    facility_id = facility_of(submission_id)
    later = later_objects(tables.reports, chosen.day)
    found = [*check.findings, *findings_of_later(later)]
    findings = finding_rows(found, facility_id, submission_id)
    n_decoded = len(decoded_objects(tables.decoded))
    verdict = judge(submission_id, facility_id, findings, n_decoded, len(later))
    write_verdict(lake, verdict, findings, tables, later)
    if chosen.data_docs:
        write_data_docs(lake, submission_id, check.rules, check.frames)
    if chosen.progress is not None:
        chosen.progress(verdict)
    return verdict
