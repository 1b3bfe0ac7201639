"""`fct_name_statistics`: each examination is counted at one text, with what was measured."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.lakes.lake_rows import event, projection, report
from tests.support.lakes.staged_reports import staging_tables
from tests.support.sql_models import SqlModels

pytestmark = pytest.mark.slow

MODELS = SqlModels("fct_name_statistics")
ODD = "Sonderprotokoll 7"


def names_of(*reports: Any) -> list[tuple[Any, ...]]:
    """Field, text, decision and number of examinations of these reports of one facility."""
    MODELS.run(staging_tables({"F1": reports}))
    return MODELS.rows(
        "select field, compared_text, decision, n_examinations from fct_name_statistics "
        "order by n_examinations desc, field, compared_text, decision"
    )


def test_an_examination_is_counted_at_the_field_that_was_read() -> None:
    assert names_of(
        report("a", [event(protocol="Thorax")], study_description=ODD),
        report("b", [event(protocol="Thorax")], study_description=ODD),
        report("c", [event(protocol="Xyzzy")], study_description="CT"),
        report("d", [event()], study_description="CT", requested_procedure="Quux"),
        report("e", [event()], study_description="CT Kopf"),
    ) == [
        ("study_description", "sonderprotokoll 7", "undecided", 2),
        ("acquisition_protocol", "xyzzy", "undecided", 1),
        ("requested_procedure", "quux", "undecided", 1),
        ("study_description", "ct kopf", "CT head", 1),
    ]


def test_protocols_of_one_study_are_one_text() -> None:
    events = [event("1", protocol="Head"), event("2", protocol="Sinus")]
    assert names_of(report("a", events, study_description="CT")) == [
        ("acquisition_protocol", "head sinus", "undecided", 1)
    ]


def test_where_no_field_says_anything_the_first_one_is_counted() -> None:
    assert names_of(
        report("a", [event()], study_description="CT", procedure_code="L:1"),
        report("b", [event()], procedure_code="L:1"),
        report("c", [event()]),
    ) == [
        ("procedure_code", "L:1", "undecided", 1),
        ("study_description", "ct", "undecided", 1),
    ]


def test_what_is_contradicted_is_apart_from_what_is_decided() -> None:
    assert names_of(
        report("a", [event()], study_description="CT Thorax"),
        report("b", [event()], study_description="CT Thorax", requested_procedure="CT Kopf"),
    ) == [
        ("study_description", "ct thorax", "CT chest", 1),
        ("study_description", "ct thorax", "contradicted", 1),
    ]


def test_a_text_that_may_name_a_person_is_left_out() -> None:
    assert names_of(report("a", [event()], study_description="Thorox Frau Muster")) == []


def test_the_medians_of_a_text_are_given_with_the_most_frequent_phantom_and_device() -> None:
    scans = [(100.0, "body_32cm"), (200.0, "head_16cm"), (600.0, "head_16cm")]
    device = {"manufacturer": "Maker ", "model_name": "One"}
    MODELS.run(
        staging_tables(
            {
                "F1": [
                    report(
                        f"s{dlp}",
                        [event(ctdivol=10.0, dlp=dlp, phantom=phantom)],
                        study_description=ODD,
                        **device,
                    )
                    for dlp, phantom in scans
                ]
            }
        )
    )
    found = MODELS.rows(
        "select n_examinations, median_dose, median_length_mm, ctdiw_phantom, device_model, "
        "target_region_code, procedure_id, rule_version from fct_name_statistics"
    )
    assert found == [(3, 200.0, 200.0, "head_16cm", "Maker|One", None, None, None)]


def test_the_dose_of_fluoroscopy_is_the_kap() -> None:
    shot = {"event_key": "E1", "dose_area_product_gy_m2": 5e-5, "acquisition_plane": "single_plane"}
    MODELS.run(staging_tables({"F1": [projection("S1", [shot], study_description="Xyzzy")]}))
    query = "select modality, median_dose, median_length_mm from fct_name_statistics"
    assert MODELS.rows(query) == [("RF", 0.5, None)]
