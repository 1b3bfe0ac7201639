"""Blocks of the commitment report, as the public database has them."""

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
SHOWN = Column("disclosure", msg("Disclosure"), VERDICT)
MODEL = Column("model", msg("Counted by the SQL model"))
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
    Column("n_devices_used", msg("Devices using it"), COUNT),
    Column("n_devices_known", msg("Devices known"), COUNT),
    Column("share", msg("Share (95 % limits)"), SHARE, "", "share_lower", "share_upper"),
    Column("n_devices_unknown", msg("Devices unknown"), COUNT),
    *(SHARE_UNKNOWN, N_FACILITIES, SHOWN),
)
FEW = msg(
    "A number unknown that few facilities stand behind is withheld; such a row has no bar in the "
    "figure."
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
    msg("What the indicators count"),
    "commitment/definitions.sql",
    (
        INDICATOR,
        Column("counted", msg("Counted in"), VERDICT),
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
    msg("Indicators of the nation"),
    "commitment/indicators.sql",
    (INDICATOR, *COUNTED, SHOWN),
    note=msg(
        "Share is numerator over denominator. What is unknown is in neither; its share is of all, "
        "the unknown included, and rounded to 5 %. Counts are rounded for disclosure control. "
        "Limits take every count as independent: those of scans are too narrow."
    ),
    empty=msg("No indicator is defined."),
    figure=shares_of(
        msg("Shares of what is counted: yes, no and unknown"), USED, "indicator_label"
    ),
)
STRATA = Block(
    "strata",
    msg("In parts"),
    "commitment/strata.sql",
    (INDICATOR, Column("stratum_label", msg("Part"), LABEL), *COUNTED, SHOWN),
    note=msg("All parts are shown or none, so that a part cannot be had from a total."),
)
GENERATIONS = Block(
    "generations",
    msg("Doses of generations of CT systems, standardised to one case mix"),
    "commitment/generations.sql",
    (
        Column("drl_quantity", msg("Quantity"), LABEL),
        Column("generation", msg("Generation"), LABEL),
        Column(
            *("standardised_value", msg("Standardised mean (95 % limits)"), DOSE, OF_THE_ROW),
            *("standardised_lower", "standardised_upper"),
        ),
        Column("ratio_to_all", msg("Ratio to all"), RATIO),
        Column("n_cells", msg("Cells of the mix"), COUNT),
        Column("n_cells_left_out", msg("Cells left out"), COUNT),
        Column("share_of_mix", msg("Share of the mix"), SHARE),
        *(N_DEVICES, N_FACILITIES, SHOWN),
    ),
    note=msg(
        "The typical values of devices, weighted by the nation's mix of procedures and patient "
        "groups (cells) over the cells that every generation has. The generation is declared."
    ),
    empty=msg("No dose by generation could be stated."),
    figure=values_of(
        msg("{quantity}: standardised mean by generation, with its 95 % limits"),
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
    note=msg("Each measurement with its report stands in the restricted form of its maker."),
    empty=msg("No phantom measurement is declared."),
)
FEATURES = Block(
    "features",
    msg("Features in use on scanners"),
    "commitment/features.sql",
    (FEATURE, Column("feature_group", msg("Group"), VERDICT), *DIFFUSED),
    note=FEW,
    empty=msg("No feature could be counted."),
    figure=shares_of(
        msg("Scanners that use a feature, that do not, and of which it is unknown"),
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
        Column("seen_in_rdsr", msg("Use seen in dose reports"), VERDICT),
        Column("n_models", msg("Device models"), COUNT),
        Column("n_models_standard", msg("As standard"), COUNT),
        Column("n_models_available", msg("Available"), COUNT),
        Column("n_models_not_available", msg("Not available"), COUNT),
        Column("n_models_unknown", msg("Unknown"), COUNT),
        *(SHARE_UNKNOWN, SHOWN),
    ),
    empty=msg("No availability of a feature is declared."),
    figure=shares_of(
        msg("Device models with a feature, without it, and of which it is unknown"),
        *(AVAILABLE, "feature_label"),
    ),
)
DECLARATIONS = Block(
    "declarations",
    msg("What is declared of device models"),
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
    empty=msg("Nothing is declared of a device model."),
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
        Column("n_courses_without_participants", msg("Courses without number"), COUNT),
        SHOWN,
    ),
    note=msg("Courses without number: of which it is unknown how many took part."),
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
        Column("status_on", msg("Status of"), DAY),
        Column("due_on", msg("Due on"), DAY),
        Column("delivered_on", msg("Delivered on"), DAY),
        Column("n_days_late", msg("Days late (below 0: early)"), COUNT),
        Column("evidence_uri", msg("Evidence"), LINK),
    ),
    note=msg("What is not delivered is counted up to the day of its status."),
    empty=msg("No deliverable is declared."),
)
