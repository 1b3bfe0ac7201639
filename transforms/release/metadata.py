"""datapackage.json, CSV-W and DCAT: the declaration in standard metadata formats."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any

from transforms.public.declaration import PublicColumn, PublicTable
from transforms.public.dictionary import EXCEL, JSON
from transforms.release.files import files_below, sha256_of
from transforms.release.recipe import Recipe

DATA_PACKAGE = "datapackage.json"
CATALOGUE = "dcat.jsonld"
DOCS = "docs/index.html"
CSVW_SUFFIX = ".csv-metadata.json"

FRICTIONLESS: Mapping[str, str] = {
    **dict.fromkeys(("integer", "bigint"), "integer"),
    **{"double": "number", "boolean": "boolean", "varchar": "string", "date": "date"},
}
"""Types of Table Schema by DuckDB type; CSV-W has the same names for all of them."""

MEDIA_TYPES: Mapping[str, str] = {
    ".csv": "text/csv",
    ".json": "application/json",
    ".parquet": "application/vnd.apache.parquet",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
REGISTRY = "https://www.iana.org/assignments/media-types/"
FORMATS: Mapping[str, str] = {
    ".csv": "CSV",
    ".parquet": "Parquet",
    ".xlsx": "XLSX",
    ".json": "JSON",
} | {
    ".duckdb": "DuckDB"  # has no registered media type
}


def data_package(recipe: Recipe, tables: Sequence[PublicTable], public: Path) -> dict[str, Any]:
    """`datapackage.json` of Frictionless Data (Data Package 1.0, Table Schema 1.0)."""
    stated = recipe.document()
    return {
        "profile": "tabular-data-package",
        "name": f"drlake-{recipe.release_id}",
        "title": recipe.title,
        "description": recipe.note or recipe.title,
        **({"created": f"{recipe.date}T00:00:00Z"} if recipe.date else {}),
        "release": stated,
        "resources": [
            *(_resource(table, public / f"{table.name}.csv") for table in tables),
            *(_excel_resource(table, public / EXCEL / f"{table.name}.csv") for table in tables),
            *(_json_resource(table, public / JSON / f"{table.name}.json") for table in tables),
        ],
    }


def _resource(table: PublicTable, path: Path) -> dict[str, Any]:
    return {
        "profile": "tabular-data-resource",
        "name": table.name,
        "path": path.name,
        "description": table.description,
        "format": "csv",
        **_bytes_of(path),
        "schema": _schema(table),
    }


def _excel_resource(table: PublicTable, path: Path) -> dict[str, Any]:
    """Describe the same rows with semicolons and decimal commas."""
    schema = _schema(table)
    for field in schema["fields"]:
        if field["type"] == "number":
            field["decimalChar"] = ","
    return {
        "profile": "tabular-data-resource",
        "name": f"{table.name}.{EXCEL}",
        "path": f"{EXCEL}/{path.name}",
        "description": f"{table.name} for Excel in most of Europe: semicolons and decimal commas.",
        "format": "csv",
        **_bytes_of(path),
        "dialect": {"delimiter": ";"},
        "schema": schema,
    }


def _json_resource(table: PublicTable, path: Path) -> dict[str, Any]:
    """Describe the same rows as one array of objects."""
    return {
        "profile": "tabular-data-resource",
        "name": f"{table.name}.{JSON}",
        "path": f"{JSON}/{path.name}",
        "description": f"{table.name} as one array of objects.",
        "format": "json",
        **_bytes_of(path),
        "schema": _schema(table),
    }


def _bytes_of(path: Path) -> dict[str, Any]:
    return {
        "mediatype": MEDIA_TYPES[path.suffix],
        "encoding": "utf-8",
        "bytes": path.stat().st_size,
        "hash": f"sha256:{sha256_of(path)}",
    }


def _schema(table: PublicTable) -> dict[str, Any]:
    return {
        "fields": [_field(column) for column in table.columns],
        "primaryKey": list(table.key),
        "missingValues": [""],
    }


def _field(column: PublicColumn) -> dict[str, str]:
    return {
        "name": column.name,
        "type": FRICTIONLESS[column.data_type],
        "description": column.description,
        "unit": column.unit,
        "source": column.source,
    }


def csvw(table: PublicTable) -> dict[str, Any]:
    """`<table>.csv-metadata.json`: CSV on the Web, found by its name beside the CSV."""
    return {
        "@context": ["http://www.w3.org/ns/csvw", {"@language": "en"}],
        "url": f"{table.name}.csv",
        "dc:title": table.name,
        "dc:description": table.description,
        "dialect": {"encoding": "utf-8", "lineTerminators": ["\r\n"], "header": True},
        "tableSchema": {
            "columns": [_csvw_column(table, column) for column in table.columns],
            "primaryKey": list(table.key),
        },
    }


def _csvw_column(table: PublicTable, column: PublicColumn) -> dict[str, Any]:
    return {
        "name": column.name,
        "titles": column.name,
        "datatype": FRICTIONLESS[column.data_type],
        "required": column.name in table.key,
        "dc:description": column.description,
        "schema:unitText": column.unit,
        "dc:source": column.source,
    }


def catalogue(recipe: Recipe, tables: Sequence[PublicTable], public: Path) -> dict[str, Any]:
    """`dcat.jsonld`: one dataset (DCAT 3) and a distribution for every file of data."""
    named = {table.name for table in tables}
    data = [name for name in files_below(public) if _is_data(Path(name), named)]
    return {
        "@context": {
            "dcat": "http://www.w3.org/ns/dcat#",
            "dct": "http://purl.org/dc/terms/",
            "foaf": "http://xmlns.com/foaf/0.1/",
            "spdx": "http://spdx.org/rdf/terms#",
            "xsd": "http://www.w3.org/2001/XMLSchema#",
        },
        "@type": "dcat:Dataset",
        "dct:identifier": f"drlake-{recipe.release_id}",
        "dct:title": recipe.title,
        "dct:description": " ".join(f"{table.name}: {table.description}" for table in tables),
        "dcat:version": recipe.release_id,
        **_previous(recipe),
        **({"dct:issued": _date(recipe.date)} if recipe.date else {}),
        **({"foaf:page": {"@id": DOCS}} if (public / DOCS).is_file() else {}),
        "dcat:distribution": [_distribution(public, name) for name in data],
    }


def _is_data(path: Path, tables: Collection[str]) -> bool:
    """Whether a file holds the rows of a table, or of all, rather than metadata."""
    return path.suffix in FORMATS and (path.stem in tables or path.suffix in (".xlsx", ".duckdb"))


def _previous(recipe: Recipe) -> dict[str, Any]:
    """Link to the catalogue of the release before, in the folder beside this one."""
    place = f"../../{recipe.previous}/public/{CATALOGUE}"
    return {"dcat:previousVersion": {"@id": place}} if recipe.previous else {}


def _date(date: str) -> dict[str, str]:
    return {"@type": "xsd:date", "@value": date}


def _distribution(public: Path, name: str) -> dict[str, Any]:
    path = public / name
    said: dict[str, Any] = {
        "@type": "dcat:Distribution",
        "dct:title": name,
        "dcat:downloadURL": {"@id": name},
        "dct:format": FORMATS[path.suffix],
    }
    if path.suffix in MEDIA_TYPES:
        said["dcat:mediaType"] = {"@id": f"{REGISTRY}{MEDIA_TYPES[path.suffix]}"}
    if path.suffix in (
        ".csv",
        ".json",
        ".parquet",
    ):  # the others have the same content in other bytes
        said["dcat:byteSize"] = path.stat().st_size
        said["spdx:checksum"] = {
            "spdx:algorithm": {"@id": "spdx:checksumAlgorithm_sha256"},
            "spdx:checksumValue": sha256_of(path),
        }
    return said
