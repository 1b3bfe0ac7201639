"""Reason codes for objects that are not used, each with what the hospital can do about it.

Every quarantined, held or duplicate object carries one of these codes; `data/reference/reasons.csv`
is generated from this list.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code, the stage that assigns it, the outcome, and how to fix the problem."""

    code: str
    stage: str
    outcome: str
    mend: str


SUBMISSION_HELD = "submission_held"
STUDY_DATE_IN_FUTURE = "study_date_in_future"


def _quarantine_reason(stage: str, code: str, mend: str) -> Reason:
    return Reason(code, stage, "quarantined", mend)


def _pull_reason(code: str, mend: str) -> Reason:
    return Reason(code, "pull", "failed", mend)


REASONS: tuple[Reason, ...] = (
    _pull_reason(
        "facility_unreachable",
        "The export did not answer. Check address, firewall and server; the next visit tries "
        "again.",
    ),
    _pull_reason(
        "host_key_mismatch",
        "The server's host key differs from the pinned one, or no key is pinned. Compare the "
        "fingerprint with the hospital by telephone before pinning a new key.",
    ),
    _pull_reason(
        "authentication_failed",
        "The server refused the key or the account. Check the facility's connection and the "
        "public key that the hospital has installed.",
    ),
    _pull_reason(
        "facility_too_slow",
        "The visit exceeded the time limit. Files received so far are kept and the next visit "
        "resumes there. Check the connection.",
    ),
    _pull_reason(
        "listing_too_large",
        "The export has more files or deeper folders than drlake lists. Move files that have "
        "been received to another place.",
    ),
    _pull_reason(
        "facility_failed",
        "The export answered with an error or the connection was lost. Files received so far are "
        "kept; the next visit tries again.",
    ),
    Reason(
        "delivery_incomplete",
        "pull",
        "reached",
        "Files were still being written, or have no .done file or no line in the manifest. The "
        "next visit receives them once they are complete.",
    ),
    _quarantine_reason(
        "receive",
        "object_empty",
        "The file is empty. Export the report again and check the transfer.",
    ),
    _quarantine_reason(
        "receive",
        "object_too_large",
        "The file is larger than any dose report. Send dose reports only, not images.",
    ),
    _quarantine_reason(
        "receive",
        "object_unreadable",
        "The file could not be read at the export location. Check its permissions.",
    ),
    _quarantine_reason(
        "receive",
        "object_name_unsafe",
        "The file name contains '/' or points to another folder, which no valid file name does. "
        "Check the export server.",
    ),
    _quarantine_reason(
        "receive",
        "checksum_mismatch",
        "The file differs from its checksum in the manifest. Send it again; check that the "
        "transfer is binary.",
    ),
    _quarantine_reason(
        "receive",
        "archive_invalid",
        "The zip file cannot be read or contains no file. Create it again with the methods "
        "'stored' or 'deflate' only.",
    ),
    _quarantine_reason(
        "receive",
        "archive_encrypted",
        "A member of the zip file is encrypted. Send it without a password; the transfer itself "
        "is encrypted.",
    ),
    _quarantine_reason(
        "receive",
        "archive_nested",
        "A member of the zip file is itself an archive. Put the dose reports directly into one "
        "zip file.",
    ),
    _quarantine_reason(
        "receive",
        "archive_limit",
        "The zip file has more members, more bytes or a higher compression ratio than allowed. "
        "Send several smaller zip files.",
    ),
    Reason(
        "duplicate_in_submission",
        "receive",
        "duplicate",
        "The same file is in this submission under another name. Nothing to do.",
    ),
    Reason(
        "duplicate_of_earlier_submission",
        "receive",
        "duplicate",
        "The same file was received before. Nothing to do.",
    ),
    _quarantine_reason(
        "decode",
        "not_dicom",
        "This is not a DICOM Part 10 file. Export the SR objects as DICOM files.",
    ),
    _quarantine_reason(
        "decode",
        "transfer_syntax_not_supported",
        "The transfer syntax is not supported (for example deflated). Export with Explicit or "
        "Implicit VR Little Endian.",
    ),
    _quarantine_reason(
        "decode",
        "structure_truncated",
        "The file ends before its content does. Send it again; check that the transfer completes.",
    ),
    _quarantine_reason(
        "decode",
        "structure_invalid",
        "Lengths or nesting inside the file contradict each other. Export the report again from "
        "the scanner or PACS.",
    ),
    _quarantine_reason(
        "decode",
        "not_dose_report",
        "This object is not a radiation dose report. Restrict the export to dose SRs.",
    ),
    _quarantine_reason(
        "decode",
        "identity_present",
        "The named attribute still identifies a person or place. De-identify the object again; "
        "'Patient Identity Removed = YES' alone is not enough.",
    ),
    _quarantine_reason(
        "decode",
        "device_of_another_facility",
        "The device is registered to another facility. Check that the export holds your own "
        "reports; tell the authority if the device has moved.",
    ),
    _quarantine_reason(
        "decode",
        "phantom_or_test",
        "The hospital marked the report as a phantom or test measurement before "
        "de-identification. Nothing to do.",
    ),
    _quarantine_reason(
        "decode",
        "modality_not_supported",
        "The dose report contains no irradiation event, dose total or administration. Nothing to "
        "do if the examination was aborted; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "enhanced_rdsr_not_supported",
        "drlake does not read the Enhanced X-Ray Radiation Dose SR yet. Send the X-Ray Radiation "
        "Dose SR as well; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "patient_rdsr_not_supported",
        "A Patient Radiation Dose SR contains organ doses computed from other reports. Send the "
        "X-Ray Radiation Dose SR that it is based on; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "uid_missing",
        "SOP Instance UID or Study Instance UID is empty. The de-identifier must replace UIDs, "
        "not remove them.",
    ),
    _quarantine_reason(
        "decode",
        "content_malformed",
        "The content tree does not follow the dose report template. Ask the vendor or PACS.",
    ),
    _quarantine_reason(
        "decode",
        "code_unknown",
        "A coded value is not in drlake's vocabulary. Report it with the device model so that it "
        "can be added.",
    ),
    _quarantine_reason(
        "decode",
        "unit_unknown",
        "A value has a unit that drlake does not convert. Ask the vendor to correct the unit; "
        "drlake does not guess it.",
    ),
    _quarantine_reason(
        "decode",
        "number_not_finite",
        "A value is NaN or infinite. Ask the vendor to correct the report.",
    ),
    _quarantine_reason(
        "decode",
        "number_malformed",
        "A value does not follow DICOM's number format (DS). Ask the vendor to correct the report.",
    ),
    _quarantine_reason(
        "decode",
        "number_out_of_domain",
        "A value is impossible, for example a negative dose, or a weight of 0, which says that it "
        "was not entered. Ask the vendor to correct the report, or enter the weight.",
    ),
    _quarantine_reason(
        "decode",
        "time_malformed",
        "The time of an event or of an administration does not follow DICOM's format or is "
        "impossible. Ask the vendor to correct the report. A date or age of the patient that is "
        "wrong does not refuse the report: it is left out and listed in unusable_columns.",
    ),
    _quarantine_reason(
        "decode",
        "decoder_failed",
        "drlake failed on this object. This is a bug in drlake: please report it. The object is "
        "kept.",
    ),
    _quarantine_reason(
        "decode",
        "object_crashed_decoder",
        "The object crashed the decoder process twice: a bug in drlake or a malicious file. "
        "Please report it. The object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "decoder_timed_out",
        "Decoding the object exceeded the time limit. Check that it is a dose report; the object "
        "is kept.",
    ),
    _quarantine_reason(
        "decode",
        "decoder_out_of_memory",
        "Decoding the object exceeded the memory limit. Check that it is a dose report; the "
        "object is kept.",
    ),
    Reason(
        SUBMISSION_HELD,
        "validate",
        "held",
        "The submission failed a quality check (see the named expectation) and waits for review. "
        "The authority will contact you.",
    ),
    Reason(
        STUDY_DATE_IN_FUTURE,
        "validate",
        "held",
        "The study date is later than the day of the validation. Each later validation looks at "
        "the report again and accepts it from that day on. If the device's clock is wrong, "
        "correct it and send the report with the right date.",
    ),
)

REASON_BY_CODE: dict[str, Reason] = {reason.code: reason for reason in REASONS}
