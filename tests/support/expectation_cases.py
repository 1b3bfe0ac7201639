"""Reports of X-ray, mammography and nuclear medicine, and the cases of their policy rules."""

from __future__ import annotations

from typing import Any

from tests.support.expectation_rows import Row, other_report

SHOT: Row = {
    "acquisition_plane": "single_plane",
    "dose_area_product_gy_m2": 0.001,
    "dose_rp_gy": 0.02,  # 500 cm2
    "kvp_kv": 80.0,
}
TOTAL: Row = {
    "acquisition_plane": "single_plane",
    "dose_area_product_total_gy_m2": 0.001,
    "dose_rp_total_gy": 0.02,
}
BREAST: Row = {
    "laterality": "left",
    "average_glandular_dose_mgy": 1.2,
    "entrance_exposure_rp_mgy": 4.0,
    "compression_thickness_mm": 50.0,
    "compression_force_n": 100.0,
    "kvp_kv": 28.0,
}
LEFT: Row = {"laterality": "left", "accumulated_average_glandular_dose_mgy": 1.2}
ACTIVITY: Row = {"administered_activity_mbq": 250.0, "radionuclide": "Technetium-99m"}


def shot(**values: Any) -> Row:
    return other_report({**SHOT, **values})


def total(**values: Any) -> Row:
    return other_report(SHOT, totals=[{**TOTAL, **values}])


def totals_only(**values: Any) -> Row:
    """A report that states totals but no event."""
    return other_report(totals=[{**TOTAL, **values}])


def breast(**values: Any) -> Row:
    return other_report({**BREAST, **values}, modality="MG")


def breasts(*totals: Row) -> Row:
    return other_report(BREAST, breasts=totals, modality="MG")


def tracer(**values: Any) -> Row:
    return other_report(administrations=[{**ACTIVITY, **values}], modality="NM")


def fluoro(kap: float, acquired: float, **values: Any) -> Row:
    parts = {
        "fluoro_dose_area_product_total_gy_m2": kap,
        "acquisition_dose_area_product_total_gy_m2": acquired,
    }
    return total(**parts, **values)


def kerma(fluoroscopy: float) -> Row:
    return total(fluoro_dose_rp_total_gy=fluoroscopy, acquisition_dose_rp_total_gy=0.01)


def side(name: str, dose: float) -> Row:
    return {"laterality": name, "accumulated_average_glandular_dose_mgy": dose}


HIGH = {"dose_area_product_gy_m2": 0.18, "dose_rp_gy": 11.0}
"""An event for a total above the plausible limit."""

