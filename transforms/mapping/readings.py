"""Reads names of examinations with the project's own SQL, each as an examination of its own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb

from transforms.reference.files import REFERENCE
from transforms.warehouse.sql_project import SqlProject, seed_query, seed_types

SEEDS = ("name_concepts", "concept_procedures", "procedures", "procedure_rules")
MODELS = ("int_name_readings", "int_examination_texts", "int_examination_procedures")
STATED = ("study_description", "requested_procedure")
NAME_FIELDS = (*STATED, "acquisition_protocol")


@dataclass(frozen=True, slots=True)
class Named:
    """The texts of one examination; several protocols are the names of several acquisitions."""

    modality: str
    study_description: str | None = None
    requested_procedure: str | None = None
    protocols: tuple[str, ...] = ()
    procedure_code: str | None = None

    @classmethod
    def by_field(cls, modality: str, field: str, name: str) -> Named:
        """An examination with one name, in this field of the report."""
        if field == "study_description":
            return cls(modality, study_description=name)
        if field == "requested_procedure":
            return cls(modality, requested_procedure=name)
        return cls(modality, protocols=(name,))


@dataclass(frozen=True, slots=True)
class Reading:
    """What a name was read as; `is_decided` without a procedure means that there is none."""

    procedure_id: str | None
    is_decided: bool
    rule_id: str | None
    concepts: str
    unread_words: str
    is_contradicted: bool

    def document(self) -> dict[str, Any]:
        """The reading as JSON."""
        return {
            "concepts": self.concepts.split(),
            "unread": self.unread_words.split(),
            "decided_by": self.rule_id,
            "contradicted": self.is_contradicted,
        }


NOTHING = Reading(None, False, None, "", "", False)
"""Reading of an examination whose texts are empty or fillers."""


def read_names(
    examinations: Sequence[Named], rules: Path | None = None, reference: Path = REFERENCE
) -> list[Reading]:
    """The reading of each examination, in their order; without `rules` by the names only."""
    project = SqlProject()
    with duckdb.connect(config={"threads": 1}) as connection:
        _lay_reference(connection, rules, reference)
        _lay_reports(connection, project, examinations)
        for model in MODELS:
            connection.execute(f"create table {model} as {project.render_model(model)}")
        found = connection.execute(READ).fetchall()
    by_key = {int(key): Reading(*row) for key, *row in found}
    return [by_key.get(number, NOTHING) for number in range(len(examinations))]


READ = """
select
    study_key,
    procedure_id,
    rule_id is not null,
    rule_id,
    coalesce(concepts, ''),
    coalesce(unread_words, ''),
    coalesce(is_contradicted, false)
from int_examination_procedures
"""


def _lay_reference(connection: Any, rules: Path | None, reference: Path) -> None:
    """Load the reference data; of the rules only the columns where no file is given."""
    types = seed_types()
    for seed in SEEDS:
        path = reference / f"{seed}.csv"
        if seed == "procedure_rules" and rules is not None:
            path = rules
        connection.execute(seed_query(seed, path, types[seed]))
    if rules is None:
        connection.execute("delete from procedure_rules")


REPORTS = """
create table int_examination_reports (
    facility_id varchar, study_key varchar, modality varchar, study_date date,
    study_description varchar, requested_procedure varchar, procedure_code varchar,
    manufacturer varchar, model_name varchar
)
"""
EVENTS = """
create table named_events (study_key varchar, modality varchar, acquisition_protocol varchar)
"""
EVENT_MODELS: Mapping[str, str] = {
    "int_counted_reports_ct_irradiation_events": "where modality = 'CT'",
    "int_events_classified": "where modality = 'CT'",
    "int_xray_event_copies": "where modality <> 'CT'",
}


def _lay_reports(connection: Any, project: SqlProject, examinations: Sequence[Named]) -> None:
    """Each examination as the models have it: its report, and an event per protocol."""
    import pyarrow as pa

    connection.execute(REPORTS)
    connection.execute(EVENTS)
    columns = ("modality", *STATED, "procedure_code")
    reports = {name: [getattr(one, name) for one in examinations] for name in columns}
    reports["study_key"] = [str(number) for number in range(len(examinations))]
    given = pa.table({name: pa.array(values, pa.string()) for name, values in reports.items()})
    connection.register("given", given)
    connection.execute(
        "insert into int_examination_reports by name select 'F' as facility_id, * from given"
    )
    events = [
        (str(number), one.modality, protocol)
        for number, one in enumerate(examinations)
        for protocol in one.protocols
    ]
    names = ("study_key", "modality", "acquisition_protocol")
    cells = [pa.array([row[at] for row in events], pa.string()) for at in range(len(names))]
    connection.register("given_events", pa.table(cells, names=names))
    connection.execute("insert into named_events by name from given_events")
    text = project.render_text("{{ normalised_text('acquisition_protocol') }}")
    for model, condition in EVENT_MODELS.items():
        connection.execute(
            f"create view {model} as select 'F' as facility_id, *, "  # noqa: S608 - our names
            f"coalesce({text}, '') as protocol_text, 'diagnostic' as event_kind, "
            f"1 as copy_number from named_events {condition}"
        )
