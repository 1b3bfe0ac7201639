"""`docs/index.html`: dbt's documentation page, with only what may be published in it.

The page is the one of `dbt docs generate --static`. Its content is taken from the manifest of the
build by a list of what to keep, for three reasons: dbt writes the lake's path, times and an id of
the run into it, so no two pages would be equal and each would name the machine; examples of unit
tests and statistics of restricted tables must not be published; and dbt would have to run once
more. A policy in the page forbids every request.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Mapping
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import duckdb

from transforms.errors import DrlakeError

PACKAGE = "drlake"
PAGE = "dbt/task/docs/index.html"
DATA = {name: f'"{name.upper()}.JSON INLINE DATA"' for name in ("manifest", "catalog")}
FAVICON = """<link rel="shortcut icon" href="${require('./assets/favicons/favicon.ico')}"/>"""
ICON, ICON_ONCE_KNOWN = 'xlink:href="{{ getIcon(', 'ng-attr-xlink:href="{{ getIcon('
"""The browser requests an address that holds a template before the template is filled."""

CHARSET = '<meta charset="utf-8">'
POLICY = (
    '<meta http-equiv="Content-Security-Policy" content="default-src \'none\'; '
    "script-src 'unsafe-inline' 'unsafe-eval'; style-src 'unsafe-inline'; img-src data:; "
    "font-src data:; base-uri 'none'; form-action 'none'\">"
)

OVERVIEW = """
### The models of drlake

The models lead from the data that hospitals send to the tables that are published. The schemas
`staging`, `intermediate`, `core` and `marts` are internal; schema `public` holds what a release
publishes, after disclosure control. This page lists the models, their columns with unit and source,
their tests and their dependencies. It contains no rows.
"""
NODE = frozenset(
    {
        *("database", "schema", "name", "alias", "identifier", "resource_type", "package_name"),
        *("path", "original_file_path", "unique_id", "fqn", "description", "raw_code", "language"),
        *("refs", "sources", "depends_on", "access", "test_metadata", "column_name"),
        *("attached_node", "source_name", "source_description", "loader", "macro_sql"),
        *("arguments", "label", "type", "owner", "url", "maturity", "block_contents"),
    }
)
"""Fields of a node that are kept; a source's address, compiled code and times are left out."""

CONFIG = frozenset({"enabled", "materialized"})
EMPTY: Mapping[str, Any] = {"tags": [], "meta": {}, "docs": {"show": True, "node_color": None}}
SHOWN = ("nodes", "sources", "macros", "exposures", "docs")
FOLDED = ("metrics", "groups", "semantic_models", "saved_queries", "unit_tests", "disabled")

TYPES = """
select schema_name, table_name, column_name, column_index, data_type
from duckdb_columns()
where not internal and schema_name in ('reference', 'core', 'marts', 'public')
order by all
"""
"""Types of the tables that every warehouse keeps, however it was built."""


def docs_page(manifest: Path, warehouse: Path) -> bytes:
    """Return the page for this manifest; of the warehouse, only the columns' types are read."""
    kept = _manifest(json.loads(manifest.read_text(encoding="utf-8")))
    page = _page().replace(FAVICON, "").replace(CHARSET, f"{CHARSET}{POLICY}", 1)
    page = page.replace(ICON, ICON_ONCE_KNOWN)
    for name, said in (("manifest", kept), ("catalog", _catalog(kept, warehouse))):
        page = page.replace(DATA[name], _script_json(said))
    return page.encode("utf-8")


def _page() -> str:
    """Fill dbt's page; DrlakeError where the page of another dbt has not the expected places."""
    page = Path(str(distribution("dbt-core").locate_file(PAGE))).read_text(encoding="utf-8")
    if any(page.count(place) != 1 for place in (*DATA.values(), FAVICON, CHARSET)):
        raise DrlakeError(
            "The documentation page of this dbt has another form than expected. "
            "Install the versions of requirements.lock."
        )
    return page