# name of the rule, a report that fails it, what the finding shows, a report that just meets it
CASES = [
    ("field_area_possible", shot(dose_rp_gy=20.0), "0.5 cm2", shot(dose_rp_gy=10.0)),
    ("field_area_plausible", shot(dose_rp_gy=2.0), "5 cm2", shot(dose_rp_gy=1.0)),
    (
        "total_field_area_possible",
        totals_only(dose_rp_total_gy=20.0),
        "0.5 cm2",
        totals_only(dose_rp_total_gy=10.0),
    ),
    (
        "total_field_area_plausible",
        totals_only(dose_rp_total_gy=2.0),
        "5 cm2",
        totals_only(dose_rp_total_gy=1.0),
    ),
    ("projection_kvp_plausible", shot(kvp_kv=160.0), "160 kV", shot(kvp_kv=150.0)),
    (
        "kap_total_in_unit_of_events",
        total(dose_area_product_total_gy_m2=0.01),
        "0.01 Gy.m2 stated, 0.001 Gy.m2 in events",
        total(dose_area_product_total_gy_m2=0.005),
    ),
    (
        "kerma_total_in_unit_of_events",
        total(dose_rp_total_gy=0.002),
        "0.002 Gy stated, 0.02 Gy in events",
        total(dose_rp_total_gy=0.004),
    ),
    (
        "kap_total_equals_sum_of_events",
        total(dose_area_product_total_gy_m2=0.00106),
        "0.00106 Gy.m2 stated, 0.001 Gy.m2 in events",
        total(dose_area_product_total_gy_m2=0.00105),
    ),
    (
        "kerma_total_equals_sum_of_events",
        total(dose_rp_total_gy=0.0212),
        "0.0212 Gy stated, 0.02 Gy in events",
        total(dose_rp_total_gy=0.021),
    ),
    (
        "kap_of_fluoroscopy_and_acquisition_equals_total",
        fluoro(0.0005, 0.0004),
        "0.001 Gy.m2 stated, 0.0009 Gy.m2 in parts",
        fluoro(0.0005, 0.00046),
    ),
    (
        "kerma_of_fluoroscopy_and_acquisition_equals_total",
        kerma(0.008),
        "0.02 Gy stated, 0.018 Gy in parts",
        kerma(0.0101),
    ),
    (
        "fluoroscopy_has_time",
        fluoro(0.001, 0.0, total_fluoro_time_s=0.0),
        "0 s",
        fluoro(0.0, 0.001, total_fluoro_time_s=0.0),
    ),
    (
        "acquisitions_have_frames",
        fluoro(0.0, 0.001, total_number_of_radiographic_frames=0.0),
        "0 frames",
        fluoro(0.001, 0.0, total_number_of_radiographic_frames=0.0),
    ),
    (
        "kap_total_plausible",
        other_report({**SHOT, **HIGH}, totals=[{"dose_area_product_total_gy_m2": 0.18}]),
        "0.18 Gy.m2",
        other_report({**SHOT, **HIGH}, totals=[{"dose_area_product_total_gy_m2": 0.171 - 0.001}]),
    ),
    (
        "kerma_total_plausible",
        other_report({**SHOT, **HIGH}, totals=[{"dose_rp_total_gy": 11.0}]),
        "11 Gy",
        other_report({**SHOT, **HIGH}, totals=[{"dose_rp_total_gy": 10.0}]),
    ),
    (
        "glandular_dose_in_unit_of_air_kerma",
        breast(entrance_exposure_rp_mgy=0.2),
        "1.2 mGy AGD, 0.2 mGy Ka,i",
        breast(entrance_exposure_rp_mgy=0.25),
    ),
    (
        "glandular_dose_fits_air_kerma_and_thickness",
        breast(entrance_exposure_rp_mgy=2.0),
        "1.2 mGy AGD, 2 mGy Ka,i, 50 mm, 0.0999955 of Ka,i at least expected, 0.432332 at most",
        breast(entrance_exposure_rp_mgy=2.0, compression_thickness_mm=25.0),
    ),
    (
        "glandular_dose_fits_air_kerma_and_thickness",
        breast(
            average_glandular_dose_mgy=9.0,
            entrance_exposure_rp_mgy=20.0,
            compression_thickness_mm=105.0,
        ),
        "9 mGy AGD, 20 mGy Ka,i, 105 mm, 0.047619 of Ka,i at least expected, 0.234525 at most",
        breast(
            average_glandular_dose_mgy=9.0,
            entrance_exposure_rp_mgy=20.0,
            compression_thickness_mm=40.0,
        ),
    ),
    (
        "glandular_dose_fits_air_kerma_and_thickness",
        breast(entrance_exposure_rp_mgy=2.0),
        "1.2 mGy AGD, 2 mGy Ka,i, 50 mm, 0.0999955 of Ka,i at least expected, 0.432332 at most",
        breast(entrance_exposure_rp_mgy=2.0, kvp_kv=45.0),  # contrast, high energy
    ),
    (
        "glandular_dose_usual_for_thickness",
        breast(
            average_glandular_dose_mgy=6.0,
            entrance_exposure_rp_mgy=None,
            compression_thickness_mm=39.0,
        ),
        "6 mGy AGD, 39 mm",
        breast(
            average_glandular_dose_mgy=6.0,
            entrance_exposure_rp_mgy=None,
            compression_thickness_mm=40.0,
        ),
    ),
    (
        "glandular_dose_usual_for_thickness",
        breast(
            average_glandular_dose_mgy=0.25,
            entrance_exposure_rp_mgy=None,
            compression_thickness_mm=60.0,
        ),
        "0.25 mGy AGD, 60 mm",
        breast(
            average_glandular_dose_mgy=0.3,
            entrance_exposure_rp_mgy=None,
            compression_thickness_mm=60.0,
        ),
    ),
    (
        "breast_total_side_present",
        breasts({**LEFT, "laterality": None}),
        "1.2 mGy stated",
        breasts(LEFT),
    ),
    ("breast_side_present", breast(laterality=None), "1.2 mGy", breast(laterality="both")),
    (
        "glandular_dose_plausible",
        breast(average_glandular_dose_mgy=0.1, entrance_exposure_rp_mgy=None),
        "0.1 mGy",
        breast(average_glandular_dose_mgy=0.2, entrance_exposure_rp_mgy=None),
    ),
    (
        "breast_thickness_plausible",
        breast(compression_thickness_mm=5.0),
        "5 mm",
        breast(compression_thickness_mm=20.0),
    ),
    (
        "compression_force_plausible",
        breast(compression_force_n=10.0),
        "10 N",
        breast(compression_force_n=20.0),
    ),
    ("mammography_kvp_plausible", breast(kvp_kv=60.0), "60 kV", breast(kvp_kv=49.0)),
    (
        "glandular_dose_total_equals_sum_of_events",
        breasts(side("right", 1.2)),
        "1.2 mGy stated, 0 mGy in the events",
        breasts(side("left", 1.26), side("right", 0.0)),
    ),
    (
        "both_breasts_equal_left_and_right",
        breasts(LEFT, side("right", 0.0), side("both", 1.3)),
        "1.3 mGy stated, 1.2 mGy left and right",
        breasts(LEFT, side("right", 0.0), side("both", 1.2)),
    ),
    ("one_total_per_breast", breasts(LEFT, LEFT), "2 totals", breasts(LEFT)),
    (
        "activity_plausible",
        tracer(administered_activity_mbq=0.25),
        "0.25 MBq",
        tracer(administered_activity_mbq=1.0),
    ),
    (
        "activity_present",
        tracer(administered_activity_mbq=None),
        None,
        tracer(administered_activity_mbq=1.0),
    ),
    ("radionuclide_present", tracer(radionuclide=None), "250 MBq", tracer()),
]
