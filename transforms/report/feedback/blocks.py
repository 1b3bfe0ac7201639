"""Blocks of one facility: its own numbers beside what is published, for nobody but itself."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from transforms.report.figures.drawing import Drawing
from transforms.report.figures.intervals import Level, Year, interval_bars, trend
from transforms.report.frame.blocks import (
    COUNT,
    DOSE,
    LABEL,
    OF_THE_ROW,
    SHARE,
    VERDICT,
    YEAR,
    Block,
    Column,
    Row,
)
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.labels import QUANTITIES
from transforms.report.frame.numbers import unit_text
from transforms.report.regulator.levels import GROUP, QUANTITY

MOST_DRAWN = 24
"""Series that are drawn; the table under the figures has all of them."""
PROCEDURE = Column("procedure_label", msg("Procedure"), LABEL)
DEVICE = Column("device", msg("Device"))
EXAMINATIONS = Column("n_examinations", msg("Examinations"), COUNT)
OWN_VALUE = Column(
    *("typical_value", msg("Own typical value (95 % limits)"), DOSE, OF_THE_ROW),
    *("typical_value_lower", "typical_value_upper"),
)
PUBLISHED_NDRL = Column("national_drl", msg("NDRL as published"), DOSE, OF_THE_ROW)


def draw_values(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """One drawing per quantity: own typical values with their limits, and the published NDRL."""
    say, found = catalogue.say, defaultdict(list)
    for row in rows:
        if row["position"] != "too_few_examinations":
            found[row["drl_quantity"], row["unit"]].append(row)
    drawn = []
    for (quantity, unit), shown in found.items():
        name = f"{catalogue.label(QUANTITIES[quantity])} ({unit_text(unit)})"
        levels = [_level(row, catalogue) for row in shown]
        described = "; ".join(
            f"{one.label}: {catalogue.dose(one.value)}, {say('NDRL')} {catalogue.dose(one.second)}"
            for one in levels
        )
        title = say(
            "{quantity}: own typical value (circle) with its 95 % limits (bar), published NDRL "
            "(diamond)",
            quantity=name,
        )
        drawn.append(Drawing(title, described, *interval_bars(levels, name, catalogue.tick)))
    return drawn


def _level(row: Row, catalogue: Catalogue) -> Level:
    return Level(
        _cell_words(row, catalogue),
        row["typical_value"],
        row["typical_value_lower"],
        row["typical_value_upper"],
        row["national_drl"],
    )


def _cell_words(row: Row, catalogue: Catalogue) -> str:
    words = [catalogue.label(row["procedure_label"]), catalogue.label(row["patient_group_label"])]
    return " · ".join([*words, row["device"]] if row["device"] else words)


def draw_years(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """One drawing per procedure, patient group and quantity."""
    found = defaultdict(list)
    for row in rows:
        key = (_cell_words(row, catalogue), row["drl_quantity"], row["unit"])
        found[key].append(row)
    drawn = []
    for (cell, quantity, unit), shown in list(found.items())[:MOST_DRAWN]:
        years = [
            Year(
                row["period"],
                row["typical_value"],
                row["typical_value_lower"],
                row["typical_value_upper"],
            )
            for row in shown
        ]
        name = f"{catalogue.label(QUANTITIES[quantity])} ({unit_text(unit)})"
        described = "; ".join(f"{one.year}: {catalogue.dose(one.value)}" for one in years)
        title = catalogue.say(
            "{cell}: {quantity}, own typical value over the years with its 95 % limits",
            cell=cell,
            quantity=name,
        )
        drawn.append(Drawing(title, described, *trend(years, name, catalogue.tick)))
    return drawn


VALUES = Block(
    "values",
    msg("Own typical values beside the national levels"),
    "feedback/values.sql",
    (
        PROCEDURE,
        GROUP,
        QUANTITY,
        DEVICE,
        EXAMINATIONS,
        OWN_VALUE,
        PUBLISHED_NDRL,
        Column("achievable_dose", msg("Achievable dose"), DOSE, OF_THE_ROW),
        Column("position", msg("Position"), VERDICT),
    ),
    note=msg(
        "Above: the lower limit of the own typical value is above the NDRL; possibly above: only "
        "the value is; consistently above: above in this year and in the one before. Unusually "
        "low: value and limits are below the 25th percentile; look at image quality too. There is "
        "no rank: places in a list are mostly chance. Compared is with the NDRL as it is "
        "published, which is rounded: a value close to it may lie on the other side of the exact "
        "number. No NDRL: none may be published, or too few facilities count."
    ),
    empty=msg("No examination of this facility counts in this year."),
    figure=draw_values,
)
PEERS = Block(
    "peers",
    msg("Facilities of the same type"),
    "feedback/peers.sql",
    (
        PROCEDURE,
        GROUP,
        QUANTITY,
        DEVICE,
        Column("typical_value", msg("Own typical value"), DOSE, OF_THE_ROW),
        Column("p25", "P25", DOSE, OF_THE_ROW),
        Column("p50", "P50", DOSE, OF_THE_ROW),
        Column("p75", "P75", DOSE, OF_THE_ROW),
        Column("n_facilities", msg("Facilities"), COUNT),
    ),
    note=msg(
        "Quartiles of the typical values of all facilities of this type, this one included, as "
        "they are published: rounded, and the same for everybody."
    ),
    empty=msg(
        "No quartiles of this type of facility are published. They are where every type has enough "
        "facilities, and not where few facilities have changed since an earlier publication."
    ),
)
TREND = Block(
    "years",
    msg("Own typical values over the years"),
    "feedback/trend.sql",
    (
        PROCEDURE,
        GROUP,
        QUANTITY,
        DEVICE,
        Column("period", msg("Year"), YEAR),
        EXAMINATIONS,
        OWN_VALUE,
        PUBLISHED_NDRL,
    ),
    empty=msg("There is no second year with enough examinations yet."),
    figure=draw_years,
)
PROTOCOLS = Block(
    "protocols",
    msg("Spread of the dose within each acquisition protocol"),
    "feedback/protocols.sql",
    (
        Column("acquisition_protocol", msg("Acquisition protocol")),
        PROCEDURE,
        GROUP,
        QUANTITY,
        Column("n_acquisitions", msg("Acquisitions"), COUNT),
        Column("p25", "P25", DOSE, OF_THE_ROW),
        Column("p50", "P50", DOSE, OF_THE_ROW),
        Column("p75", "P75", DOSE, OF_THE_ROW),
    ),
    note=msg(
        "Diagnostic CT acquisitions of the year, with at least five of a protocol; the 500 first "
        "lines. A protocol with a wide spread, or two of one purpose that differ, are where "
        "optimisation begins."
    ),
    empty=msg("No acquisition protocol has five acquisitions that count in this year."),
)
QUARANTINED = Block(
    "quarantined",
    msg("Objects that were refused, and what to mend"),
    "feedback/quarantined.sql",
    (
        Column("submission_id", msg("Submission")),
        Column("reason_code", msg("Reason")),
        Column("n_objects", msg("Objects"), COUNT),
        Column("mend", msg("What it means, what to mend")),
    ),
    note=msg(
        "Names of files are kept as keyed hashes only. The receipt names each object: ask the "
        "authority for it and send the list of your file names along (drlake receipts)."
    ),
    empty=msg("No object was refused."),
)
SUBMISSIONS = Block(
    "submissions",
    msg("Submissions"),
    "feedback/submissions.sql",
    (
        Column("submission_id", msg("Submission")),
        Column("n_received", msg("Objects received"), COUNT),
        Column("n_accepted", msg("accepted"), COUNT),
        Column("n_quarantined", msg("quarantined"), COUNT),
        Column("n_duplicate", msg("duplicate"), COUNT),
        Column("n_examinations", msg("Examinations found"), COUNT),
        Column("status", msg("State"), VERDICT),
        Column("hold_reason", msg("Why it is held")),
    ),
    note=msg(
        "A held submission is doubtful as a whole, and none of its examinations counts until you "
        "have answered."
    ),
    empty=msg("Nothing has been received yet."),
)
UNMAPPED = Block(
    "unmapped",
    msg("Names that no rule knows"),
    "feedback/unmapped.sql",
    (
        Column("compared_text", msg("Name, as it is compared")),
        Column("modality", msg("Modality"), LABEL),
        Column("field_words", msg("Field"), LABEL),
        EXAMINATIONS,
    ),
    note=msg(
        "Examinations of these names count nowhere. Tell the authority which procedure each of "
        "them is; the 200 most frequent are listed."
    ),
    empty=msg("Every name of this facility is known."),
)
MAPPING = Block(
    "mapping",
    msg("Examinations with a known procedure"),
    "feedback/mapping.sql",
    (
        Column("modality", msg("Modality"), LABEL),
        EXAMINATIONS,
        Column("n_mapped", msg("mapped"), COUNT),
        Column("n_without_procedure", msg("without a reference level"), COUNT),
        Column("n_undecided", msg("unknown"), COUNT),
        Column("mapped_share", msg("Share mapped"), SHARE),
    ),
    empty=msg("No examination of this facility has been found."),
)
COMPLETENESS = Block(
    "completeness",
    msg("How complete the reports of each device are"),
    "feedback/completeness.sql",
    (
        Column("device_model", msg("Manufacturer and model")),
        DEVICE,
        Column("modality", msg("Modality"), LABEL),
        Column("n_reports", msg("Reports"), COUNT),
        Column("study_date_share", msg("Study date"), SHARE),
        Column("age_share", msg("Age"), SHARE),
        Column("weight_share", msg("Weight"), SHARE),
        Column("examination_name_share", msg("Name of the examination"), SHARE),
        Column("dose_share", msg("Dose of each event"), SHARE),
        Column("protocol_share", msg("Protocol"), SHARE),
        Column("kvp_share", msg("Tube voltage"), SHARE),
    ),
    note=msg(
        "Shares of the accepted reports, from the dose on of their events. A device is named by "
        "the first letters of the keyed hash of its serial number."
    ),
    empty=msg("No report of this facility is accepted yet."),
)
LEDGER = Block(
    "ledger",
    msg("From what was received to what is used"),
    "feedback/ledger.sql",
    (
        Column("step", msg("Step"), LABEL),
        Column("reason_code", msg("Reason")),
        Column("n", msg("Number"), COUNT),
        Column("share_of_first", msg("Share of the first line"), SHARE),
        Column("mend", msg("What it means, what to mend")),
    ),
    empty=msg("Nothing has been received yet."),
)
