"""Display labels of enumerated values and the marks beside them. Labels are message ids."""

from __future__ import annotations

from transforms.report.frame.catalogue import msg

COMMITMENT_WORDS = {
    "no_data": msg("no data"),
    "all": msg("all"),
    "acquisition": msg("acquisition"),
    "examination": msg("examination"),
    "device": msg("device"),
    "facility": msg("facility"),
    "item": msg("item"),
    "typical value": msg("typical value"),
    "optimisation": msg("optimisation"),
    "management": msg("dose management"),
    "head": msg("head"),
    "body": msg("body"),
    "human": msg("human"),
    "model": msg("model observer"),
    "at_least": msg("at least"),
    "at_most": msg("at most"),
    "achieved": msg("achieved"),
    "ongoing": msg("ongoing"),
    "delayed": msg("delayed"),
    "cancelled": msg("cancelled"),
    "radiologist": msg("radiologists"),
    "technologist": msg("technologists"),
    "physicist": msg("medical physicists"),
    "own_staff": msg("manufacturers' own staff"),
    "other": msg("other"),
    "xr_25": msg("Conforms to NEMA XR 25"),
    "xr_26": msg("Conforms to NEMA XR 26"),
    "xr_28": msg("Conforms to NEMA XR 28"),
    "xr_29": msg("Conforms to NEMA XR 29"),
    "can_add_modulation": msg("Tube current modulation can be added"),
    "can_add_iterative": msg("Iterative reconstruction can be added"),
    "standard": msg("as standard"),
    "option": msg("as an option"),
    "upgrade": msg("as an upgrade"),
    "not_available": msg("not available"),
    "2d": msg("Two-dimensional mammography"),
    "tomosynthesis": msg("Tomosynthesis"),
    "cc": msg("CC"),
    "mlo": msg("MLO"),
    "cr": msg("computed radiography"),
    "dr": msg("digital detector"),
    "photon_counting": msg("photon counting"),
}
"""Values in the commitment report and the breast imaging chapter."""

WORDS = {
    "higher": msg("higher"),
    "lower": msg("lower"),
    "not_distinguishable": msg("not distinguishable"),
    "not_comparable": msg("not comparable"),
    "no_previous": msg("no earlier level"),
    "shown": msg("shown"),
    "suppressed": msg("withheld"),
    "ndrl": msg("NDRL"),
    "typical_value": msg("typical value"),
    "above": msg("above"),
    "possibly_above": msg("possibly above"),
    "consistently_above": msg("consistently above"),
    "at_or_below": msg("at or below"),
    "unusually_low": msg("unusually low"),
    "no_ndrl": msg("no NDRL"),
    "too_few_examinations": msg("too few examinations"),
    "present": msg("reporting"),
    "visit_failed": msg("last visit failed"),
    "missing": msg("nothing received"),
    "late": msg("late"),
    "incomplete": msg("files still being written"),
    "scope_not_stated": msg("scope not stated"),
    "other_scope": msg("another scope"),
    "patient_group_not_stated": msg("patient group not stated"),
    "other_patient_group": msg("another patient group"),
    "percentile_not_stated": msg("percentile not stated"),
    "other_percentile": msg("another percentile"),
    "other_statistic": msg("another statistic"),
    "phantom_not_stated": msg("phantom not stated"),
    "other_phantom": msg("another phantom"),
    "other_unit": msg("another unit"),
    "unit_shifted": msg("unit looks shifted"),
    "keep_in_levels": msg("kept in by a statement"),
    "leave_out_of_levels": msg("left out by a statement"),
    "accepted": msg("accepted"),
    "held": msg("held"),
    "stated": msg("a statement of the authority"),
    "declared": msg("the declaration of the device"),
    "more_reports": msg("more reports of the device"),
    "undecided": msg("undecided"),
    "yes": msg("yes"),
    "no": msg("no"),
    "unknown": msg("unknown"),
    **COMMITMENT_WORDS,
}
MARKS = {
    "higher": "up",
    "above": "up",
    "consistently_above": "up",
    "lower": "down",
    "suppressed": "withheld",
    "typical_value": "withheld",
}
QUANTITIES = {
    "ctdivol": "CTDIvol",
    "dlp": "DLP",
    "ssde": "SSDE",
    "kap": msg("KAP"),
    "air_kerma_rp": msg("Air kerma at the reference point"),
    "fluoro_time": msg("Fluoroscopy time"),
    "agd": msg("AGD"),
    "agd_tomosynthesis": msg("AGD, tomosynthesis"),
    "agd_combination": msg("AGD, image and tomosynthesis"),
    "administered_activity": msg("Administered activity"),
    "administered_activity_per_kg": msg("Administered activity per kilogram"),
}
"""The labels of seed drl_quantities."""
MODALITIES = {
    "CT": msg("Computed tomography"),
    "DX": msg("Projection radiography"),
    "MG": msg("Mammography"),
    "RF": msg("Fluoroscopy and angiography"),
    "NM": msg("Nuclear medicine"),
    "CBCT": msg("Cone beam CT"),
    "DENTAL": msg("Dental radiography"),
    "DXA": msg("Bone densitometry (DXA)"),
}
"""Modality code → label, in display order."""
FACILITY_TYPES = {
    "university_hospital": msg("University hospital"),
    "hospital": msg("Hospital"),
    "clinic": msg("Clinic"),
    "practice": msg("Practice"),
    "screening_unit": msg("Screening unit"),
    "unknown": msg("Not registered"),
}
TEXT_FIELDS = (
    *(msg("procedure code"), msg("study description")),
    *(msg("requested procedure"), msg("acquisition protocol")),
)
"""Fields of a dose report that hold a name of the examination."""
CTDIVOL_RULES = {
    "length_weighted": msg("mean of its scans, weighted by their length"),
    "mean": msg("mean of its scans, whatever their length"),
    "maximum": msg("largest of its scans"),
    "per_series": msg("value of each region, not of the examination"),
}
"""Rule of a method for CTDIvol of an examination with several scans → label."""
PATIENT_SELECTIONS = {
    "adults": msg("Adults"),
    "adults_and_rp_185": msg("Adults, and children by the weight and age groups of RP 185"),
    "adults_and_german_weights": msg("Adults, and children by the German weight classes"),
    "austrian_groups": msg("Adults of 50 to under 90 kg, and children by age (Austria)"),
    "acr_ages": msg("Age groups of the ACR"),
    "australian_ages": msg("Age groups of Australia"),
}
"""Group system of a method → label."""
COUNTED = {
    "object": msg("Objects: files as the hospitals sent them"),
    "report": msg("Dose reports: accepted objects, without those withdrawn or sent again"),
    "event": msg("Irradiation events: single exposures in accepted reports"),
    "examination": msg("Examinations: the events of one study"),
}
"""What the attrition tables count, in processing order."""
