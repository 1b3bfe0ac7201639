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
        "The server showed another host key than the one pinned, or none is pinned. Compare the "
        "fingerprint with the hospital by telephone before pinning a new key.",
    ),
    _pull_reason(
        "authentication_failed",
        "The server refused the key or the account. Check the facility's connection and the "
        "public key that the hospital has installed.",
    ),
    _pull_reason(
        "facility_too_slow",
        "The visit took longer than a facility may. What has arrived is kept and the next visit "
        "goes on from there; check the line.",
    ),
    _pull_reason(
        "listing_too_large",
        "More files, or deeper folders, stand at the export than drlake lists. Move what has been "
        "received to another place.",
    ),
    _pull_reason(
        "facility_failed",
        "The export answered with an error or broke off. What has arrived is kept; the next visit "
        "tries again.",
    ),
    Reason(
        "delivery_incomplete",
        "pull",
        "reached",
        "Files were still being written, or miss their .done or their line in the manifest. The "
        "next visit takes them once they are complete.",
    ),
    _quarantine_reason(
        "receive",
        "object_empty",
        "The file has no bytes. Export the report again and check the transfer.",
    ),
    _quarantine_reason(
        "receive",
        "object_too_large",
        "The file is larger than any dose report. Send dose reports only, no images.",
    ),
    _quarantine_reason(
        "receive",
        "object_unreadable",
        "The file could not be read at the export location. Check its permissions.",
    ),
    _quarantine_reason(
        "receive",
        "object_name_unsafe",
        "The name of the file holds '/' or is a way to another folder, as no real file's name "
        "does. Check the server of the export.",
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
        "The zip file cannot be read or holds no file. Make it again, with stored or deflated "
        "members only.",
    ),
    _quarantine_reason(
        "receive",
        "archive_encrypted",
        "The member of the zip file is encrypted. Send it without a password; the transfer itself "
        "is encrypted.",
    ),
    _quarantine_reason(
        "receive",
        "archive_nested",
        "The member of the zip file is an archive itself. Put the dose reports into one zip file "
        "directly.",
    ),
    _quarantine_reason(
        "receive",
        "archive_limit",
        "The zip file has more members, more bytes or a higher ratio than a delivery of dose "
        "reports. Send several smaller ones.",
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
    _quarantine_reason(
        "decode",
        "not_dicom",
        "This is not a DICOM Part 10 file. Export the SR objects as DICOM files.",
    ),
    _quarantine_reason(
        "decode",
        "transfer_syntax_not_supported",
        "Export with Explicit or Implicit VR Little Endian: drlake reads no deflated or compressed "
        "file.",
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
        "This object is no radiation dose report. Restrict the export to dose SRs.",
    ),
    _quarantine_reason(
        "decode",
        "identity_present",
        "The object still identifies a person or place in the attribute named. De-identify again; "
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
        "The report is of a phantom or a test, as its hospital marked it before de-identification. "
        "Nothing to mend.",
    ),
    _quarantine_reason(
        "decode",
        "modality_not_supported",
        "The dose report holds no dose that drlake reads: no event, no total, no administration. "
        "Nothing to mend where the examination was broken off; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "enhanced_rdsr_not_supported",
        "drlake recognises the Enhanced X-Ray Radiation Dose SR and does not yet read it. Send the "
        "X-Ray Radiation Dose SR beside it; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "patient_rdsr_not_supported",
        "A Patient Radiation Dose SR holds organ doses computed from other reports. Send the X-Ray "
        "Radiation Dose SR it was made from; the object is kept.",
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
        "A value is given in a unit that drlake does not convert. Have the vendor correct the "
        "unit; drlake does not guess.",
    ),
    _quarantine_reason(
        "decode",
        "number_not_finite",
        "A value is NaN or infinite. Have the vendor correct the report.",
    ),
    _quarantine_reason(
        "decode",
        "number_malformed",
        "A value does not follow DICOM's number format (DS). Have the vendor correct the report.",
    ),
    _quarantine_reason(
        "decode",
        "number_out_of_domain",
        "A value cannot be true, as a negative dose. Have the vendor correct the report.",
    ),
    _quarantine_reason(
        "decode",
        "time_malformed",
        "A date, time or age does not follow DICOM's format or cannot be true. drlake leaves such "
        "a value out and says so in unusable_columns; have the vendor correct the report.",
    ),
    _quarantine_reason(
        "decode",
        "decoder_failed",
        "drlake failed on this object: a fault of drlake. Please report it; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "object_crashed_decoder",
        "The object ended the decoder's process, twice: a fault of drlake or a file made to do so. "
        "Please report it; the object is kept.",
    ),
    _quarantine_reason(
        "decode",
        "decoder_timed_out",
        "The object took longer than any dose report may. Check that it is one; the object is "
        "kept.",
    ),
    _quarantine_reason(
        "decode",
        "decoder_out_of_memory",
        "The object needs more memory than any dose report may. Check that it is one; the object "
        "is kept.",
    ),
    _quarantine_reason(
        "validate",
        "submission_held",
        "The submission as a whole is doubtful (see the expectation named). The authority will "
        "contact you.",
    ),
)

REASON_BY_CODE: dict[str, Reason] = {reason.code: reason for reason in REASONS}
