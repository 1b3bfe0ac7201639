"""Effect of a change of mapping rules on examinations, typical values and national values.

The models that depend on rules are built twice, each time from the project's own SQL, beside the
tables of the last built warehouse; everything else is read from there.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import duckdb

from transforms.errors import DrlakeError
from transforms.lake.duckdb_reader import LakeReader, quoted
from transforms.lake.lake import Lake
from transforms.mapping.rules import Rule, rules_csv
from transforms.reference.methods import FIRST_LINE
from transforms.statistics.compute import add_sources
from transforms.statistics.inputs import lake_inputs
from transforms.statistics.models import FacilityModels, tables_of
from transforms.warehouse.reading import local_warehouse
from transforms.warehouse.sql_project import SqlProject, seed_query, seed_types

SEED = "procedure_rules"
MAPPED, TYPICAL, NATIONAL = "int_examination_procedures", "facility_typical_values", "national_drls"
EXAMINATIONS = "int_examination_reports"

KEYS = (
    *("method_id", "method_version", "period", "scope", "unit_of_analysis"),
    *("facility_id", "device_key", "procedure_id", "patient_group_id", "drl_quantity", "unit"),
)
"""Key columns of statistics; each table has some of them."""

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Effect:
    """Rows that differ between the rules before and after; `ratio` is after / before."""

    n_examinations: int
    n_changed: int
    examinations: list[Row]
    facility_values: list[Row]
    national_values: list[Row]

    def document(self) -> Row:
        """The effect as one JSON document."""
        return asdict(self)


def effect_of(
    lake: Lake, before: Sequence[Rule], after: Sequence[Rule], method_id: str = FIRST_LINE
) -> Effect:
    """Effect of a change from one set of rules to another, on the last built warehouse."""
    with _connect_beside_warehouse(lake) as connection:
        for name, rules in (("before", before), ("after", after)):
            _build(connection, rules)
            for model in (MAPPED, TYPICAL, NATIONAL):
                _run(connection, f"create table {name}_{model} as from main.{model}")
        changed = _rows(connection, CHANGED)
        return Effect(
            n_examinations=_rows(connection, COUNTED)[0]["n"],
            n_changed=sum(row["n_examinations"] for row in changed),
            examinations=changed,
            facility_values=_changed_statistics(connection, TYPICAL, "typical_value", method_id),
            national_values=_changed_statistics(connection, NATIONAL, "p75", method_id),
        )


COUNTED = f"select count(*) as n from {EXAMINATIONS}"  # noqa: S608 - name of a model
CHANGED = f"""
with decided as (
    select
        facility_id, modality, study_key,
        b.procedure_id as from_procedure, a.procedure_id as to_procedure,
        b.rule_id as from_rule, b.rule_version as from_version,
        a.rule_id as to_rule, a.rule_version as to_version
    from before_{MAPPED} as b
    full join after_{MAPPED} as a using (facility_id, modality, study_key)
)
select * exclude (study_key), count(*) as n_examinations
from decided
where from_procedure is distinct from to_procedure
group by all
order by all
"""  # noqa: S608 - names of models
"""Examinations that change procedure; NULL means no procedure, as where no rule decides."""


def _changed_statistics(connection: Any, model: str, value: str, method_id: str) -> list[Row]:
    """Statistics of one method that differ, each with its value before and after."""
    columns = [row["column_name"] for row in _rows(connection, f"describe main.{model}")]
    keys = [key for key in KEYS if key in columns]
    same = " and ".join(f"b.{key} is not distinct from a.{key}" for key in keys)
    named = ", ".join(f"coalesce(b.{key}, a.{key}) as {key}" for key in keys)
    counts = [name for name in ("n_examinations", "n_facilities", "status") if name in columns]
    sides = ", ".join(
        f"{side}.{name} as {name}_{word}"
        for name in counts
        for side, word in (("b", "before"), ("a", "after"))
    )
    differs = " or ".join(f"b.{name} is distinct from a.{name}" for name in (value, *counts))
    query = f"""
        select {named}, {sides}, b.{value} as before, a.{value} as after,
            a.{value} / nullif(b.{value}, 0) as ratio
        from (from before_{model} where method_id = $method) as b
        full join (from after_{model} where method_id = $method) as a on {same}
        where {differs}
        order by {", ".join(keys)}
    """  # noqa: S608 - names of our own columns
    return _rows(connection, query, {"method": method_id})


@contextmanager
def _connect_beside_warehouse(lake: Lake) -> Iterator[Any]:
    """An in-memory database; tables that do not depend on rules are views of the warehouse."""
    path = local_warehouse(lake)
    if path is None:
        raise DrlakeError("No warehouse has been built. Run `drlake build` first.")
    reader = LakeReader(lake)
    with reader.connect(threads=2) as connection:
        connection.execute(f"attach {quoted(str(path))} as built (read_only)")
        places = _places(connection)
        project = SqlProject()
        anew = project.affected_models(SEED, (TYPICAL, NATIONAL))
        needed = {ref for model in anew for ref in project.refs[model]} - {*anew, SEED}
        _add_models(connection, reader, lake, needed | {EXAMINATIONS}, places)
        yield connection


def _add_models(
    connection: Any, reader: LakeReader, lake: Lake, needed: set[str], places: Mapping[str, str]
) -> None:
    """Views of what the warehouse has; other models are computed from the facilities' rows."""
    models = FacilityModels({})
    missing = models.project.build_order(needed - set(places), places)
    read = {ref for name in missing for ref in models.project.refs[name]}
    for name in sorted((needed | read) - set(missing)):
        if name not in places:
            raise _other_version()
        connection.execute(f"create view main.{name} as from built.{places[name]}.{name}")
    tables = tables_of(models.project, missing)
    inputs = lake_inputs(lake, tables)
    add_sources(connection, reader, inputs, tables, sorted(inputs.facilities))
    for name in missing:
        _run(connection, models.statement(name))


def _places(connection: Any) -> Mapping[str, str]:
    """Schema of every table and view of the warehouse."""
    found = connection.execute(
        "select table_name, table_schema from information_schema.tables "
        "where table_catalog = 'built'"
    )
    return dict(found.fetchall())


def _build(connection: Any, rules: Sequence[Rule]) -> None:
    """Build every model that depends on rules, from these rules."""
    project = SqlProject()
    with TemporaryDirectory() as folder:
        path = Path(folder) / "rules.csv"
        path.write_text(rules_csv(rules), encoding="utf-8")
        connection.execute(seed_query(SEED, path, seed_types()[SEED]))
    for model in project.affected_models(SEED, (TYPICAL, NATIONAL)):
        _run(connection, f"create or replace table main.{model} as {project.render_model(model)}")


def _run(connection: Any, query: str, parameters: Mapping[str, Any] | None = None) -> Any:
    """Run a query; DrlakeError where another version of drlake built the warehouse."""
    try:
        return connection.execute(query, parameters or {})
    except (duckdb.CatalogException, duckdb.BinderException):
        raise _other_version() from None


def _other_version() -> DrlakeError:
    return DrlakeError("The warehouse was built by another version of drlake. Run `drlake build`.")


def _rows(connection: Any, query: str, parameters: Mapping[str, Any] | None = None) -> list[Row]:
    cursor = _run(connection, query, parameters)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]
