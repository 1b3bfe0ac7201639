"""Blocks of the commitment report from the public database."""

from __future__ import annotations

from transforms.report.commitment.figures import AVAILABLE, STATED, USED, shares_of, values_of
from transforms.report.frame.blocks import (
    COUNT,
    DAY,
    DOSE,
    LABEL,
    LINK,
    OF_THE_ROW,
    RATIO,
    SHARE,
    TEXT,
    VERDICT,
    YEAR,
    Block,
    Column,
)
from transforms.report.frame.catalogue import msg

INDICATOR = Column("indicator_label", msg("Indicator"), LABEL)
FEATURE = Column("feature_label", msg("Feature"), LABEL)
AGE_BAND = Column("age_band_label", msg("Age of the device"), LABEL)
SHOWN = Column("disclosure", msg("Shown or withheld"), VERDICT)
MODEL = Column("model", msg("SQL model"))
N_UNKNOWN = Column("n_unknown", msg("Unknown"), COUNT)
SHARE_UNKNOWN = Column("share_unknown", msg("Share unknown"), SHARE)
N_FACILITIES = Column("n_facilities", msg("Facilities"), COUNT)
N_DEVICES = Column("n_devices", msg("Devices"), COUNT)
COUNTED = (
    Column("numerator", msg("Numerator"), COUNT),
    Column("denominator", msg("Denominator"), COUNT),
    Column("value", msg("Share (95 % limits)"), SHARE, "", "value_lower", "value_upper"),
    *(N_UNKNOWN, SHARE_UNKNOWN, N_FACILITIES, N_DEVICES),
)
DIFFUSED = (
    Column("n_devices_used", msg("Devices using the feature"), COUNT),
    Column("n_devices_known", msg("Devices with known use"), COUNT),
    Column("share", msg("Share (95 % limits)"), SHARE, "", "share_lower", "share_upper"),
    Column("n_devices_unknown", msg("Devices with unknown use"), COUNT),
    *(SHARE_UNKNOWN, N_FACILITIES, SHOWN),
)
FEW = msg(
    "The number of unknown devices is withheld where it is based on few facilities; such a row "
    "has no bar in the figure."
)

