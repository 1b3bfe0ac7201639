"""Blocks of the installed base: ages of devices, and doses by age of the device."""

from __future__ import annotations

from transforms.report.commitment.blocks import (
    AGE_BAND,
    N_DEVICES,
    N_FACILITIES,
    SHARE_UNKNOWN,
    SHOWN,
)
from transforms.report.commitment.figures import AGES, shares_above, shares_of, values_of
from transforms.report.frame.blocks import (
    COUNT,
    DOSE,
    LABEL,
    OF_THE_ROW,
    SHARE,
    VERDICT,
    Block,
    Column,
)
from transforms.report.frame.catalogue import msg

GOLDEN_RULES = Block(
    "golden-rules",
    msg("Golden rules and definition of age"),
    "commitment/golden_rules.sql",
    (
        AGE_BAND,
        Column("rule", msg("Rule"), VERDICT),
        Column("rule_share", msg("Share"), SHARE),
        Column("age_band_definition", msg("Definition"), LABEL),
    ),
)
AGE_PROFILE = Block(
    "age-profile",
    msg("Age of the installed base by modality"),
    "commitment/age_profile.sql",
    (
        Column("modality", msg("Modality"), LABEL),
        Column("country", msg("Country"), LABEL),
        Column("n_devices", msg("Devices of known age"), COUNT),
        Column("share_young", msg("Up to 5 years"), SHARE),
        Column("young_met", msg("at least 60 %"), VERDICT),
        Column("share_middle", msg("6 to 10 years"), SHARE),
        Column("middle_met", msg("at most 30 %"), VERDICT),
        Column("share_old", msg("More than 10 years"), SHARE),
        Column("old_met", msg("at most 10 %"), VERDICT),
        Column("n_age_unknown", msg("Age unknown"), COUNT),
        *(SHARE_UNKNOWN, SHOWN),
    ),
    note=msg(
        "Shares of the age bands refer to the devices of known age; the figure refers to all "
        "devices. The number of devices of unknown age is withheld where it is based on few "
        "facilities; the bar is then left out."
    ),
    empty=msg("The installed base has no device."),
    figure=shares_of(msg("Devices by age"), AGES, "modality", "country"),
)
_medians = values_of(
    msg("{quantity}: median typical value by age of the device, with 95 % limits"),
    ("p50", "p50_lower", "p50_upper"),
    *("age_band_label", "procedure_label", "patient_group_label"),
)
AGE_BAND_DOSES = Block(
    "age-band-doses",
    msg("Typical values by age of the device"),
    "commitment/age_band_doses.sql",
    (
        Column("procedure_label", msg("Procedure"), LABEL),
        Column("patient_group_label", msg("Patient group"), LABEL),
        *(AGE_BAND, N_DEVICES, N_FACILITIES),
        Column("p25", "P25", DOSE, OF_THE_ROW),
        Column("p50", msg("P50 (95 % limits)"), DOSE, OF_THE_ROW, "p50_lower", "p50_upper"),
        Column("p75", "P75", DOSE, OF_THE_ROW),
        Column("n_compared", msg("Devices compared"), COUNT),
        Column("n_above", msg("Above the NDRL"), COUNT),
        Column(
            *("share_above", msg("Share above (95 % limits)"), SHARE, ""),
            *("share_above_lower", "share_above_upper"),
        ),
    ),
    note=msg(
        "By definition, a quarter of the typical values of facilities is above a level. A "
        "difference does not show that age is the cause: facilities with old devices may differ "
        "in other ways."
    ),
    empty=msg("No dose by age of the device is published."),
    figure=lambda rows, catalogue: [*_medians(rows, catalogue), *shares_above(rows, catalogue)],
)
AGE_BAND_WITHHELD = Block(
    "age-band-withheld",
    msg("Withheld doses by age of the device"),
    "commitment/age_band_withheld.sql",
    (
        Column("procedure_label", msg("Procedure"), LABEL),
        Column("patient_groups", msg("Patient groups"), LABEL),
        Column("drl_quantities", msg("Quantities"), LABEL),
    ),
    empty=msg("All doses by age of the device are shown."),
)
