"""Invented declarations of manufacturers about their models, and laboratory measurements."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from transforms.sample.devices import MODELS, DeviceModel
from transforms.sample.model_facts import FACTS, FOURTH, SECOND, ModelFacts

Row = dict[str, object]

DECLARED = {
    "declared_by": "Invented for the synthetic nation",
    "declared_on": date(2026, 1, 15),
    "evidence_uri": "https://example.org/invented/models",
}
YEARS_OF_SUPPORT = 16


def model_rows() -> Iterator[Row]:
    """Rows of the models form: an older generation meets fewer of the standards."""
    for model_name, facts in FACTS.items():
        is_ct, is_new, is_old = (
            facts.modality == "CT",
            facts.generation == FOURTH,
            facts.generation == SECOND,
        )
        yield {
            "manufacturer": facts.manufacturer,
            "model_name": model_name,
            "modality": facts.modality,
            "generation": facts.generation,
            "market_year": facts.market_year,
            "end_of_support_year": None if is_new else facts.market_year + YEARS_OF_SUPPORT,
            "xr_25": _yes(not is_old) if is_ct else "unknown",
            "xr_26": _yes(is_new) if is_ct else "unknown",
            "xr_28": _yes(is_new) if is_ct else "unknown",
            "xr_29": _yes(not is_old) if is_ct else "unknown",
            "can_add_modulation": _yes(not is_old) if is_ct else "unknown",
            "can_add_iterative": _yes(not is_old) if is_ct else "unknown",
            **DECLARED,
        }


def feature_rows() -> Iterator[Row]:
    """Rows of the features form: the features of CT models as their reports show them."""
    for model in MODELS:
        facts = FACTS[model.model_name]
        for feature_id, is_there in _features(model, facts).items():
            yield _feature(model, feature_id, "standard" if is_there else "not_available", facts)
        if model.older_software:
            yield _feature(model, "iterative_reconstruction", "upgrade", facts, model.software)
        else:
            has = "iterative" in model.reconstruction
            status = "standard" if has else "option"
            yield _feature(model, "iterative_reconstruction", status, facts)


def benchmark_rows() -> Iterator[Row]:
    """Rows of the benchmarks form: head and body of every CT model, by a model observer."""
    for index, model in enumerate(MODELS):
        for body_region, ctdivol_mgy, diameter_mm in (("head", 45.0, 5.0), ("body", 11.0, 6.0)):
            value = 1.6 + 0.15 * index - (0.3 if body_region == "body" else 0.0)
            yield {
                "manufacturer": model.manufacturer,
                "model_name": model.model_name,
                "body_region": body_region,
                "phantom": "Invented low contrast phantom",
                "insert_name": "A5",
                "insert_diameter_mm": diameter_mm,
                "insert_contrast_hu": 10,
                "protocol": f"{body_region.title()} routine",
                "kvp_kv": 120,
                "ctdivol_mgy": ctdivol_mgy,
                "reconstruction": "iterative, standard kernel",
                "observer": "model",
                "figure_of_merit": "detectability index",
                "figure_of_merit_value": round(value, 2),
                "figure_of_merit_lower": round(value - 0.2, 2),
                "figure_of_merit_upper": round(value + 0.2, 2),
                "laboratory": "Invented laboratory",
                "measured_on": date(2025, 3, 4 + index),
                "report_uri": "https://example.org/invented/benchmarks",
            }


def _features(model: DeviceModel, facts: ModelFacts) -> dict[str, bool]:
    return {
        "tube_current_modulation": bool(model.modulation or model.comment),
        "tube_voltage_selection": model.kvp_by_size,
        "dose_check": model.dose_check,
        "ssde": model.ssde,
        "rdsr": True,
        "access_controls": facts.generation == FOURTH,
    }


def _feature(
    model: DeviceModel, feature_id: str, status: str, facts: ModelFacts, software: str = ""
) -> Row:
    return {
        "manufacturer": model.manufacturer,
        "model_name": model.model_name,
        "software_from": software or None,
        "feature_id": feature_id,
        "status": status,
        "since_year": facts.market_year if status == "standard" else None,
        **DECLARED,
    }


def _yes(is_so: bool) -> str:
    return "yes" if is_so else "no"