def _script_json(said: Mapping[str, Any]) -> str:
    """JSON within a script: nothing in it ends the script."""
    text = json.dumps(said, ensure_ascii=True, sort_keys=True, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace("&", "\\u0026")


def _manifest(said: Mapping[str, Any]) -> dict[str, Any]:
    kept: dict[str, Any] = {
        kind: {name: _node(node) for name, node in said[kind].items() if _is_ours(node)}
        for kind in SHOWN
    }
    overview = {"name": "__overview__", "package_name": "dbt", "block_contents": OVERVIEW}
    kept["docs"]["doc.dbt.__overview__"] = overview
    names = {name for kind in SHOWN for name in kept[kind]}
    for relatives in ("parent_map", "child_map"):
        kept[relatives] = _kept_edges(names, said[relatives])
    metadata = {
        "project_name": PACKAGE,
        "adapter_type": "duckdb",
        "dbt_version": said["metadata"]["dbt_version"],
        "generated_at": "",
        "project_id": "",
        "send_anonymous_usage_stats": False,
    }
    return {**{name: {} for name in FOLDED}, **kept, "metadata": metadata}


def _is_ours(node: Mapping[str, Any]) -> bool:
    return bool(node["package_name"] == PACKAGE)


def _kept_edges(names: Collection[str], edges: Mapping[str, Iterable[str]]) -> dict[str, list[str]]:
    """Return the edges between nodes that are kept."""
    return {
        name: sorted(one for one in others if one in names)
        for name, others in edges.items()
        if name in names
    }


def _node(node: Mapping[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in node.items() if name in NODE}
    config = {name: value for name, value in node.get("config", {}).items() if name in CONFIG}
    columns = {name: _column(column) for name, column in node.get("columns", {}).items()}
    if node["resource_type"] == "seed":  # its path depends on where the reference data are
        kept["path"] = f"{node['name']}.csv"
        kept["original_file_path"] = f"seeds/{node['name']}.csv"
    enforced = {"enforced": bool((node.get("contract") or {}).get("enforced"))}
    said = {"config": {**config, **EMPTY}, "columns": columns, "contract": enforced}
    return {**kept, **EMPTY, **said}


def _column(column: Mapping[str, Any]) -> dict[str, Any]:
    """One column; unit and source of a public column follow its description."""
    meta = {**column.get("meta", {}), **column.get("config", {}).get("meta", {})}
    stated = [f"{name.capitalize()}: {meta[name]}" for name in ("unit", "source") if meta.get(name)]
    description = column.get("description", "").strip()
    if stated:
        description = ". ".join([description.rstrip("."), *stated])
    return {
        "name": column["name"],
        "data_type": column.get("data_type"),
        "description": description,
        "meta": {},
        "tags": [],
    }


def _catalog(manifest: Mapping[str, Any], warehouse: Path) -> dict[str, Any]:
    """Columns and types of the tables; no row counts and no statistics."""
    with duckdb.connect(str(warehouse), read_only=True) as connection:
        found: dict[tuple[str, str], dict[str, Any]] = {}
        for schema, table, name, index, kind in connection.execute(TYPES).fetchall():
            column = {"name": name, "index": index, "type": kind, "comment": None}
            found.setdefault((schema, table), {})[name] = column
    nodes = {
        name: _catalog_entry(node, found[node["schema"], node["alias"]])
        for name, node in manifest["nodes"].items()
        if (node.get("schema"), node.get("alias")) in found
    }
    return {"metadata": manifest["metadata"], "nodes": nodes, "sources": {}, "errors": None}


def _catalog_entry(node: Mapping[str, Any], columns: Mapping[str, Any]) -> dict[str, Any]:
    said = {
        "type": "TABLE",
        "database": node["database"],
        "schema": node["schema"],
        "name": node["alias"],
        "comment": None,
        "owner": None,
    }
    return {"unique_id": node["unique_id"], "metadata": said, "columns": columns, "stats": {}}
