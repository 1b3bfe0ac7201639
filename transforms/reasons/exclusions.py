"""The closed list of reasons why a report, an event or an examination is in no statistic.

Objects that are refused before have the reasons of `transforms.reasons.objects`. The seed
`data/reference/exclusion_reasons.csv` and the page `data/reference/reasons.md` are generated.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason code, what is lost by it, the reason in short and in a sentence, how to mend it."""

    code: str
    counted: str
    label: str
    description: str
    mend: str


EXCLUSIONS: tuple[Exclusion, ...] = (
    Exclusion(
        "retracted",
        "report",
        "Retracted",
        "The facility has retracted the object.",
        "Nothing to do: it stays in the ledger and counts nowhere. A retraction that was a mistake "
        "is taken back: `drlake withdraw FACILITY STATEMENT`.",
    ),
    Exclusion(
        "superseded",
        "report",
        "Superseded",
        "The facility has named another object that stands in this one's place.",
        "Nothing to do: the corrected report counts once it is accepted.",
    ),
    Exclusion(
        "duplicate_content",
        "report",
        "Same report, other bytes",
        "The same report (SOP instance) also came as another object that states the same doses, "
        "and is counted there.",
        "Nothing to do.",
    ),
    Exclusion(
        "instance_conflict",
        "report",
        "Conflicting versions",
        "The same report (SOP instance) came as objects that state different things; none of them "
        "counts.",
        "State which one is right: `drlake supersede FACILITY WRONG RIGHT`.",
    ),
    Exclusion(
        "same_examination_again",
        "report",
        "Examination sent again",
        "Device, date, patient, times, acquisitions and doses are those of a study that is counted"
        " under another Study Instance UID.",
        "Confirm that it is the same examination, or state that it is another one: `drlake confirm"
        " FACILITY SHA256 same|other`.",
    ),
    Exclusion(
        "superseded_copy",
        "event",
        "Copy of an event",
        "The same event also stands in a larger (cumulative) or repeated report and is counted "
        "there.",
        "Another report of the same study states this event too (a cumulative or repeated report)."
        " It is counted once. Nothing to do.",
    ),
    Exclusion(
        "event_without_dose",
        "event",
        "Event without dose",
        "CTDIvol of a diagnostic event, or the average glandular dose of a breast view, is missing"
        " or zero; the event enters no mean.",
        "CTDIvol of a scan, or the average glandular dose of a breast view, is missing or zero. "
        "Check that the device writes it.",
    ),
    Exclusion(
        "no_diagnostic_event",
        "examination",
        "No diagnostic event",
        "The reports of the study hold no event at all, or localizers, bolus tracking and unknown "
        "events only.",
        "The study has localizers or bolus tracking only, or events of an unknown kind. Send every"
        " dose report of the study.",
    ),
    Exclusion(
        "events_without_uid",
        "examination",
        "Events without UID",
        "The study has several reports and an event without UID, so it cannot be seen which events"
        " are copies of each other.",
        "The study has several reports and an event without UID, so copies cannot be recognised. "
        "Keep event UIDs when de-identifying.",
    ),
    Exclusion(
        "contradictory_copies",
        "examination",
        "Contradictory copies",
        "Copies of an event in equally large, equally complete reports differ by more than "
        "rounding; chance would choose between them.",
        "Two reports state the same event with different doses. Send the report that is right.",
    ),
    Exclusion(
        "contradictory_totals",
        "examination",
        "Contradictory totals",
        "A report states the total of one plane twice with different values.",
        "A report states the total of one plane twice with different values. Ask the maker of the "
        "device.",
    ),
    Exclusion(
        "overlapping_reports",
        "examination",
        "Overlapping reports",
        "Two X-ray reports of the study, or a CT study and another one, share some events and each"
        " holds others, so their totals can be neither added nor chosen from.",
        "Two reports or studies share some events and each holds others. Send the complete report.",
    ),
    Exclusion(
        "mixed_reports",
        "examination",
        "Events beside totals",
        "One report of the study lists events and another totals only, so it cannot be seen "
        "whether the totals are of the same events.",
        "One report of the study lists events and another totals only. Send the report that holds "
        "the whole study.",
    ),
    Exclusion(
        "mixed_radionuclides",
        "examination",
        "Several radionuclides",
        "Activities of different radionuclides were administered and cannot be added.",
        "Activities of different radionuclides cannot be added.",
    ),
    Exclusion(
        "incomplete_dlp",
        "examination",
        "Incomplete DLP",
        "Some events other than localizers state no DLP, or zero beside a CTDIvol, so the sum of "
        "the others is too small.",
        "Some scans of the study state a DLP and others do not, so the sum would be too small. "
        "Check that the scanner writes it for every scan.",
    ),
    Exclusion(
        "no_dose",
        "examination",
        "No dose",
        "No quantity of the examination (CTDIvol and DLP for CT) is stated and above zero.",
        "No positive CTDIvol or DLP is stated. Check that the scanner writes both.",
    ),
    Exclusion(
        "biplane",
        "examination",
        "Two planes",
        "The quantity is stated for each plane apart and cannot be added; KAP of the examination "
        "is used.",
        "The quantity is stated for each plane apart and cannot be added.",
    ),
    Exclusion(
        "mixed_phantoms",
        "examination",
        "Mixed phantoms",
        "Diagnostic events refer to both phantoms; their CTDIvol cannot be averaged nor their DLP "
        "added.",
        "Diagnostic events refer to both the head and the body phantom; their CTDIvol cannot be "
        "averaged.",
    ),
    Exclusion(
        "hybrid_ct",
        "examination",
        "CT of a PET-CT or SPECT-CT",
        "A radiopharmaceutical was administered in the same study: its CT may serve attenuation "
        "correction only, and is a procedure of its own.",
        "Nothing to do. A diagnostic CT beside a nuclear medicine examination counts if it has a "
        "study of its own.",
    ),
    Exclusion(
        "unmapped_procedure",
        "examination",
        "Procedure not mapped",
        "No rule maps the names of the study to a procedure of the list.",
        "No mapping rule knows this study's names. Send the authority the facility's protocol "
        "list.",
    ),
    Exclusion(
        "other_phantom",
        "examination",
        "Other phantom",
        "CTDIvol does not say that it refers to the phantom of the procedure's reference levels; "
        "on another phantom the same scan has about half or twice the value.",
        "CTDIvol states no phantom, or another one than is usual for the procedure. Check that the "
        "protocol is made for the region that its name says.",
    ),
    Exclusion(
        "no_study_date",
        "examination",
        "No study date",
        "No report of the study states its date, so it belongs to no period.",
        "The study has no date. Keep dates, moved or not, when de-identifying.",
    ),
    Exclusion(
        "summary_superseded",
        "summary",
        "Superseded summary",
        "The facility has sent a later summary of the same year.",
        "Nothing to do: the later summary counts.",
    ),
    Exclusion(
        "reports_count_instead",
        "summary",
        "Dose reports count instead",
        "The facility has also sent dose reports for this statistic, which are counted; both would "
        "count the same examinations twice.",
        "Nothing to do. To be counted by summaries, retract the dose reports.",
    ),
    Exclusion(
        "no_patient_group",
        "examination",
        "No patient group",
        "Age is unknown, or a child's weight is unknown where the group goes by weight, or outside"
        " all groups of the first-line method. A method with other groups may still count it.",
        "Age is unknown, or weight for a child's body examination. Keep age and weight when de-"
        "identifying.",
    ),
)

EXCLUSION_BY_CODE: dict[str, Exclusion] = {one.code: one for one in EXCLUSIONS}
