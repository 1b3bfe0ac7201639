"""Blocks that identify facilities, for the restricted report of the authority only."""

from __future__ import annotations

from collections.abc import Sequence

from transforms.report.figures.drawing import Drawing
from transforms.report.figures.facilities import Lines, Site, caterpillar, funnel, strip
from transforms.report.frame.blocks import (
    COUNT,
    DOSE,
    LABEL,
    OF_THE_ROW,
    RATIO,
    SHARE,
    VERDICT,
    Block,
    Column,
    Row,
)
from transforms.report.frame.catalogue import Catalogue, msg
from transforms.report.frame.numbers import unit_text
from transforms.report.regulator.levels import (
    FACILITIES,
    GROUP,
    NDRL,
    QUANTITY,
    UNITS,
    draw_levels,
    draw_trends,
)

NATIONAL_VALUE = Column("national_level", msg("National value"), DOSE, OF_THE_ROW)
EXAMINATIONS = Column("n_examinations", msg("Examinations"), COUNT)
LIMITS = ("typical_value_lower", "typical_value_upper")


def draw_sites(rows: Sequence[Row], catalogue: Catalogue) -> list[Drawing]:
    """Cumulative curve, funnel and caterpillar plot of the facilities with enough examinations."""
    say = catalogue.say
    counting = [row for row in rows if row["is_sufficient"]]
    if not counting:
        return []
    sites = [
        Site(row["typical_value"], row["n_examinations"], *(row[name] for name in LIMITS))
        for row in counting
    ]
    lines, axis = _lines(counting[0], catalogue), unit_text(counting[0]["unit"])
    described = _description(counting, catalogue)
    axes = (say("Examinations of the facility"), axis)
    ranks = (say("Facilities in ascending order of typical value"), axis)
    return [
        Drawing(
            say("Typical values of the facilities and their cumulative distribution"),
            described,
            *strip(sites, lines, axis, catalogue.tick),
        ),
        Drawing(
            say("Typical value by number of examinations"),
            described,
            *funnel(sites, lines, axes, catalogue.tick),
        ),
        Drawing(
            say("Typical values in ascending order, with 95 % limits"),
            described,
            *caterpillar(sites, lines, ranks, catalogue.tick),
        ),
    ]


def _lines(row: Row, catalogue: Catalogue) -> Lines:
    say, dose = catalogue.say, catalogue.dose
    if row["status"] == "ndrl":
        return Lines(
            row["national_drl"],
            row["achievable_dose"],
            ndrl_words=f"{say('NDRL')} {dose(row['national_drl'])}",
            achievable_words=f"{say('Achievable dose')} {dose(row['achievable_dose'])}",
        )
    return Lines(None, None, row["p50"], middle_words=f"{say('Typical value')} {dose(row['p50'])}")


def _description(rows: Sequence[Row], catalogue: Catalogue) -> str:
    values, first = [row["typical_value"] for row in rows], rows[0]
    said = catalogue.say(
        "{n} typical values from {lowest} to {highest} {unit}.",
        n=len(values),
        lowest=catalogue.dose(min(values)),
        highest=catalogue.dose(max(values)),
        unit=unit_text(first["unit"]),
    )
    if first["status"] != "ndrl":
        return said
    above = sum(value > first["national_drl"] for value in values)
    return f"{said} " + catalogue.say(
        "NDRL {ndrl} (line), achievable dose {achievable} (dashed line); {n} facilities are above "
        "the NDRL (triangles), the others are circles.",
        ndrl=catalogue.dose(first["national_drl"]),
        achievable=catalogue.dose(first["achievable_dose"]),
        n=above,
    )


