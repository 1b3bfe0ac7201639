"""Blocks of one facility: its own values and published values, for this facility only."""

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
"""Maximum number of series drawn; the table below the figures has all of them."""
PROCEDURE = Column("procedure_label", msg("Procedure"), LABEL)
DEVICE = Column("device", msg("Device"))
EXAMINATIONS = Column("n_examinations", msg("Examinations"), COUNT)
OWN_VALUE = Column(
    *("typical_value", msg("Your typical value (95 % limits)"), DOSE, OF_THE_ROW),
    *("typical_value_lower", "typical_value_upper"),
)
PUBLISHED_NDRL = Column("national_drl", msg("Published NDRL"), DOSE, OF_THE_ROW)


def draw_values(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """One drawing per quantity: own typical values with limits, and the published NDRL."""
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
            "{quantity}: your typical value (circle) with 95 % limits (bar), published NDRL "
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
            "{cell}: {quantity}, your typical value over the years with 95 % limits",
            cell=cell,
            quantity=name,
        )
        drawn.append(Drawing(title, described, *trend(years, name, catalogue.tick)))
    return drawn


VALUES = Block(
    "values",
    msg("Your typical values and the national levels"),
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
        "Above: the lower limit of your typical value is above the NDRL. Possibly above: only the "
        "value itself is above it. Consistently above: above it in this year and in the year "
        "before. Unusually low: the value and its limits are below the 25th percentile; check "
        "image quality too. There is no ranking, because ranks mostly reflect chance. Your values "
        "are compared with the published NDRL, which is rounded: a value close to it may be on "
        "the other side of the exact NDRL. No NDRL: it is not published, or too few facilities "
        "contribute."
    ),
    empty=msg("No examination of this facility is used in this year."),
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
        Column("typical_value", msg("Your typical value"), DOSE, OF_THE_ROW),
        Column("p25", "P25", DOSE, OF_THE_ROW),
        Column("p50", "P50", DOSE, OF_THE_ROW),
        Column("p75", "P75", DOSE, OF_THE_ROW),
        Column("n_facilities", msg("Facilities"), COUNT),
    ),
    note=msg(
        "Quartiles of the typical values of all facilities of this type, including yours. They "
        "are published and rounded, and every reader sees the same."
    ),
    empty=msg(
        "No quartiles of this type of facility are published. They are published only where every "
        "type has enough facilities, and not where few facilities have changed since an earlier "
        "publication."
    ),
)
TREND = Block(
    "years",
    msg("Your typical values over the years"),
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
        "Diagnostic CT acquisitions of the year, for protocols with at least five acquisitions; "
        "the first 500 rows. Start optimisation with protocols of wide spread, or with protocols "
        "for the same purpose that differ."
    ),
    empty=msg("No acquisition protocol has five acquisitions that are used in this year."),
)
QUARANTINED = Block(
    "quarantined",
    msg("Objects quarantined or held, and what to fix"),
    "feedback/quarantined.sql",
    (
        Column("submission_id", msg("Submission")),
        Column("reason_code", msg("Reason")),
        Column("n_objects", msg("Objects"), COUNT),
        Column("mend", msg("Meaning, and what to fix")),
    ),
    note=msg(
        "File names are kept only as keyed hashes. The receipt lists each object: ask the "
        "authority for it and send a list of your file names with the request (drlake receipts)."
    ),
    empty=msg("No object was quarantined or held."),
)
SUBMISSIONS = Block(
    "submissions",
    msg("Submissions"),
    "feedback/submissions.sql",
    (
        Column("submission_id", msg("Submission")),
        Column("n_received", msg("Objects received"), COUNT),
        Column("n_accepted", msg("accepted"), COUNT),
        Column("n_held", msg("held"), COUNT),
        Column("n_quarantined", msg("quarantined"), COUNT),
        Column("n_duplicate", msg("duplicate"), COUNT),
        Column("n_examinations", msg("Examinations found"), COUNT),
        Column("status", msg("Status"), VERDICT),
        Column("hold_reason", msg("Reason for holding it")),
    ),
    note=msg(
        "Objects are held where a submission is in doubt as a whole, or where a study date is "
        "later than the day of the validation. They are not used until they are validated again."
    ),
    empty=msg("Nothing has been received yet."),
)
SUMMARIES = Block(
    "summaries",
    msg("Statistics of your forms"),
    "feedback/summaries.sql",
    (
        Column("period", msg("Year"), YEAR),
        PROCEDURE,
        GROUP,
        QUANTITY,
        Column("device", msg("Device")),
        EXAMINATIONS,
        Column("p50", "P50", DOSE, OF_THE_ROW),
        Column("is_used", msg("used"), LABEL),
        Column("reason", msg("Reason")),
    ),
    note=msg(
        "A method uses your dose reports instead of a statistic where they reach its minimum "
        "number of examinations."
    ),
    empty=msg("No form has been received."),
)
UNMAPPED = Block(
    "unmapped",
    msg("Examination names that are not mapped"),
    "feedback/unmapped.sql",
    (
        Column("compared_text", msg("Name, normalised")),
        Column("modality", msg("Modality"), LABEL),
        Column("field_words", msg("Field"), LABEL),
        EXAMINATIONS,
    ),
    note=msg(
        "Examinations with these names are not used. Tell the authority which procedure each name "
        "stands for. The 200 most frequent names are listed."
    ),
    empty=msg("All examination names of this facility are mapped."),
)
MAPPING = Block(
    "mapping",
    msg("Examinations by mapping"),
    "feedback/mapping.sql",
    (
        Column("modality", msg("Modality"), LABEL),
        EXAMINATIONS,
        Column("n_mapped", msg("mapped"), COUNT),
        Column("n_without_procedure", msg("procedure without a level"), COUNT),
        Column("n_undecided", msg("not yet mapped"), COUNT),
        Column("mapped_share", msg("Share mapped"), SHARE),
    ),
    empty=msg("No examination of this facility has been found."),
)
COMPLETENESS = Block(
    "completeness",
    msg("Completeness of the reports of each device"),
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
        "Shares of the accepted reports; for dose, protocol and tube voltage, shares of their "
        "events. A device is identified by the first characters of the keyed hash of its serial "
        "number."
    ),
    empty=msg("No report of this facility has been accepted yet."),
)
LEDGER = Block(
    "ledger",
    msg("Received, excluded and used"),
    "feedback/ledger.sql",
    (
        Column("step", msg("Step"), LABEL),
        Column("reason_code", msg("Reason")),
        Column("n", msg("Number"), COUNT),
        Column("share_of_first", msg("Share of the first row"), SHARE),
        Column("mend", msg("Meaning, and what to fix")),
    ),
    empty=msg("Nothing has been received yet."),
)
