"""Rows of the public tables of the commitments: some shown, some withheld, some hostile texts.

lay_lake(folder, commitment_world())

Shares are computed from the counts as in the models; every table has a withheld row.
"""

from __future__ import annotations

import csv
import datetime
from collections.abc import Mapping
from functools import cache
from typing import Any

from tests.support.lakes.report_lake import ADULT, HEAD, World
from transforms.reference.files import REFERENCE

Row = dict[str, Any]
HOSTILE = "=cmd|' /C calc'!A0 <script>alert(1)</script> {{7*7}} \"q\" #panic() $x$ \u202eback"
PROFILE = "strict"


@cache
def seed(name: str) -> tuple[Mapping[str, str], ...]:
    with (REFERENCE / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


def shown_row(row: Row) -> Row:
    return {**row, "disclosure": "shown", "disclosure_profile": PROFILE}


def withheld_row(**key: Any) -> Row:
    return {**key, "disclosure": "suppressed", "disclosure_profile": PROFILE}


def share(part: int, whole: int) -> float | None:
    return round(part / whole, 3) if whole else None


def indicator(
    indicator_id: str,
    numerator: int,
    denominator: int,
    share_unknown: float = 0.2,
    dimension: str = "all",
    stratum: str = "all",
    n_unknown: int | None = 25,
) -> Row:
    value = numerator / denominator
    (known,) = (row for row in seed("indicators") if row["indicator_id"] == indicator_id)
    return shown_row(
        {
            **{"period": 2025, "indicator_id": indicator_id, "dimension": dimension},
            **{"stratum": stratum, "commitment_number": int(known["commitment_number"])},
            **{"indicator_label": known["label"], "numerator": numerator},
            **{"denominator": denominator, "n_unknown": n_unknown},
            **{"share_unknown": share_unknown, "value": round(value, 3)},
            **{"value_lower": max(value - 0.05, 0), "value_upper": min(value + 0.06, 1)},
            **{"n_facilities": 15, "n_devices": 30},
        }
    )


def diffusion(
    feature_id: str, used: int, known: int, unknown: int | None, band: str = "all", year: int = 2025
) -> Row:
    (feature,) = (row for row in seed("features") if row["feature_id"] == feature_id)
    value = used / known
    return shown_row(
        {
            **{"period": year, "feature_id": feature_id, "age_band_id": band},
            **{"feature_group": feature["feature_group"], "feature_label": feature["label"]},
            **{"n_devices_used": used, "n_devices_known": known, "n_devices_unknown": unknown},
            **{"share": round(value, 3), "share_lower": 0.1, "share_upper": 0.97},
            "n_facilities": 20,
        }
    )


def ages(country: str, modality: str, counts: tuple[int, int, int], unknown: int | None) -> World:
    whole, rows = sum(counts), []
    for band, n in zip(seed("age_bands"), counts, strict=True):
        part, limit = n / whole, float(band["share"])
        is_met = part >= limit if band["rule"] == "at_least" else part <= limit
        rows.append(
            shown_row(
                {
                    **band_of(band),
                    **{"period": 2025, "country": country, "modality": modality},
                    **{"n_devices": n, "n_age_unknown": unknown, "share": round(part, 3)},
                    **{"is_met": is_met, "n_facilities": 20},
                }
            )
        )
    return {"public.public_age_profile": rows}


def band_of(band: Mapping[str, str]) -> Row:
    return {
        **{"age_band_id": band["age_band_id"], "age_band_label": band["label"]},
        **{"age_band_definition": band["definition"], "rule": band["rule"]},
        "rule_share": float(band["share"]),
    }


def age_dose(band: str, p50: float, n: int, above: int) -> Row:
    return shown_row(
        {
            **{**HEAD, **ADULT, "period": 2025, "drl_quantity": "dlp", "unit": "mGy.cm"},
            **{"age_band_id": band, "n_devices": n, "n_facilities": n, "p25": 0.8 * p50},
            **{"p50": p50, "p50_lower": 0.9 * p50, "p50_upper": 1.1 * p50, "p75": 1.2 * p50},
            **{"n_compared": n, "n_above": above, "share_above": share(above, n)},
            **{"share_above_lower": 0.06, "share_above_upper": 0.71},
        }
    )


def breast(technique: str, view: str, band: str, detector: str, p75: float) -> Row:
    (known,) = (row for row in seed("thickness_bands") if row["thickness_band_id"] == band)
    return shown_row(
        {
            **{"period": 2025, "technique": technique, "view": view, "thickness_band_id": band},
            **{"detector_technology": detector, "thickness_band_label": known["label"]},
            **{"unit": "mGy", "n_facilities": 15, "n_devices": 20, "n_examinations": 300},
            **{"n_views": 1200, "p50": 0.8 * p75, "p50_lower": 0.7 * p75, "p50_upper": 0.9 * p75},
            **{"p75": p75, "p75_lower": 0.9 * p75, "p75_upper": None, "p95": 1.5 * p75},
        }
    )


def commitment_world() -> World:
    """Every table of the report with rows that are shown and rows that are withheld."""
    nation = ages("all", "CT", (30, 15, 10), 5)["public.public_age_profile"]
    country = ages("AT", "MG", (40, 10, 5), None)["public.public_age_profile"]
    key = {"period": 2025, "country": "CH", "modality": "CT"}
    hidden = [withheld_row(**key, **band_of(band)) for band in seed("age_bands")]
    return {
        "public.public_indicator_definitions": [
            {**row, "commitment_number": int(row["commitment_number"]), "note": row["note"] or None}
            for row in seed("indicators")
        ],
        "public.public_commitments": [
            {
                **row,
                "commitment_number": int(row["commitment_number"]),
                "valid_from": datetime.date.fromisoformat(row["valid_from"]),
            }
            for row in seed("commitments")
        ],
        "public.public_commitment_indicators": _indicators(),
        "public.public_age_profile": [*nation, *country, *hidden],
        "public.public_feature_diffusion": [
            diffusion("tube_current_modulation", 60, 80, 20),
            diffusion("tube_current_modulation", 35, 70, 30, year=2024),
            diffusion("iterative_reconstruction", 15, 25, None),
            diffusion("dose_check", 20, 40, 60),
            diffusion("tube_current_modulation", 40, 45, 5, "up_to_5"),
            diffusion("tube_current_modulation", 20, 35, 15, "over_10"),
            withheld_row(
                **{"period": 2025, "feature_id": "ssde", "age_band_id": "all"},
                **{"feature_group": "management", "feature_label": "Size-specific dose estimate"},
            ),
        ],
        "public.public_feature_availability": _availability(),
        "public.public_model_declarations": [
            shown_row(
                {
                    **{"modality": "CT", "statement": statement, "n_models": 20},
                    **{"n_models_yes": 12, "n_models_no": 3, "n_models_unknown": 5},
                }
            )
            for statement in ("xr_25", "can_add_iterative")
        ]
        + [withheld_row(modality="CT", statement="xr_29")],
        "public.public_generation_doses": _generations(),
        "public.public_age_band_doses": [
            age_dose("up_to_5", 700.0, 20, 5),
            age_dose("over_10", 910.0, 15, 8),
            withheld_row(
                **{**HEAD, **ADULT, "period": 2025, "drl_quantity": "ctdivol"},
                age_band_id="over_10",
            ),
        ],
        "public.public_benchmark_measurements": _benchmarks(),
        "public.public_training_records": _training(),
        "public.public_commitment_deliverables": _deliverables(),
        "public.public_breast_doses": [
            breast("2d", "cc", "cbt_45_55mm", "all", 1.4),
            breast("2d", "mlo", "cbt_55_65mm", "all", 1.7),
            breast("2d", "cc", "cbt_45_55mm", "dr", 1.35),
            breast("tomosynthesis", "mlo", "cbt_55_65mm", "all", 2.1),
            withheld_row(
                **{"period": 2025, "technique": "2d", "view": "cc", "unit": "mGy"},
                **{"thickness_band_id": "cbt_20_25mm", "detector_technology": "all"},
                thickness_band_label="20 to under 25 mm",
            ),
        ],
    }


def _indicators() -> list[Row]:
    return [
        indicator("modulation_use", 75, 100),
        indicator("iterative_use", 30, 90, 0.65, n_unknown=None),
        indicator("voltage_below_120", 40, 80, 0.0, n_unknown=0),
        indicator("rdsr_scanner_adoption", 45, 60, 0.05, n_unknown=5),
        indicator("dose_management_system", 10, 25, 0.4),
        indicator("upgradeable_with_iterative", 15, 35, 0.3),
        indicator("modulation_use", 15, 30, 0.1, "patient_size", "dw_200_240mm"),
        indicator("modulation_use", 25, 30, 0.1, "patient_size", "dw_ge400mm"),
        indicator("modulation_use", 10, 30, 0.1, "patient_size", "dw_lt200mm"),
        indicator("modulation_use", 10, 20, 0.1, "patient_size", "unknown"),
        indicator("voltage_mix", 20, 80, 0.0, "kvp", "100 kV"),
        indicator("voltage_mix", 60, 80, 0.0, "kvp", "120 kV"),
        indicator("modulation_use", 40, 45, 0.1, "age_band", "up_to_5"),
        indicator("item_completeness", 95, 100, 0.0, "item", "pitch_factor", 0),
        *(
            withheld_row(
                **{"period": 2025, "indicator_id": name, "dimension": "all", "stratum": "all"},
                **{"commitment_number": 3, "indicator_label": "Anything"},
            )
            for name in ("ssde_available", "xr_25_declared")
        ),
    ]


def _availability() -> list[Row]:
    rows = []
    for feature in seed("features"):
        named = {
            **{"feature_id": feature["feature_id"], "feature_group": feature["feature_group"]},
            **{"feature_label": feature["label"], "standard": feature["standard"] or None},
            "seen_in_rdsr": feature["seen_in_rdsr"],
        }
        counts = {
            **{"n_models": 10, "n_models_standard": 4, "n_models_available": 7},
            **{"n_models_not_available": 2, "n_models_unknown": 1},
        }
        is_shown = feature["feature_id"] != "access_controls"
        rows.append(shown_row({**named, **counts}) if is_shown else withheld_row(**named))
    return rows


def _generations() -> list[Row]:
    key = {"period": 2025, "modality": "CT", "drl_quantity": "dlp"}
    rows = [
        shown_row(
            {
                **{**key, "unit": "mGy.cm", "generation": generation, "n_cells": 6},
                **{"standardised_value": value, "standardised_lower": 0.9 * value},
                **{"standardised_upper": None, "ratio_to_all": round(value / 420.0, 2)},
                **{"n_cells_left_out": 1, "share_of_mix": 0.85, "n_devices": 25},
                "n_facilities": 20,
            }
        )
        for generation, value in (("third", 410.0), ("fourth", 330.0), ("all", 420.0))
    ]
    return [*rows, withheld_row(**{**key, "drl_quantity": "ssde", "generation": "third"})]


def _benchmarks() -> list[Row]:
    names = ("body_region", "phantom", "insert_name", "observer", "figure_of_merit")
    return [
        shown_row(
            {
                **dict(zip(names, ("body", HOSTILE, "rod", "model", "AUC"), strict=True)),
                **{"n_measurements": 8, "n_models": 5},
                **{"ctdivol_p50_mgy": 7.5, "figure_of_merit_p50": 0.85},
            }
        ),
        withheld_row(**dict(zip(names, ("head", "P1", "rod", "human", "AUC"), strict=True))),
    ]


def _training() -> list[Row]:
    return [
        shown_row(
            {
                **{"year": year, "audience": "physicist", "country": country, "n_courses": 5},
                **{"n_courses_of_curricula": 2, "n_sessions": 9, "n_participants": participants},
                "n_courses_without_participants": 1,
            }
        )
        for year, country, participants in (
            (2025, "all", 120),
            (2025, "AT", 120),
            (2024, "all", 80),
        )
    ] + [withheld_row(year=2025, audience="own_staff", country="all")]


def _deliverables() -> list[Row]:
    day = datetime.date
    addresses = {
        "d1": "https://example.org/evidence?a=1&b=2",
        "d2": "javascript:alert(document.domain)",
        "d3": "doi:10.1000/abc.def",
        "d4": HOSTILE,
        "d5": None,
    }
    return [
        shown_row(
            {
                **{"commitment_number": 1, "wording_version": "2013-12", "deliverable_id": name},
                **{"wording": "Characterization of CT Systems", "status": "achieved"},
                **{"deliverable": f"{HOSTILE} {name}", "due_on": day(2025, 3, 1)},
                **{"status_on": day(2025, 4, 1), "delivered_on": day(2025, 2, 9)},
                **{"n_days_late": -20, "evidence_uri": address},
            }
        )
        for name, address in addresses.items()
    ]