LEVELS = Block(
    "levels",
    msg("Reference levels"),
    "restricted_regulator/levels.sql",
    (
        Column("procedure_label", msg("Procedure"), LABEL),
        GROUP,
        QUANTITY,
        Column(
            *("level_value", msg("NDRL (95 % limits)"), DOSE, OF_THE_ROW),
            *("national_drl_lower", "national_drl_upper"),
        ),
        Column("achievable_dose", msg("Achievable dose"), DOSE, OF_THE_ROW),
        FACILITIES,
        EXAMINATIONS,
        Column("status", msg("Type of value"), VERDICT),
        Column("change_verdict", msg("Change"), VERDICT),
    ),
    note=msg(
        "The axis starts at zero. A bar without an end mark has no limit on that side. A typical "
        "value is given where too few facilities report for an NDRL."
    ),
    figure=draw_levels,
)
UNCOUNTED = Block(
    "uncounted",
    msg("Procedures for which no facility has enough examinations"),
    "restricted_regulator/uncounted.sql",
    (
        Column("procedure_label", msg("Procedure"), LABEL),
        GROUP,
        FACILITIES,
        Column("n_examinations", msg("Examinations of one facility, at most"), COUNT),
    ),
    empty=msg(
        "For each procedure and patient group, at least one facility has enough examinations."
    ),
)
DISTRIBUTION = Block(
    "distribution",
    msg("Distribution across facilities, and change"),
    "restricted_regulator/distribution.sql",
    (
        QUANTITY,
        UNITS,
        FACILITIES,
        EXAMINATIONS,
        Column("minimum", msg("Lowest"), DOSE, OF_THE_ROW),
        Column("p25", "P25", DOSE, OF_THE_ROW),
        Column("p50", "P50", DOSE, OF_THE_ROW),
        Column("p75", "P75", DOSE, OF_THE_ROW),
        Column("maximum", msg("Highest"), DOSE, OF_THE_ROW),
        NDRL,
        Column("achievable_dose", msg("Achievable dose"), DOSE, OF_THE_ROW),
        Column("n_above", msg("Above the NDRL"), COUNT),
        Column("share_above", msg("Share above"), SHARE),
        Column("status", msg("Type of value"), VERDICT),
    ),
)
SITES = Block(
    "sites",
    msg("Values by facility"),
    "restricted_regulator/sites.sql",
    (
        Column("facility_id", msg("Facility")),
        Column("device", msg("Device")),
        EXAMINATIONS,
        Column(
            *("typical_value", msg("Typical value (95 % limits)"), DOSE, OF_THE_ROW),
            *LIMITS,
        ),
        Column("ratio_to_national_drl", msg("Ratio to NDRL"), RATIO),
        Column("position", msg("Position"), VERDICT),
    ),
    empty=msg("This method does not compare facilities."),
    figure=draw_sites,
)
TREND = Block(
    "trend",
    msg("NDRL over the years"),
    "restricted_regulator/trend.sql",
    (
        QUANTITY,
        Column("period", msg("Year"), "year"),
        NDRL,
        FACILITIES,
        Column("change_ratio", msg("Ratio to previous NDRL"), RATIO),
        Column("n_matched_facilities", msg("Facilities of both years"), COUNT),
        Column("matched_ratio", msg("Median ratio of these"), RATIO),
        Column("change_verdict", msg("Change"), VERDICT),
    ),
    note=msg(
        "The change is that of the facilities with a value in both years: facilities that came or "
        "left can move the NDRL although no facility has changed."
    ),
    figure=draw_trends,
)
ATTRITION = Block(
    "attrition",
    msg("Received, excluded and used"),
    "restricted_regulator/attrition.sql",
    (
        Column("step", msg("Step"), LABEL),
        Column("reason_code", msg("Reason")),
        Column("n", msg("Number"), COUNT),
        Column("share_of_first", msg("Share of the first row"), SHARE),
        Column("mend", msg("Meaning, and what to fix")),
    ),
    empty=msg("Nothing has been received yet."),
)
ATTENDANCE = Block(
    "absent",
    msg("Facilities that are missing, late or not reached"),
    "restricted_regulator/attendance.sql",
    (
        Column("facility_id", msg("Facility")),
        Column("facility_name", msg("Name")),
        Column("cadence", msg("Agreed interval"), LABEL),
        Column("attendance", msg("Status"), VERDICT),
        Column("reason_code", msg("Reason")),
        Column("n_days_behind", msg("Days behind"), COUNT),
    ),
    note=msg(
        "This report does not include what these facilities have not sent. A facility is late if "
        "its newest study is older than the newest study of all facilities by more than two of "
        "its agreed intervals."
    ),
    empty=msg("No facility is missing or late, and the last visit to each was successful."),
)
DEVICES = Block(
    "devices-left-out",
    msg("Devices whose unit looks shifted, and devices with a statement of the authority"),
    "restricted_regulator/devices.sql",
    (
        Column("facility_id", msg("Facility")),
        Column("device_key", msg("Device")),
        Column("procedure_label", msg("Procedure"), LABEL),
        GROUP,
        QUANTITY,
        EXAMINATIONS,
        Column("factor", msg("Factor"), RATIO),
        NATIONAL_VALUE,
        Column("level_with_device", msg("Value with the device"), DOSE, OF_THE_ROW),
        Column("reason", msg("Reason"), VERDICT),
        Column("is_left_out", msg("Left out"), VERDICT),
    ),
    note=msg(
        "A device is left out of the national levels where its median is about 10, 100 or 1,000 "
        "times the national median, or that part of it; the statistics of its facility stay. Ask "
        "the facility about its unit. The command drlake device state keeps the device in or out."
    ),
    empty=msg("No unit looks shifted, and there is no statement on a device."),
)
HELD = Block(
    "submissions-held",
    msg("Submissions with held objects, and the reason"),
    "restricted_regulator/held.sql",
    (
        Column("facility_id", msg("Facility")),
        Column("submission_id", msg("Submission")),
        Column("n_held", msg("Objects held"), COUNT),
        Column("hold_reason", msg("Reason, and what to do")),
    ),
    note=msg(
        "Objects are held where a submission is in doubt as a whole, or where a study date is "
        "later than the day of the validation. They are not used in this report until they are "
        "validated again."
    ),
    empty=msg("No object is held."),
)
SHARED = Block(
    "shared-devices",
    msg("Devices whose examinations several facilities have sent"),
    "restricted_regulator/shared_devices.sql",
    (
        Column("shared_device_key", msg("Device")),
        Column("device", msg("Model")),
        Column("period", msg("Year")),
        Column("facility_id", msg("Facility")),
        Column("other_facilities", msg("Sent by as well")),
        Column("is_device_declared", msg("Declared"), LABEL),
        Column("n_reports_of_device", msg("Reports of the device"), COUNT),
        Column("n_shared_reports", msg("Shared reports"), COUNT),
        Column("n_counted_reports", msg("used"), COUNT),
        Column("decided_by", msg("Decided by"), VERDICT),
        Column("counted_at", msg("Counts at")),
    ),
    note=msg(
        "An examination counts at the facility that has declared the device; where none or both "
        "have, at the one that has sent more reports of the device; with equally many at neither. "
        "To state another facility: drlake device counts-at DEVICE FACILITY --from DAY --to DAY."
    ),
    empty=msg("No examination was sent by two facilities."),
)
SENDERS = Block(
    "senders",
    msg("Data sent by each facility, and number of its typical values above an NDRL"),
    "restricted_regulator/facilities.sql",
    (
        Column("facility_id", msg("Facility")),
        Column("quarters", msg("Quarters")),
        Column("n_submissions", msg("Submissions"), COUNT),
        Column("n_held", msg("held"), COUNT),
        Column("n_received", msg("Objects received"), COUNT),
        Column("n_accepted", msg("accepted"), COUNT),
        Column("n_objects_held", msg("held"), COUNT),
        Column("n_quarantined", msg("quarantined"), COUNT),
        Column("n_duplicate", msg("duplicate"), COUNT),
        Column("n_examinations", msg("Examinations found"), COUNT),
        Column("n_unmapped", msg("unmapped"), COUNT),
        Column("n_summaries", msg("Statistics in forms"), COUNT),
        Column("n_compared", msg("Comparisons"), COUNT),
        Column("n_above", msg("above"), COUNT),
    ),
    empty=msg("No facility has sent anything yet."),
)
DEVICE_MODELS = Block(
    "device-models",
    msg("Completeness of accepted reports by device model"),
    "restricted_regulator/device_models.sql",
    (
        Column("model_name", msg("Model")),
        Column("manufacturer", msg("Manufacturer")),
        Column("software_versions", msg("Software")),
        Column("modality", msg("Modality"), LABEL),
        FACILITIES,
        Column("n_devices", msg("Devices"), COUNT),
        Column("n_reports", msg("Reports"), COUNT),
        Column("n_findings", msg("Findings"), COUNT),
        Column("age_share", msg("with age"), SHARE),
        Column("weight_share", msg("with weight"), SHARE),
        Column("examination_name_share", msg("with name of the examination"), SHARE),
        Column("dose_share", msg("with dose"), SHARE),
        Column("protocol_share", msg("with protocol"), SHARE),
    ),
    empty=msg("No report has been accepted."),
)
