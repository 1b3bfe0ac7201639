"""`drlake sql` runs queries and does nothing else, whatever the statement."""

from __future__ import annotations

import csv
import io
import json
import os
from pathlib import Path

import duckdb
import pytest
from typer.testing import CliRunner

from transforms.cli.__main__ import app
from transforms.errors import UsageError
from transforms.query.ask import QueryResult, run_query
from transforms.query.shown import MAXIMUM_ROWS, format_result

HOSTILE = ["=cmd|' /C calc'!A0", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\x1b[31mred", "a\u202eb"]
WITHIN = "nobody may read this"
REFUSED = [
    "insert into levels values ('x', 1)",
    "update levels set dose = 1",
    "delete from levels",
    "drop table levels",
    "create table more as select 1",
    "create temp table more as select 1",
    "with new as (insert into levels values ('x', 1) returning *) from new",
    "copy levels to '{folder}/out.csv'",
    "copy levels to '{folder}/public.duckdb.wal'",
    "copy levels from '{folder}/secret.csv'",
    "export database '{folder}/out'",
    "attach '{folder}/other.duckdb' as other",
    "attach ':memory:' as other",
    "detach public",
    "install httpfs",
    "load httpfs",
    "set threads = 1",
    "set lock_configuration = false",
    "reset threads",
    "pragma threads = 1",
    "pragma database_list",
    "call enable_logging()",
    "from enable_logging(storage = 'file', storage_path = '{folder}/log')",
    "from read_csv('/etc/passwd')",
    "from '{folder}/secret.csv'",
    "from read_text('{folder}/secret.csv')",
    "from read_blob('{folder}/secret.csv')",
    "from glob('{folder}/*')",
    "from sniff_csv('{folder}/secret.csv')",
    "from read_parquet('https://127.0.0.1:9/x.parquet')",
    "from query('select * from read_text(''{folder}/secret.csv'')')",
    "from hidden_file",
    "select getenv('HOME')",
    "explain analyze select 1",
    "prepare x as select 1",
    "checkpoint",
    "begin",
    "use main",
    "vacuum",
    "select 1; select 2",
    "select 1; drop table levels",
    "",
    "-- nothing",
    "select $1",
    "from levels where name = $name",
]


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("asked")
    (folder / "secret.csv").write_text(f"a\n{WITHIN}\n", encoding="utf-8")
    with duckdb.connect(str(folder / "public.duckdb")) as connection:
        connection.execute("create table levels (name varchar, dose double)")
        connection.executemany("insert into levels values (?, 0.1)", [[one] for one in HOSTILE])
        # as a stranger could put it into a file that he passes on
        connection.execute(f"create view hidden_file as from read_text('{folder}/secret.csv')")
    return folder / "public.duckdb"


def answer(database: Path, question: str, form: str = "csv") -> str:
    with run_query(database, question) as found:
        return "".join(format_result(found, form))


@pytest.mark.parametrize("question", REFUSED)
def test_what_does_more_than_answer_is_refused_and_leaves_nothing(
    database: Path, question: str
) -> None:
    before = {path.name: path.read_bytes() for path in database.parent.iterdir()}
    with pytest.raises(UsageError) as refused:
        answer(database, question.format(folder=database.parent))
    assert WITHIN not in str(refused.value)
    assert len(str(refused.value).splitlines()) == 1
    assert {path.name: path.read_bytes() for path in database.parent.iterdir()} == before


@pytest.mark.parametrize(
    "question",
    [
        "select count(*) as n from levels",
        "from levels",
        "with a as (from levels) select * from a",
        "describe levels",
        "show tables",
        "summarize levels",
        "values (1)",
        "select 1;",
        "pivot levels on dose in (0.1) using count(*)",
    ],
)
def test_questions_are_answered(database: Path, question: str) -> None:
    assert len(answer(database, question).splitlines()) > 1


def test_a_variable_of_the_program_is_no_table(database: Path) -> None:
    with pytest.raises(UsageError, match="There is no table answer"):
        answer(database, "from answer")


def test_an_unknown_table_is_answered_with_those_there_are(database: Path) -> None:
    with pytest.raises(UsageError, match=r"There is no table nope. public.duckdb has: .*levels"):
        answer(database, "from nope")


def test_an_unknown_column_is_answered_with_how_to_find_the_columns(database: Path) -> None:
    with pytest.raises(UsageError, match=r'"dose".*drlake sql "describe TABLE"'):
        answer(database, "select doze from levels")


def test_a_question_without_end_is_ended(database: Path) -> None:
    endless = "select sum(a.i * b.i) from range(10_000_000) a(i), range(10_000_000) b(i)"
    with (
        pytest.raises(UsageError, match=r"No result after 0\.3 s"),
        run_query(database, endless, 0.3) as found,
    ):
        list(found.rows)


def test_an_answer_larger_than_the_memory_is_refused(database: Path) -> None:
    with pytest.raises(UsageError, match="more than 1GiB of memory"):
        answer(database, "select list(i) from range(1_000_000_000) r(i)")


def test_what_is_no_database_is_named(tmp_path: Path) -> None:
    (tmp_path / "made_up.duckdb").write_text("this is no database" * 1000)
    result = CliRunner().invoke(app, ["sql", "select 1", "--database", str(tmp_path / "none")])
    assert "There is no none at that place" in str(result.exception)
    result = CliRunner().invoke(
        app, ["sql", "select 1", "--database", str(tmp_path / "made_up.duckdb")]
    )
    assert "made_up.duckdb cannot be opened" in str(result.exception)


# --- the result as text --------------------------------------------------------------------


def test_csv_runs_nothing_and_keeps_numbers(database: Path) -> None:
    rows = list(csv.reader(io.StringIO(answer(database, "from levels"), newline="")))
    assert rows[0] == ["name", "dose"]
    assert [row[0] for row in rows[1:7]] == [f"'{one}" for one in HOSTILE[:6]]
    assert {row[1] for row in rows[1:]} == {"0.1"}


def test_json_gives_every_text_back_and_no_sign_that_a_terminal_obeys(database: Path) -> None:
    text = answer(database, "select name, dose, null as none, [1.5] as list from levels", "json")
    said = json.loads(text)
    assert [one["name"] for one in said] == HOSTILE
    assert said[0] == {"name": HOSTILE[0], "dose": 0.1, "none": None, "list": [1.5]}
    assert not [sign for sign in text if not sign.isprintable() and sign != "\n"]


def test_json_has_numbers_as_numbers_where_they_fit(database: Path) -> None:
    question = "select 0.1::decimal(3, 1) as a, 0.12345678901234567890 as b, 'inf'::double as c"
    said = json.loads(answer(database, question, "json"))
    assert said == [{"a": 0.1, "b": "0.12345678901234567890", "c": "inf"}]


def test_a_table_spells_out_what_a_terminal_would_obey(database: Path) -> None:
    text = answer(database, "from levels", "table")
    assert "[U+001B][31mred" in text
    assert "a[U+202E]b" in text
    assert not [sign for sign in text if not sign.isprintable() and sign != "\n"]


def test_csv_on_a_terminal_is_spelt_out_too(database: Path) -> None:
    with run_query(database, "from levels") as found:
        text = "".join(format_result(found, "csv", on_terminal=True))
    assert not [sign for sign in text if not sign.isprintable() and sign not in "\r\n"]


def test_names_of_columns_are_text_of_others_as_well(database: Path) -> None:
    question = 'select 1 as "=1", 2 as "=1", 3 as "\x1b[2J"'
    assert answer(database, question).splitlines()[0].startswith("'=1,'=1_2,")
    assert "\x1b" not in answer(database, question, "table") + answer(database, question, "json")
    assert json.loads(answer(database, question, "json")) == [{"=1": 1, "=1_2": 2, "\x1b[2J": 3}]


def test_numbers_stand_to_the_right_and_null_is_a_dash(database: Path) -> None:
    text = answer(database, "values ('a', 10, null), ('bb', 9.5, true)", "table")
    assert text.splitlines()[1:] == ["────  ────  ────", "a     10.0  –", "bb     9.5  true"]


def test_a_table_ends_somewhere_and_says_so() -> None:
    text = "".join(
        format_result(QueryResult(["i"], iter([(i,) for i in range(MAXIMUM_ROWS + 5)])), "table")
    )
    assert text.splitlines()[-1] == f"The first {MAXIMUM_ROWS} rows. --format csv or json has all."
    assert len(text.splitlines()) == MAXIMUM_ROWS + 3


def test_the_command_reads_the_question_from_standard_input(database: Path) -> None:
    arguments = ["sql", "-", "--database", str(database), "--format", "json"]
    result = CliRunner().invoke(app, arguments, input="select 1 as one")
    assert json.loads(result.stdout) == [{"one": 1}]


def test_by_default_the_lake_is_asked_and_with_restricted_its_warehouse(tmp_path: Path) -> None:
    for place in ("report/public.duckdb", "warehouse/drl.duckdb"):
        (tmp_path / place).parent.mkdir()
        with duckdb.connect(str(tmp_path / place)) as connection:
            connection.execute("create schema marts")
            connection.execute(f"create table marts.place as select '{place}' as said")
    for options, place in (
        ([], "report/public.duckdb"),
        (["--restricted"], "warehouse/drl.duckdb"),
    ):
        arguments = [
            "sql",
            "from marts.place",
            "--lake",
            str(tmp_path),
            "--format",
            "csv",
            *options,
        ]
        assert CliRunner().invoke(app, arguments).stdout.split() == ["said", place]
    both = CliRunner().invoke(app, ["sql", "select 1", "--restricted", "--database", os.devnull])
    assert "not both" in str(both.exception)
