"""The regulator's report in its restricted version: facilities by id, from the warehouse."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from transforms.errors import LedgerError
from transforms.report.frame.blocks import FilledBlock, Row, Source
from transforms.report.frame.catalogue import Catalogue
from transforms.report.frame.document import Document, Part
from transforms.report.frame.labels import COUNTED, MODALITIES, QUANTITIES
from transforms.report.frame.reference import Method, Reference
from transforms.report.frame.years import ShownYear, newer_facts, shown_year
from transforms.report.regulator import facilities
from transforms.report.regulator.mapping import Review, mapping_part
from transforms.report.regulator.method import method_name, method_part, quantity_part
from transforms.report.regulator.public import NAME, ReportScope, modality_order, subtitle


def default_year(source: Source, method_id: str) -> ShownYear:
    """The year of the report by levels of the method."""
    return shown_year(source, "restricted_regulator/period.sql", method_id=method_id)


def method_used(source: Source, reference: Reference, method_id: str) -> Method:
    """The method version used in the warehouse; DrlakeError if methods.csv does not have it."""
    rows = source.rows("restricted_regulator/versions.sql", method_id=method_id)
    used = {(row["method_id"], row["method_version"]) for row in rows}
    return reference.method(used or {reference.newest(method_id)})


def restricted_report(
    source: Source,
    catalogue: Catalogue,
    asked: ReportScope,
    reference: Reference,
    review: Review = (),
) -> Document:
    """The report for the authority only; `source` is the warehouse.

    `review` are the rows of the newest reviewed check sheet.
    """
    say, given = catalogue.say, asked.parameters
    (facts,) = source.rows("restricted_regulator/facts.sql", **given)
    parts = [
        *_modalities(source, catalogue, asked),
        Part(
            "uncounted-part",
            say("Procedures without a value"),
            blocks=(source.fill(facilities.UNCOUNTED, catalogue, **given),),
        ),
        _attrition(source, catalogue),
        mapping_part(source, catalogue, review),
        *(
            Part(anchor, title, blocks=(source.fill(block, catalogue, **given),))
            for anchor, title, block in (
                ("devices-part", say("Devices left out of the levels"), facilities.DEVICES),
                ("attendance", say("Missing and late facilities"), facilities.ATTENDANCE),
                ("held", say("Submissions held"), facilities.HELD),
                (
                    "shared",
                    say("Examinations sent by several facilities"),
                    facilities.SHARED,
                ),
                ("facilities", say("Facilities"), facilities.SENDERS),
                ("quality", say("Data quality"), facilities.DEVICE_MODELS),
            )
        ),
        method_part(catalogue, asked.method),
        quantity_part(catalogue, reference),
    ]
    return Document(
        name=NAME,
        catalogue=catalogue,
        title=say("National diagnostic reference levels"),
        subtitle=subtitle(catalogue, asked),
        notice=say(
            "Restricted: for the regulator only. Facilities are shown with their id. Do not "
            "publish without disclosure control."
        ),
        is_restricted=True,
        facts=_facts(catalogue, asked, facts),
        parts=tuple(parts),
    )


def _facts(catalogue: Catalogue, asked: ReportScope, row: Row) -> tuple[tuple[str, str], ...]:
    say, count = catalogue.say, catalogue.count
    quarters = say("none")
    if row["first_quarter"]:
        quarters = f"{row['first_quarter']} – {row['last_quarter']}"
    return (
        (say("Study period"), quarters),
        *newer_facts(catalogue, asked.newer),
        (say("Method"), method_name(catalogue, asked.method)),
        (
            say("Facilities"),
            say(
                "{n} of {all} facilities contribute",
                n=count(row["n_counting"]),
                all=count(row["n_facilities"]),
            ),
        ),
        (
            say("Examinations used"),
            say("{n} of {all} found", n=count(row["n_used"]), all=count(row["n_found"])),
        ),
        (say("Number of NDRLs"), count(row["n_levels"])),
    )


def _modalities(source: Source, catalogue: Catalogue, asked: ReportScope) -> Iterator[Part]:
    cells = source.rows("restricted_regulator/cells.sql", **asked.parameters)
    if not cells:
        nothing = catalogue.say(
            "No facility has enough examinations yet, so there is no reference level. The tables "
            "below show what was received."
        )
        yield Part("summary", catalogue.say("Reference levels"), (nothing,))
    for modality in sorted({row["modality"] for row in cells}, key=modality_order):
        mark = modality.lower()
        shown = source.fill(
            facilities.LEVELS, catalogue, f"levels-{mark}", **asked.parameters, modality=modality
        )
        parts = tuple(
            _cell(source, catalogue, asked, row, f"{mark}-{number}")
            for number, row in enumerate(
                (row for row in cells if row["modality"] == modality), start=1
            )
        )
        name = catalogue.label(MODALITIES.get(modality, modality))
        yield Part(f"modality-{mark}", name, blocks=(shown,), parts=parts)


def _cell(source: Source, catalogue: Catalogue, asked: ReportScope, row: Row, mark: str) -> Part:
    """One procedure and patient group: distribution, trend, and facilities by quantity."""
    names = ("procedure_id", "patient_group_id")
    given = {**asked.parameters, **{name: row[name] for name in names}}
    blocks: list[FilledBlock] = [
        source.fill(facilities.DISTRIBUTION, catalogue, f"distribution-{mark}", **given)
    ]
    trend = source.fill(facilities.TREND, catalogue, f"trend-{mark}", **given)
    if trend.rows:
        blocks.append(trend)
    for quantity in row["drl_quantities"]:
        name = catalogue.label(QUANTITIES.get(quantity, quantity))
        blocks.append(
            source.fill(
                facilities.SITES,
                catalogue,
                f"sites-{mark}-{quantity}",
                catalogue.say("Values by facility: {quantity}", quantity=name),
                **given,
                drl_quantity=quantity,
            )
        )
    procedure = catalogue.label(row["procedure_label"])
    group = catalogue.label(row["patient_group_label"])
    return Part(f"part-{mark}", f"{procedure} · {group}", blocks=tuple(blocks))


def _attrition(source: Source, catalogue: Catalogue) -> Part:
    blocks = []
    for counted, title in COUNTED.items():
        filled = source.fill(
            facilities.ATTRITION,
            catalogue,
            f"attrition-{counted}",
            catalogue.say(title),
            counted=counted,
        )
        if filled.rows:
            check_balance(counted, filled.rows)
            blocks.append(filled)
    sentence = catalogue.say(
        "Everything received is accounted for. In each table: received = excluded (with reason) + "
        "used."
    )
    return Part(
        "attrition",
        catalogue.say("From received objects to used examinations"),
        (sentence,),
        blocks=tuple(blocks),
    )


def check_balance(counted: str, rows: Sequence[Row]) -> None:
    """Raise LedgerError unless received = excluded + used (first row = reasons + last row)."""
    through = [row["n"] for row in rows if row["reason_code"] is None]
    lost = sum(row["n"] for row in rows if row["reason_code"] is not None)
    if not through or through[0] != lost + through[-1]:
        came = through[0] if through else 0
        raise LedgerError(
            f"The attrition of {counted}s does not add up: {came} received, {lost} excluded with a "
            "reason. Run `drlake build` again and check its tests."
        )
