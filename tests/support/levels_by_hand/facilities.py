"""Scenarios of what facilities send: the same reports twice, and a form beside reports."""

from __future__ import annotations

import csv
from pathlib import Path

from tests.support.lakes.export_folder import write_registry
from tests.support.levels_by_hand import ct, xray
from tests.support.levels_by_hand.ct import CHILD, scan
from tests.support.levels_by_hand.scenario import (
    FACILITIES,
    Files,
    LeftOut,
    Level,
    Scenario,
    doses,
    study,
)
from tests.support.reports.written_reports import MANUFACTURER, MODEL
from tests.support.reports.written_scans import ct_report, nuclear_report
from transforms.forms.summaries.form import HEADER

AUDIT = {
    "facility_id": "F12",
    "period": "2025",
    "scope": "examination",
    "procedure_id": "ct_pulmonary_angiography",
    "patient_group_id": "adult",
    "drl_quantity": "dlp",
    "unit": "mGy.cm",
    "n_examinations": "200",
    **{"minimum": "60", "p25": "90", "p50": "120", "p75": "150", "maximum": "240", "mean": "125"},
}
"""The local audit of facility 12; its reports are three."""


def declared_copies(facility: int) -> Files:
    """Facility 12 sends what facility 11 has sent; facility 11 has declared the device."""
    owner = min(facility, 11)
    for number, dlp in doses(owner, 10):
        sent = study("A5a", "CT Lumbar spine", owner, number)
        yield f"lumbar-ct-{number}", ct_report(sent, scan(dlp, "lumbar"))


def undeclared_copies(facility: int) -> Files:
    """Facility 12 sends ten of the eleven reports of facility 11; neither declares the device."""
    owner = min(facility, 11)
    for number, mbq in doses(owner, 10):
        sent = study("A5b", "Bone scan", owner, number)
        yield f"bone-{number}", nuclear_report(sent, mbq, "gamma_camera")
    if facility == 11:
        sent = study("A5b", "Bone scan", owner, 10)
        yield "bone-10", nuclear_report(sent, 10 * owner, "gamma_camera")


def copies_of_nobody(facility: int) -> Files:
    """Facility 12 sends all ten reports of facility 11; neither declares the device."""
    owner = min(facility, 11)
    for number, dlp in doses(owner, 10):
        sent = study("A5c", "CT Lumbar spine", owner, number, CHILD)
        yield f"lumbar-child-{number}", ct_report(sent, scan(dlp, "lumbar"))


def audit(facility: int) -> Files:
    """Facility 12 sends three reports, and a form of 200 examinations."""
    for number, dlp in doses(facility, 10):
        if facility < 12 or number < 3:
            sent = study("A17", "CT Pulmonary angiography", facility, number)
            yield f"pulmonary-{number}", ct_report(sent, scan(dlp))


SCENARIOS = (
    Scenario(
        "A5a",
        "facility 12 sends the reports of a device that facility 11 declares",
        declared_copies,
        (Level("ct_lumbar_spine", "dlp", 85, 92.5, n_facilities=11),),
        (LeftOut("lumbar-ct-0", "device_of_another_facility", "object", 10, facility=12),),
    ),
    Scenario(
        "A5b",
        "facility 12 sends ten of the eleven reports of facility 11",
        undeclared_copies,
        (Level("nm_bone_scan", "administered_activity", 85, 92.5, n_facilities=11),),
        (LeftOut("bone-0", "counted_at_another_facility", "report", 10, facility=12),),
    ),
    Scenario(
        "A5c",
        "facilities 11 and 12 send the same ten reports",
        copies_of_nobody,
        (Level("ct_lumbar_spine", "dlp", 77.5, 92.5, "body_30_50kg", n_facilities=10),),
        (LeftOut("lumbar-child-0", "claimed_by_two_facilities", "report", 20, facility=12),),
    ),
    Scenario(
        "A17",
        "three reports beside a form of 200 examinations",
        audit,
        (Level("ct_pulmonary_angiography", "dlp", 92.5, 85),),
    ),
)
ALL = (*ct.SCENARIOS, *xray.SCENARIOS, *SCENARIOS)


def write_exports(folder: Path) -> Path:
    """A folder for each facility, the registry and the form of the audit; returns the registry."""
    for facility in FACILITIES:
        exports = folder / f"F{facility:02}"
        exports.mkdir(parents=True)
        for scenario in ALL:
            for name, data in scenario.files(facility):
                (exports / f"{name}.dcm").write_bytes(data)
    with (folder / "audit.csv").open("w", newline="") as file:
        writer = csv.DictWriter(file, HEADER, restval="")
        writer.writeheader()
        writer.writerow(AUDIT)
    registry = folder / "facilities.csv"
    urls = {f"F{facility:02}": f"file://{folder / f'F{facility:02}'}" for facility in FACILITIES}
    write_registry(registry, urls, {"F11": f"{MANUFACTURER}|{MODEL}|A5a11"})
    return registry
