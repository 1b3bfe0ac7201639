"""The closed list of reasons why an object is not used, each with what the hospital can mend.

Every quarantined or duplicate object carries one of these codes; `data/reference/reasons.csv`
is generated from this list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code, the stage that gives it, how the object ends, and how to mend it."""

    code: str
    stage: str
    outcome: str
    mend: str


def _quarantined(stage: str, code: str, mend: str) -> Reason:
    return Reason(code, stage, "quarantined", mend)


REASONS: tuple[Reason, ...] = (
    _quarantined(
        "receive",
        "object_empty",
        "The file has no bytes. Export the report again and check the transfer.",
    ),
    _quarantined(
        "receive",
        "object_too_large",
        "The file is larger than any dose report. Send dose reports only, no images.",
    ),
    _quarantined(
        "receive",
        "object_unreadable",
        "The file could not be read at the export location. Check its permissions.",
    ),
    Reason(
        "duplicate_in_submission",
        "receive",
        "duplicate",
        "The same bytes stand in this submission under another name. Nothing to do.",
    ),
    Reason(
        "duplicate_of_earlier_submission",
        "receive",
        "duplicate",
        "The same bytes were received before. Nothing to do.",
    ),
    _quarantined(
        "decode",
        "not_dicom",
        "This is not a DICOM Part 10 file. Export the SR objects as DICOM files.",
    ),
    _quarantined(
        "decode",
        "transfer_syntax_not_supported",
        "Export with Explicit or Implicit VR Little Endian: drlake reads no deflated or compressed "
        "file.",
    ),
    _quarantined(
        "decode",
        "structure_truncated",
        "The file ends before its content does. Send it again; check that the transfer completes.",
    ),
    _quarantined(
        "decode",
        "structure_invalid",
        "Lengths or nesting inside the file contradict each other. Export the report again from "
        "the scanner or PACS.",
    ),
    _quarantined(
        "decode",
        "not_dose_report",
        "This object is no radiation dose report. Restrict the export to dose SRs.",
    ),
    _quarantined(
        "decode",
        "identity_present",
        "The object still identifies a person or place in the attribute named. De-identify again; "
        "'Patient Identity Removed = YES' alone is not enough.",
    ),
    _quarantined(
        "decode",
        "phantom_or_test",
        "The report is of a phantom or a test, as its hospital marked it before de-identification. "
        "Nothing to mend.",
    ),
    _quarantined(
        "decode",
        "modality_not_supported",
        "The dose report holds no dose that drlake reads: no event, no total, no administration. "
        "Nothing to mend where the examination was broken off; the object is kept.",
    ),
    _quarantined(
        "decode",
        "enhanced_rdsr_not_supported",
        "drlake recognises the Enhanced X-Ray Radiation Dose SR and does not yet read it. Send the "
        "X-Ray Radiation Dose SR beside it; the object is kept.",
    ),
    _quarantined(
        "decode",
        "patient_rdsr_not_supported",
        "A Patient Radiation Dose SR holds organ doses computed from other reports. Send the X-Ray "
        "Radiation Dose SR it was made from; the object is kept.",
    ),
    _quarantined(
        "decode",
        "uid_missing",
        "SOP Instance UID or Study Instance UID is empty. The de-identifier must replace UIDs, "
        "not remove them.",
    ),
    _quarantined(
        "decode",
        "content_malformed",
        "The content tree does not follow the dose report template. Ask the vendor or PACS.",
    ),
    _quarantined(
        "decode",
        "code_unknown",
        "A coded value is not in drlake's vocabulary. Report it with the device model so that it "
        "can be added.",
    ),
    _quarantined(
        "decode",
        "unit_unknown",
        "A value is given in a unit that drlake does not convert. Have the vendor correct the "
        "unit; drlake does not guess.",
    ),
    _quarantined(
        "decode",
        "number_not_finite",
        "A value is NaN or infinite. Have the vendor correct the report.",
    ),
    _quarantined(
        "decode",
        "number_malformed",
        "A value does not follow DICOM's number format (DS). Have the vendor correct the report.",
    ),
    _quarantined(
        "decode",
        "number_out_of_domain",
        "A value cannot be true, as a negative dose. Have the vendor correct the report.",
    ),
    _quarantined(
        "decode",
        "time_malformed",
        "A date, time or age does not follow DICOM's format or cannot be true. drlake leaves such "
        "a value out and says so in unusable_columns; have the vendor correct the report.",
    ),
    _quarantined(
        "decode",
        "decoder_failed",
        "drlake failed on this object: a fault of drlake. Please report it; the object is kept.",
    ),
    _quarantined(
        "decode",
        "object_crashed_decoder",
        "The object ended the decoder's process, twice: a fault of drlake or a file made to do so. "
        "Please report it; the object is kept.",
    ),
    _quarantined(
        "decode",
        "decoder_timed_out",
        "The object took longer than any dose report may. Check that it is one; the object is "
        "kept.",
    ),
    _quarantined(
        "decode",
        "decoder_out_of_memory",
        "The object needs more memory than any dose report may. Check that it is one; the object "
        "is kept.",
    ),
    _quarantined(
        "validate",
        "submission_held",
        "The submission as a whole is doubtful (see the expectation named). The authority will "
        "contact you.",
    ),
)

REASON_BY_CODE: dict[str, Reason] = {reason.code: reason for reason in REASONS}
