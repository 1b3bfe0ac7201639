"""dbt's page about the models: what of the manifest is left out, and that its bytes are stable."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import duckdb
import pytest

from transforms.errors import DrlakeError
from transforms.release import docs
from transforms.release.docs import docs_page

PLACE = "/home/somebody/lake"
END = "</script><script>alert(1)</script>"


def node(kind: str, name: str, **said: Any) -> dict[str, Any]:
    """A node as dbt writes it, with everything that identifies the machine and the run."""
    return {
        **{"unique_id": f"{kind}.drlake.{name}", "resource_type": kind, "name": name},
        **{"package_name": "drlake", "alias": name, "database": "drl", "schema": "marts"},
        **{"path": f"marts/{name}.sql", "original_file_path": f"models/marts/{name}.sql"},
        **{"build_path": f"{PLACE}/run/{name}.sql", "compiled_path": f"{PLACE}/{name}.sql"},
        **{"compiled_code": f"from read_parquet('{PLACE}/x.parquet')", "created_at": 1795925431.6},
        **{"relation_name": f"read_parquet('{PLACE}')", "root_path": PLACE, "checksum": {}},
        **{"config": {"materialized": "table", "enabled": True, "meta": {"path": PLACE}}},
        **{"meta": {"external_location": PLACE}, "description": f"A model. {END}", "tags": []},
        **{"raw_code": "select 1", "depends_on": {"nodes": []}, "columns": {}, **said},
    }


def manifest(folder: Path, run: str) -> Path:
    """Manifest of a build at one place and time; `run` is in all that differs between two."""
    column = {"name": "dose", "description": "A dose", "meta": {}, "data_type": "double"}
    meta = {"unit": "mGy", "source": "made up", "where": PLACE}
    level = node("model", "levels", columns={"dose": column | {"config": {"meta": meta}}})
    seed = node("seed", "methods", original_file_path=f"../{run}/methods.csv", path=f"{run}/m.csv")
    source = node("source", "dose_report", identifier="dose_report", source_name="lake")
    nodes = [level, seed] if run < "b" else [seed, level]  # dbt's threads end in any order
    said = {
        "metadata": {"dbt_version": "1.11", "invocation_id": run, "generated_at": run},
        "nodes": {one["unique_id"]: one for one in nodes},
        "sources": {source["unique_id"]: source},
        "unit_tests": {"unit_test.drlake.x": node("unit_test", "x", given=[{"facility": "F001"}])},
        "macros": {"macro.dbt.other": node("macro", "other", package_name="dbt")},
        "parent_map": {"model.drlake.levels": ["source.drlake.dose_report", "macro.dbt.other"]},
        "child_map": {"source.drlake.dose_report": ["model.drlake.levels"], "macro.dbt.other": []},
        **{"exposures": {}, "docs": {}},
    }
    path = folder / f"{run}.json"
    path.write_text(json.dumps(said), encoding="utf-8")
    return path


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "drl.duckdb"
    with duckdb.connect(str(path)) as connection:
        connection.execute(
            "create schema marts; create table marts.levels as select 4711.5::double as dose"
        )
    return path


def inlined_documents(page: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Manifest and catalogue, as the page's script has them."""
    start = page.index("manifest:{") + len("manifest:")
    kept, end = json.JSONDecoder().raw_decode(page, start)
    catalogue, _ = json.JSONDecoder().raw_decode(page, end + len(",catalog:"))
    return kept, catalogue


def test_the_page_tells_nothing_of_machine_run_or_data(tmp_path: Path, database: Path) -> None:
    page = docs_page(manifest(tmp_path, "at_noon"), database).decode("utf-8")
    for told in (PLACE, str(tmp_path), "at_noon", "1795925431", "F001", "4711", "alert(1)</script"):
        assert told not in page, told
    kept, catalogue = inlined_documents(page)
    assert list(kept["nodes"]) == ["model.drlake.levels", "seed.drlake.methods"]
    assert kept["macros"] == {}
    assert kept["unit_tests"] == {}
    assert kept["parent_map"] == {"model.drlake.levels": ["source.drlake.dose_report"]}
    level = kept["nodes"]["model.drlake.levels"]
    assert level["description"] == f"A model. {END}"
    assert level["columns"]["dose"]["description"] == "A dose. Unit: mGy. Source: made up"
    (table,) = catalogue["nodes"].values()
    assert table["columns"]["dose"]["type"] == "DOUBLE"
    assert table["stats"] == {}


def test_another_run_gives_the_same_bytes(tmp_path: Path, database: Path) -> None:
    one, other = (docs_page(manifest(tmp_path, run), database) for run in ("a_run", "c_run"))
    assert one == other


def test_the_page_forbids_every_request(tmp_path: Path, database: Path) -> None:
    page = docs_page(manifest(tmp_path, "a_run"), database).decode("utf-8")
    (policy,) = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]*)"', page)
    rules = dict(rule.strip().partition(" ")[::2] for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert not {"connect-src", "frame-src", "object-src"} & rules.keys()
    assert not [source for source in policy.split() if "//" in source or source == "*"]
    assert "shortcut icon" not in page


def test_a_page_of_another_form_is_refused(
    tmp_path: Path, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docs, "FAVICON", "what no page has")
    with pytest.raises(DrlakeError, match=r"Install the versions of requirements\.lock"):
        docs_page(manifest(tmp_path, "a_run"), database)
