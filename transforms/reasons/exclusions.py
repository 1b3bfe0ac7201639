"""Reason codes for reports, events, examinations and summaries that are not used in statistics.

Objects that are refused earlier have a reason of `transforms.reasons.objects`. The seed
`data/reference/exclusion_reasons.csv` and the page `data/reference/reasons.md` are generated.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A reason code, what it excludes, its label and description, and how to fix the problem."""

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
        "Nothing to do: the object stays in the ledger and is not used. Undo a mistaken "
        "retraction with `drlake withdraw FACILITY STATEMENT`.",
    ),
    Exclusion(
        "superseded",
        "report",
        "Superseded",
        "The facility has named another object that replaces this one.",
        "Nothing to do: the corrected report is used once it is accepted.",
    ),
    Exclusion(
        "duplicate_content",
        "report",
        "Same report, other bytes",
        "The same report (SOP instance) was also received as another object with the same doses "
        "and is counted there.",
        "Nothing to do.",
    ),
    Exclusion(
        "instance_conflict",
        "report",
        "Conflicting versions",
        "The same report (SOP instance) was received as objects with different content; none of "
        "them is used.",
        "State which one is correct: `drlake supersede FACILITY WRONG RIGHT`.",
    ),
    Exclusion(
        "same_examination_again",
        "report",
        "Examination sent again",
        "Device, date, patient, times, acquisitions and doses equal those of a study that is "
        "counted under another Study Instance UID; or times and doses equal those of another "
        "report of the study, which is counted, under other event UIDs (a dose tool beside the "
        "scanner, or a second de-identification).",
        "Confirm whether it is the same examination or another one: `drlake confirm FACILITY "
        "SHA256 same|other`.",
    ),
    Exclusion(
        "counted_at_another_facility",
        "report",
        "Counted at another facility",
        "Another facility has sent the same object, report or event and is the one that has "
        "declared the device, or has sent more of its reports. The examination counts there.",
        "Send the reports of your own devices only. If the device is yours, declare it (`drlake "
        "declared load devices FILE`). The authority can state where it counts: `drlake device "
        "counts-at DEVICE FACILITY`.",
    ),
    Exclusion(
        "claimed_by_two_facilities",
        "report",
        "Sent by two facilities",
        "Another facility has sent the same object, report or event. Neither or both have declared "
        "the device, and they have sent equally many of its reports, so the examination counts at "
        "neither.",
        "Declare the device if it is yours (`drlake declared load devices FILE`), or ask the "
        "authority to state where it counts: `drlake device counts-at DEVICE FACILITY`.",
    ),
    Exclusion(
        "parted_between_facilities",
        "report",
        "Examination parted between facilities",
        "Another facility has sent events of the same examination that the facility of the device "
        "lacks. Neither has the whole examination, so it counts at neither.",
        "Send every dose report of the study from the facility that has the device.",
    ),
    Exclusion(
        "superseded_copy",
        "event",
        "Copy of an event",
        "A larger (cumulative) or repeated report contains the same event, and it is counted "
        "there.",
        "Nothing to do: another report of the study (cumulative or repeated) contains the event "
        "too, and it is counted once.",
    ),
    Exclusion(
        "event_without_dose",
        "event",
        "Event without dose",
        "CTDIvol of a diagnostic event, or the average glandular dose of a breast view, is "
        "missing or zero; the event is not used in any mean.",
        "CTDIvol of a scan, or the average glandular dose of a breast view, is missing or zero. "
        "Check that the device writes it.",
    ),
    Exclusion(
        "no_diagnostic_event",
        "examination",
        "No diagnostic event",
        "The reports of the study contain no event, or only localizers, bolus tracking and "
        "events of unknown type.",
        "The study has no event, or only localizers, bolus tracking and events of unknown type. "
        "Send every dose report of the study.",
    ),
    Exclusion(
        "events_without_uid",
        "examination",
        "Events without UID",
        "The study has several reports and an event without UID, so it cannot be determined "
        "which events are copies of each other.",
        "The study has several reports and an event without UID, so copies cannot be recognised. "
        "Keep or replace event UIDs when de-identifying, do not remove them.",
    ),
    Exclusion(
        "contradictory_copies",
        "examination",
        "Contradictory copies",
        "Copies of an event in equally large, equally complete reports differ by more than "
        "rounding, or the largest report lacks a part of the event that another has; any choice "
        "between them would be arbitrary.",
        "Two reports give different doses for the same event. Send the correct report. If the "
        "device writes the same UID for different events, ask its manufacturer.",
    ),
    Exclusion(
        "contradictory_totals",
        "examination",
        "Contradictory totals",
        "A report states the total of one plane twice with different values.",
        "A report states the total of one plane twice with different values. Ask the "
        "manufacturer of the device.",
    ),
    Exclusion(
        "overlapping_reports",
        "examination",
        "Overlapping reports",
        "Two X-ray reports of the study, or a CT study and another one, share some events and "
        "each has others, so their totals cannot be added and neither of them is complete.",
        "Two reports or studies share some events and each has others. Send the complete report.",
    ),
    Exclusion(
        "mixed_reports",
        "examination",
        "Events beside totals",
        "One report of the study lists events and another only totals, so it is unknown whether "
        "the totals include the same events.",
        "One report of the study lists events and another only totals. Send the report that "
        "contains the whole study.",
    ),
    Exclusion(
        "overlapping_totals",
        "examination",
        "Totals that overlap",
        "Several X-ray reports of the study state totals, and neither their sum nor the largest of "
        "them equals the sum of the events, so it is unknown whether the totals include each "
        "other.",
        "Several reports of the study state totals that may include each other. Send one report "
        "of the whole study, or have the device state the Scope of Accumulation and the dose of "
        "every event.",
    ),
    Exclusion(
        "mixed_radionuclides",
        "examination",
        "Several radionuclides",
        "Activities of different radionuclides were administered and cannot be added.",
        "Nothing to do: activities of different radionuclides cannot be added.",
    ),
    Exclusion(
        "device_not_used",
        "examination",
        "Device not used",
        "The authority has stated that examinations of the device are not used for a time "
        "(`drlake device state not_used`), with its reason.",
        "Nothing to do. If the device is in order, ask the authority to withdraw its statement.",
    ),
    Exclusion(
        "outside_hard_limits",
        "examination",
        "Outside hard limits",
        "A dose of the examination lies outside the hard limits of its quantity "
        "(seed hard_limits), which no examination reaches: its unit or its value is wrong.",
        "A dose is larger or smaller than any examination can have. Check the unit that the device "
        "writes and send the corrected report; if the value is right, tell the authority, which "
        "can change the limit.",
    ),
    Exclusion(
        "perfusion",
        "examination",
        "Perfusion",
        "Scans of one place were repeated many times, as for a perfusion: a stationary or free "
        "scan is named so, or its CTDIvol is more than twice that of the other scans. Such an "
        "examination needs reference levels of its own.",
        "Nothing to do. A perfusion with a study of its own leaves the other scans in the "
        "statistics.",
    ),
    Exclusion(
        "incomplete_dlp",
        "examination",
        "Incomplete DLP",
        "Some events other than localizers have no DLP, or a DLP of zero with a CTDIvol, so the "
        "sum of the others is too small.",
        "Some scans of the study have a DLP and others do not, so the sum would be too small. "
        "Check that the scanner writes DLP for every scan.",
    ),
    Exclusion(
        "no_dose",
        "examination",
        "No dose",
        "No dose quantity of the examination (CTDIvol and DLP for CT) has a value above zero.",
        "No dose quantity (CTDIvol and DLP for CT) has a value above zero. Check that the device "
        "writes them.",
    ),
    Exclusion(
        "length_unknown",
        "examination",
        "Scan length unknown",
        "CTDIvol of the scans of the examination differ and the length of one of them is unknown, "
        "so that their mean cannot be weighted by length. DLP is still used.",
        "One of the scans has neither DLP nor scanning length. Check that the scanner writes them.",
    ),
    Exclusion(
        "diameter_outside_tables",
        "examination",
        "Diameter outside the tables",
        "The water-equivalent diameter lies outside the tables of AAPM Report 204 (8 to 45 cm on "
        "the body phantom, 6 to 55 cm on the head phantom), so that SSDE cannot be derived from "
        "it. CTDIvol and DLP are still used.",
        "Check the unit of the water-equivalent diameter that the scanner writes (mm).",
    ),
    Exclusion(
        "weight_unknown",
        "examination",
        "Weight unknown",
        "Activity per kilogram needs the weight of the patient, which the reports of the "
        "examination do not state. The administered activity is still used.",
        "Check that the device writes the patient's weight (0010,1030) into its reports.",
    ),
    Exclusion(
        "technique_unknown",
        "examination",
        "Unknown technique",
        "The report does not say whether a breast view is a two-dimensional image or a "
        "tomosynthesis, which have levels of their own. The other views of the examination are "
        "still used.",
        "State the irradiation event type: stationary for an image, rotational or stepping for a "
        "tomosynthesis.",
    ),
    Exclusion(
        "dose_of_one_projection",
        "examination",
        "Dose of one projection",
        "The glandular dose is that of a single projection of a tomosynthesis, as the manual of "
        "the device says (breast_devices.csv). The dose of the whole cannot be derived from it. "
        "The other views of the examination are still used.",
        "Nothing to do: ask the manufacturer for a version of the software that reports the dose "
        "of the whole tomosynthesis.",
    ),
    Exclusion(
        "other_reference_point",
        "examination",
        "Other reference point",
        "The air kerma refers to another reference point than the levels of the procedure, or "
        "states none. KAP and fluoroscopy time are still used.",
        "The air kerma has no reference point, or not the one of the levels. Check the reference "
        "point that the device is configured for.",
    ),
    Exclusion(
        "biplane",
        "examination",
        "Two planes",
        "The quantity is given per plane and cannot be added; the examination is still used for "
        "KAP.",
        "Nothing to do: the quantity is given per plane and cannot be added.",
    ),
    Exclusion(
        "mixed_phantoms",
        "examination",
        "Mixed phantoms",
        "Diagnostic events refer to both the head and the body phantom; their CTDIvol cannot be "
        "averaged and their DLP cannot be added.",
        "Nothing to do if both phantoms are intended. Otherwise check the protocols: they use "
        "the head and the body phantom in one examination.",
    ),
    Exclusion(
        "hybrid_ct",
        "examination",
        "CT of a PET-CT or SPECT-CT",
        "A radiopharmaceutical was administered in the same study: its CT may be for attenuation "
        "correction only and needs reference levels of its own, but no name says that it is the CT "
        "of a PET-CT or SPECT-CT.",
        "Map the name to a procedure of hybrid scans (`drlake mapping`). A diagnostic CT next to a "
        "nuclear medicine examination is used if it has its own study.",
    ),
    Exclusion(
        "unmapped_procedure",
        "examination",
        "Procedure not mapped",
        "No mapping rule assigns a procedure to the names in the study.",
        "No mapping rule knows the names in this study. Send the facility's protocol list to the "
        "authority, which can add rules.",
    ),
    Exclusion(
        "other_phantom",
        "examination",
        "Other phantom",
        "CTDIvol does not refer to the phantom of the procedure's reference levels, or states no "
        "phantom; on the other phantom the same scan has about half or twice the value.",
        "CTDIvol has no phantom, or not the usual one for the procedure. Check that the protocol "
        "is set up for the region in its name.",
    ),
    Exclusion(
        "other_region",
        "examination",
        "Other region",
        "The scan shows another region of the body than the procedure of its study, for example an "
        "abdomen under a study named chest. Methods of single scans leave it out; the DLP of the "
        "whole examination contains it.",
        "Nothing to do if the scan belongs to the study. Otherwise check the target region of the "
        "protocol.",
    ),
    Exclusion(
        "no_study_date",
        "examination",
        "No study date",
        "No report of the study has a date, so the study cannot be assigned to a period.",
        "The study has no date. Keep the study date, shifted or not, when de-identifying.",
    ),
    Exclusion(
        "summary_superseded",
        "summary",
        "Superseded summary",
        "The facility has sent a later summary of the same year.",
        "Nothing to do: the later summary is used.",
    ),
    Exclusion(
        "summary_outside_limits",
        "summary",
        "Summary outside hard limits",
        "The smallest or the largest value of the statistic lies outside the hard limits of its "
        "quantity (seed hard_limits), which no examination reaches: the unit or a value is wrong.",
        "Check the unit of the row. Leave examinations with a wrong value out of the statistic, "
        "compute it again and load the form again.",
    ),
    Exclusion(
        "summary_of_other_scope",
        "summary",
        "Summary of another scope",
        "The summary is of another scope than the levels of its quantity, for example the mean AGD "
        "of an examination, where levels are of single views.",
        "Send the summary again with the statistics of the scope that the form lists for the "
        "quantity: AGD of images and of tomosyntheses as values of single views.",
    ),
    Exclusion(
        "reports_count_instead",
        "summary",
        "Dose reports count instead",
        "The facility has also sent dose reports for this statistic. They reach the minimum of "
        "every method or contain at least as many examinations, and using both would count "
        "examinations twice.",
        "Nothing to do if the dose reports are of the same devices. If the summary is of other "
        "devices, state in the form which device each row covers.",
    ),
    Exclusion(
        "weight_impossible",
        "examination",
        "Impossible weight",
        "The examination has no group of the first-line method, which needs the weight, and no "
        "person of this age has the weight stated, or the height stated with it, or both together "
        "(body_limits.csv). Where people of another age have the weight of a child, its age may be "
        "wrong and is not used either. A method with other groups may still use the examination.",
        "Enter the weight in kilograms (0010,1030) and the height in metres (0010,1020). Check "
        "whether pounds or centimetres are sent, whether weight and height are swapped, or "
        "whether the worklist fills in a default value, and whether the age (0010,1010) is stated "
        "in the right unit.",
    ),
    Exclusion(
        "age_contradicted",
        "examination",
        "Contradictory ages",
        "The examination has no group of the first-line method, and its reports state ages that "
        "differ by more than a year (31 days where all are under a year), so the age is unknown. A "
        "method with other groups may still use the examination.",
        "Correct the age (0010,1010) of the reports that are wrong and send them again. Check "
        "whether reports of two patients have the same Study Instance UID.",
    ),
    Exclusion(
        "no_patient_group",
        "examination",
        "No patient group",
        "Age is unknown, or a child's weight is unknown where groups are defined by weight, or "
        "the patient is outside all groups of the first-line method. A method with other groups "
        "may still use the examination.",
        "Age is unknown, or weight is unknown for a child's body examination. Keep both when "
        "de-identifying.",
    ),
)

EXCLUSION_BY_CODE: dict[str, Exclusion] = {one.code: one for one in EXCLUSIONS}
