"""Blocks of the report of one manufacturer, read from the warehouse."""

from __future__ import annotations

from transforms.report.commitment.blocks import (
    AGE_BAND,
    FEATURE,
    INDICATOR,
    N_UNKNOWN,
    SHARE_UNKNOWN,
    SHOWN,
)
from transforms.report.frame.blocks import (
    COUNT,
    DAY,
    DOSE,
    LABEL,
    LINK,
    SHARE,
    VERDICT,
    YEAR,
    Block,
    Column,
)
from transforms.report.frame.catalogue import msg

FOLDER = "restricted_manufacturer"
MODEL_NAME = Column("model_name", msg("Device model"))
EVIDENCE = Column("evidence_uri", msg("Evidence"), LINK)
COUNTED = (
    Column("numerator", msg("Numerator"), COUNT),
    Column("denominator", msg("Denominator"), COUNT),
    Column("value", msg("Share (95 % limits)"), SHARE, "", "value_lower", "value_upper"),
    *(N_UNKNOWN, SHARE_UNKNOWN, SHOWN),
)
OWN_INDICATORS = Block(
    "own-indicators",
    msg("Own indicators and national indicators"),
    f"{FOLDER}/indicators.sql",
    (
        *(INDICATOR, *COUNTED),
        Column(
            *("national_value", msg("National share, as published (95 % limits)"), SHARE, ""),
            *("national_value_lower", "national_value_upper"),
        ),
        Column("national_share_unknown", msg("National share unknown"), SHARE),
    ),
    note=msg(
        "A value is withheld where it is based on fewer facilities than the disclosure profile "
        "requires."
    ),
)
OWN_MODELS = Block(
    "own-models",
    msg("Own indicators by device model and software"),
    f"{FOLDER}/models.sql",
    (Column("stratum_label", msg("Device model")), INDICATOR, *COUNTED),
    note=msg(
        "A value is withheld where it is based on fewer facilities than the disclosure profile "
        "requires."
    ),
)
OWN_AGES = Block(
    "own-ages",
    msg("Age of own devices and of all devices in the nation"),
    f"{FOLDER}/ages.sql",
    (
        *(Column("modality", msg("Modality"), LABEL), AGE_BAND),
        Column("n_devices", msg("Devices"), COUNT),
        Column("share_of_modality", msg("Share"), SHARE),
        Column("national_share", msg("National share, as published"), SHARE),
        SHOWN,
    ),
    note=msg("Own shares refer to all own devices, national shares to devices of known age."),
    empty=msg("The installed base has no device."),
)
OWN_DECLARATIONS = Block(
    "own-declarations",
    msg("Declarations for device models"),
    f"{FOLDER}/declarations.sql",
    (
        *(MODEL_NAME, Column("modality", msg("Modality"), LABEL)),
        Column("generation", msg("Generation")),
        Column("market_year", msg("On the market since"), YEAR),
        Column("end_of_support_year", msg("Supported until"), YEAR),
        Column("xr_25", msg("XR 25"), VERDICT),
        Column("xr_26", msg("XR 26"), VERDICT),
        Column("xr_28", msg("XR 28"), VERDICT),
        Column("xr_29", msg("XR 29"), VERDICT),
        Column("can_add_modulation", msg("Modulation can be added"), VERDICT),
        Column("can_add_iterative", msg("Iterative reconstruction can be added"), VERDICT),
        EVIDENCE,
    ),
    empty=msg("There are no declarations for device models."),
)
OWN_FEATURES = Block(
    "own-features",
    msg("Availability of features by device model"),
    f"{FOLDER}/features.sql",
    (
        MODEL_NAME,
        Column("software_from", msg("From software")),
        *(FEATURE, Column("status", msg("Status"), VERDICT)),
        Column("since_year", msg("Since"), YEAR),
        EVIDENCE,
    ),
    empty=msg("There are no declarations of the availability of features."),
)
OWN_BENCHMARKS = Block(
    "own-benchmarks",
    msg("Phantom measurements"),
    f"{FOLDER}/benchmarks.sql",
    (
        *(MODEL_NAME, Column("body_region", msg("Region"), VERDICT)),
        Column("phantom", msg("Phantom")),
        Column("insert_name", msg("Insert")),
        Column("insert_diameter_mm", msg("Diameter"), DOSE, "mm"),
        Column("insert_contrast_hu", msg("Contrast"), DOSE, "HU"),
        Column("protocol", msg("Protocol")),
        Column("kvp_kv", msg("Tube voltage"), DOSE, "kV"),
        Column("ctdivol_mgy", msg("CTDIvol"), DOSE, "mGy"),
        Column("reconstruction", msg("Reconstruction")),
        Column("observer", msg("Observer"), VERDICT),
        Column("figure_of_merit", msg("Figure of merit")),
        Column(
            *("figure_of_merit_value", msg("Value (limits)"), DOSE, ""),
            *("figure_of_merit_lower", "figure_of_merit_upper"),
        ),
        Column("laboratory", msg("Laboratory")),
        Column("measured_on", msg("Measured on"), DAY),
        Column("report_uri", msg("Report"), LINK),
    ),
    empty=msg("No phantom measurement is declared."),
)
OWN_TRAINING = Block(
    "own-training",
    msg("Courses"),
    f"{FOLDER}/training.sql",
    (
        Column("course", msg("Course")),
        Column("year", msg("Year"), YEAR),
        Column("provider", msg("Provider")),
        Column("programme", msg("Curriculum"), LABEL),
        Column("audience", msg("Audience"), VERDICT),
        Column("country", msg("Country"), LABEL),
        Column("n_sessions", msg("Sessions"), COUNT),
        Column("n_participants", msg("Participants"), COUNT),
        EVIDENCE,
    ),
    empty=msg("No course is declared."),
)