WORDINGS = Block(
    "wordings",
    msg("Wording of the commitment"),
    "commitment/wordings.sql",
    (
        Column("wording_version", msg("Version")),
        Column("wording", msg("Wording")),
        Column("valid_from", msg("Valid from"), DAY),
        Column("source", msg("Source"), LINK),
    ),
)
DEFINITIONS = Block(
    "definitions",
    msg("Definitions of the indicators"),
    "commitment/definitions.sql",
    (
        INDICATOR,
        Column("counted", msg("Unit counted"), VERDICT),
        Column("numerator", msg("Numerator"), LABEL),
        Column("denominator", msg("Denominator"), LABEL),
        Column("unknown", msg("Unknown"), LABEL),
        MODEL,
        Column("note", msg("Note"), LABEL),
    ),
    empty=msg("No indicator is defined."),
)
INDICATORS = Block(
    "indicators",
    msg("National indicators"),
    "commitment/indicators.sql",
    (INDICATOR, *COUNTED, SHOWN),
    note=msg(
        "The share is the numerator divided by the denominator. Unknown cases are in neither; "
        "their share refers to all cases, including the unknown, and is rounded to 5 %. Counts "
        "are rounded for disclosure control. Confidence limits assume independence and are too "
        "narrow for scans."
    ),
    empty=msg("No indicator is defined."),
    figure=shares_of(msg("Shares by indicator: yes, no and unknown"), USED, "indicator_label"),
)
STRATA = Block(
    "strata",
    msg("By subgroup"),
    "commitment/strata.sql",
    (INDICATOR, Column("stratum_label", msg("Subgroup"), LABEL), *COUNTED, SHOWN),
    note=msg(
        "Either all subgroups are shown or none, so that no subgroup can be calculated from a "
        "total."
    ),
)
GENERATIONS = Block(
    "generations",
    msg("Doses by generation of CT system, standardised to one case mix"),
    "commitment/generations.sql",
    (
        Column("drl_quantity", msg("Quantity"), LABEL),
        Column("generation", msg("Generation"), LABEL),
        Column(
            *("standardised_value", msg("Standardised mean (95 % limits)"), DOSE, OF_THE_ROW),
            *("standardised_lower", "standardised_upper"),
        ),
        Column("ratio_to_all", msg("Ratio to all generations"), RATIO),
        Column("n_cells", msg("Cells used"), COUNT),
        Column("n_cells_left_out", msg("Cells left out"), COUNT),
        Column("share_of_mix", msg("Share of all examinations"), SHARE),
        *(N_DEVICES, N_FACILITIES, SHOWN),
    ),
    note=msg(
        "Mean of the typical values of devices, weighted by the national mix of procedures and "
        "patient groups (cells). Only cells that every generation has are used. The generation is "
        "declared."
    ),
    empty=msg("No dose by generation is available."),
    figure=values_of(
        msg("{quantity}: standardised mean by generation, with 95 % limits"),
        ("standardised_value", "standardised_lower", "standardised_upper"),
        "generation",
    ),
)
BENCHMARKS = Block(
    "benchmarks",
    msg("Phantom measurements"),
    "commitment/benchmarks.sql",
    (
        Column("phantom", msg("Phantom")),
        Column("body_region", msg("Region"), VERDICT),
        Column("insert_name", msg("Insert")),
        Column("observer", msg("Observer"), VERDICT),
        Column("figure_of_merit", msg("Figure of merit")),
        Column("n_measurements", msg("Measurements"), COUNT),
        Column("n_models", msg("Device models"), COUNT),
        Column("ctdivol_p50_mgy", msg("CTDIvol, median"), DOSE, "mGy"),
        Column("figure_of_merit_p50", msg("Figure of merit, median"), DOSE),
        SHOWN,
    ),
    note=msg("The restricted report of the manufacturer lists each measurement with its report."),
    empty=msg("No phantom measurement is declared."),
)
FEATURES = Block(
    "features",
    msg("Features in use on scanners"),
    "commitment/features.sql",
    (FEATURE, Column("feature_group", msg("Group"), VERDICT), *DIFFUSED),
    note=FEW,
    empty=msg("There are no data on the use of features."),
    figure=shares_of(
        msg("Scanners by use of the feature: used, not used, unknown"),
        USED,
        "feature_label",
    ),
)
FEATURES_BY_AGE = Block(
    "features-by-age",
    msg("Features in use by age of the scanner"),
    "commitment/features_by_age.sql",
    (FEATURE, AGE_BAND, *DIFFUSED),
    note=FEW,
    figure=shares_of(
        msg("Features by age of the scanner: used, not used, unknown"),
        *(USED, "feature_label", "age_band_label"),
    ),
)
FEATURES_BY_YEAR = Block(
    "features-by-year",
    msg("Features in use over the years"),
    "commitment/features_by_year.sql",
    (FEATURE, Column("period", msg("Year"), YEAR), *DIFFUSED),
)
AVAILABILITY = Block(
    "availability",
    msg("Availability of features by device model"),
    "commitment/availability.sql",
    (
        *(FEATURE, Column("feature_group", msg("Group"), VERDICT)),
        Column("standard", msg("Standard"), TEXT),
        Column("seen_in_rdsr", msg("Use visible in dose reports"), VERDICT),
        Column("n_models", msg("Device models"), COUNT),
        Column("n_models_standard", msg("As standard"), COUNT),
        Column("n_models_available", msg("Available"), COUNT),
        Column("n_models_not_available", msg("Not available"), COUNT),
        Column("n_models_unknown", msg("Unknown"), COUNT),
        *(SHARE_UNKNOWN, SHOWN),
    ),
    empty=msg("There are no declarations of the availability of features."),
    figure=shares_of(
        msg("Device models by availability of the feature: available, not available, unknown"),
        *(AVAILABLE, "feature_label"),
    ),
)
DECLARATIONS = Block(
    "declarations",
    msg("Declarations for device models"),
    "commitment/declarations.sql",
    (
        Column("statement", msg("Statement"), VERDICT),
        Column("modality", msg("Modality"), LABEL),
        Column("n_models", msg("Device models"), COUNT),
        Column("n_models_yes", msg("Yes"), COUNT),
        Column("n_models_no", msg("No"), COUNT),
        Column("n_models_unknown", msg("Unknown"), COUNT),
        *(SHARE_UNKNOWN, SHOWN),
    ),
    empty=msg("There are no declarations for device models."),
    figure=shares_of(
        msg("Device models: declared yes, declared no, unknown"), STATED, "statement", "modality"
    ),
)
TRAINING = Block(
    "training",
    msg("Courses by year, audience and country"),
    "commitment/training.sql",
    (
        Column("year", msg("Year"), YEAR),
        Column("audience", msg("Audience"), VERDICT),
        Column("country", msg("Country"), LABEL),
        Column("n_courses", msg("Courses"), COUNT),
        Column("n_courses_of_curricula", msg("Courses that follow a curriculum"), COUNT),
        Column("n_sessions", msg("Sessions"), COUNT),
        Column("n_participants", msg("Participants"), COUNT),
        Column("n_courses_without_participants", msg("Attendance not reported"), COUNT),
        SHOWN,
    ),
    note=msg("Attendance not reported: number of courses without a number of participants."),
    empty=msg("No course is declared."),
)
DELIVERABLES = Block(
    "deliverables",
    msg("Deliverables of the commitments"),
    "commitment/deliverables.sql",
    (
        Column("deliverable", msg("Deliverable")),
        Column("commitment_number", msg("Commitment"), COUNT),
        Column("wording_version", msg("Wording version")),
        Column("wording", msg("Wording")),
        Column("status", msg("Status"), VERDICT),
        Column("status_on", msg("Status date"), DAY),
        Column("due_on", msg("Due on"), DAY),
        Column("delivered_on", msg("Delivered on"), DAY),
        Column("n_days_late", msg("Days late (negative: early)"), COUNT),
        Column("evidence_uri", msg("Evidence"), LINK),
    ),
    note=msg(
        "Days late of deliverables that are not yet delivered are counted up to the status date."
    ),
    empty=msg("No deliverable is declared."),
)
