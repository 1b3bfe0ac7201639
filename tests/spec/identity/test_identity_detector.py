"""The identity gate finds identifiers anywhere in an object, whatever was read before."""

from __future__ import annotations

import pytest
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from tests.support.reports.identified_reports import (
    PLAIN,
    Change,
    change_report,
    event,
    in_sequence,
    set_attribute,
    top,
    with_private,
    with_text,
)
from tests.support.reports.real_reports import real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.dicom.identity.policy import REGISTRY, STRICT, identity_policy
from transforms.dicom.reader import ReportReader
from transforms.errors import ObjectRefused, UsageError
from transforms.lake.pseudonyms import Pseudonyms
from transforms.normalise.rows import ObjectKeys, report_rows

DCM = codes.DCM
PHILIPS = Code("028", "99PHI-IXR-XPER", "Performing Physicians Name")
UNKNOWN_CODE = Code("1", "99X", "a text")
NAME = "Qzxvdoe"


def _unknown_element(dataset: Dataset) -> None:
    dataset.add_new(0x00181FFF, "UN", NAME.encode() + b" ")


def _unknown_text(dataset: Dataset) -> None:
    dataset.add_new(0x00081FFF, "LO", NAME)


def _meta(dataset: Dataset) -> None:
    dataset.file_meta.PrivateInformationCreatorUID = "1.2.3"
    dataset.file_meta.PrivateInformation = NAME.encode() + b" "


def _private_sequence(dataset: Dataset) -> None:
    item = Dataset()
    item.SeriesNumber = "77"
    block = event(dataset).private_block(0x0029, "MAKER", create=True)
    block.add_new(0x10, "SQ", Sequence([item]))


def _code_meaning(dataset: Dataset) -> None:
    for item in event(dataset).ContentSequence:
        if item.ConceptNameCodeSequence[0].CodeValue == DCM.CTAcquisitionType.value:
            item.ConceptNameCodeSequence[0].PatientName = NAME


def _acquisition_protocol(value: str) -> Change:
    def change(dataset: Dataset) -> None:
        for item in event(dataset).ContentSequence:
            if item.ConceptNameCodeSequence[0].CodeValue == DCM.AcquisitionProtocol.value:
                item.TextValue = value

    return change


IDENTIFYING: dict[str, tuple[Change, str]] = {
    "patient name": (
        set_attribute(top, "PatientName", NAME),
        "PatientName (0010,0010), rule direct",
    ),
    "birth date": (set_attribute(top, "PatientBirthDate", "19540322"), "PatientBirthDate"),
    "study id": (set_attribute(top, "StudyID", NAME), "StudyID"),
    "department": (set_attribute(top, "InstitutionalDepartmentName", NAME), "rule institution"),
    "station": (set_attribute(top, "StationName", NAME), "rule institution"),
    "comments of the patient": (set_attribute(top, "PatientComments", NAME), "PatientComments"),
    "admitting date": (set_attribute(top, "AdmittingDate", "20200101"), "AdmittingDate"),
    "original attributes": (
        in_sequence("OriginalAttributesSequence", "SourceOfPreviousValues", NAME),
        "OriginalAttributesSequence",
    ),
    "operator": (
        in_sequence("OperatorIdentificationSequence", "PersonAddress", NAME),
        "OperatorIdentificationSequence",
    ),
    "request": (
        in_sequence("RequestAttributesSequence", "RequestedProcedureID", NAME),
        "RequestedProcedureID",
    ),
    "study description": (set_attribute(top, "StudyDescription", "Doe^Jane"), "rule name_like"),
    "series description": (
        set_attribute(top, "SeriesDescription", "CT Dr. Smith"),
        "rule name_like",
    ),
    "acquisition protocol": (_acquisition_protocol("Mrs Doe"), "ct_irradiation_event.acq"),
    "private": (with_private(top, NAME), "group 0029, rule private_element"),
    "private in an event": (with_private(event, NAME), "rule private_element"),
    "private number": (with_private(event, "77", "IS"), "rule private_element"),
    "private sequence": (_private_sequence, "rule private_element"),
    "unknown element": (_unknown_element, "rule unknown_element"),
    "unknown text": (_unknown_text, "rule unknown_element"),
    "file meta information": (_meta, "PrivateInformation (0002,0102)"),
    "name in a code": (_code_meaning, "PatientName"),
    "value type PNAME": (with_text(UNKNOWN_CODE, NAME, "PNAME"), "that names a person"),
    "value type PERSON NAME": (with_text(UNKNOWN_CODE, NAME, "PERSON NAME"), "that names a"),
    "maker's own concept": (with_text(PHILIPS, NAME), "that names a person"),
    "person observer": (with_text(DCM.PersonObserverName, NAME), "Person Observer Name"),
    "login": (with_text(DCM.PersonObserverLoginName, NAME), "Login Name"),
    "place of the device": (
        with_text(DCM.DeviceObserverPhysicalLocationDuringObservation, NAME),
        "rule institution",
    ),
    "dose check person": (with_text(DCM.PersonName, NAME), "Person Name"),
    "dose check person id": (with_text(DCM.PersonID, NAME), "Person ID"),
    "dose check reason": (with_text(DCM.ReasonForProceeding, NAME), "Reason for Proceeding"),
    "comment": (with_text(DCM.Comment, "seen by Dr. Smith"), "rule name_like"),
}


def decode_outcome(data: bytes, reader: ReportReader) -> str:
    """Outcome of a report: "decoded", or the reason of refusal."""
    try:
        report_rows(decode(data, reader), ObjectKeys("F", "F.1", "0"), Pseudonyms(b"k" * 32))
    except ObjectRefused as refusal:
        return str(refusal)
    return "decoded"


@pytest.fixture(scope="module")
def reader() -> ReportReader:
    """One reader for all tests, which has read every real report twice."""
    require_real_reports()
    known = ReportReader()
    for path in [*real_exports(), *real_exports()]:
        decode_outcome(path.read_bytes(), known)
    return known


@pytest.mark.parametrize("explicit", [True, False], ids=["explicit", "implicit"])
@pytest.mark.parametrize("case", IDENTIFYING)
def test_an_identifier_is_refused_the_first_and_every_time(
    case: str, explicit: bool, reader: ReportReader
) -> None:
    change, where = IDENTIFYING[case]
    data = change_report(change, explicit=explicit)
    fresh = decode_outcome(data, ReportReader())
    assert fresh.startswith("identity_present: ")
    assert where in fresh
    assert [decode_outcome(data, reader) for _ in range(3)] == [fresh] * 3
    for value in (NAME, "Smith", "Doe", "1954"):
        assert value not in fresh


@pytest.mark.parametrize("explicit", [True, False], ids=["explicit", "implicit"])
def test_an_unchanged_report_passes_between_refused_ones(
    explicit: bool, reader: ReportReader
) -> None:
    plain = change_report(lambda dataset: None, explicit=explicit)
    for change, _ in IDENTIFYING.values():
        assert decode_outcome(change_report(change, explicit=explicit), reader) != "decoded"
        assert decode_outcome(plain, reader) == "decoded"


@pytest.mark.parametrize(
    "change",
    [
        set_attribute(top, "PatientName", "^^^"),
        set_attribute(top, "PatientAge", "061Y"),
        set_attribute(top, "EthnicGroup", "X"),
        set_attribute(top, "StudyDescription", "Thorax^TAP (Adult)"),
        set_attribute(top, "DateOfLastCalibration", "20200101"),
        in_sequence("RequestAttributesSequence", "RequestedProcedureDescription", "CT Thorax"),
        with_text(PHILIPS, ""),
        with_text(UNKNOWN_CODE, "some text"),
        with_text(DCM.Comment, "Internal technical scan parameters: Organ = Head"),
    ],
)
def test_what_a_register_needs_or_has_no_value_passes(change: Change, reader: ReportReader) -> None:
    assert decode_outcome(change_report(change), reader) == "decoded"


def test_a_phantom_that_its_hospital_marked_is_excluded(reader: ReportReader) -> None:
    refused = decode_outcome(
        change_report(set_attribute(top, "QualityControlSubject", "YES")), reader
    )
    assert refused == "phantom_or_test: QualityControlSubject (0010,0200)"


SERIAL = set_attribute(top, "DeviceSerialNumber", "SN-4711")
EVENT_SERIAL = with_text(DCM.DeviceSerialNumber, "SN-4711")
PLACE = set_attribute(top, "InstitutionName", "St. Elsewhere")


@pytest.mark.parametrize(
    ("change", "level", "allows", "passes"),
    [
        (SERIAL, STRICT, None, True),
        (SERIAL, STRICT, (), False),
        (SERIAL, STRICT, ("institution",), False),
        (SERIAL, STRICT, ("serial_number",), True),
        (SERIAL, REGISTRY, (), True),
        (EVENT_SERIAL, STRICT, None, True),
        (EVENT_SERIAL, STRICT, (), False),
        (PLACE, STRICT, None, False),
        (PLACE, STRICT, ("institution", "serial_number"), True),
        (PLACE, REGISTRY, None, True),
    ],
)
def test_places_and_devices_are_refused_unless_level_or_agreement_allows_them(
    change: Change, level: str, allows: tuple[str, ...] | None, passes: bool, reader: ReportReader
) -> None:
    data = change_report(change)
    under = reader.for_policy(identity_policy(level, allows))
    for _ in range(2):
        assert (decode_outcome(data, under) == "decoded") == passes


def test_what_a_permissive_reader_has_learnt_is_unknown_to_a_strict_one() -> None:
    require_real_reports()
    reader = ReportReader()
    data = change_report(EVENT_SERIAL)
    lax, strict = identity_policy(REGISTRY), identity_policy(STRICT, ())
    for _ in range(2):
        assert decode_outcome(data, reader.for_policy(lax)) == "decoded"
        assert decode_outcome(data, reader.for_policy(strict)).startswith("identity_present")
    assert reader.for_policy(strict) is reader.for_policy(strict)
    assert reader.for_policy(reader.policy) is reader


@pytest.mark.parametrize("explicit", [True, False], ids=["explicit", "implicit"])
def test_what_is_let_through_is_said_every_time_and_not_its_value(explicit: bool) -> None:
    require_real_reports()
    reader = ReportReader(identity_policy(REGISTRY))

    def change(dataset: Dataset) -> None:
        SERIAL(dataset), PLACE(dataset)
        in_sequence("ContributingEquipmentSequence", "StationName", "CT1")(dataset)

    data = change_report(change, explicit=explicit)
    for _ in range(3):
        assert decode(data, reader).identity_warnings == {
            "DeviceSerialNumber (0018,1000)",
            "InstitutionName (0008,0080)",
            "StationName (0008,1010)",
        }
    rows = report_rows(decode(data, reader), ObjectKeys("F", "F.1", "0"), Pseudonyms(b"k" * 32))
    assert rows["dose_report"][0]["identity_warnings"] == (
        "DeviceSerialNumber (0018,1000); InstitutionName (0008,0080); StationName (0008,1010)"
    )


def test_a_keyed_pseudonym_of_a_device_is_no_serial_number() -> None:
    require_real_reports()
    reader = ReportReader(identity_policy(STRICT, ()))
    for _ in range(2):
        assert decode_outcome(PLAIN.read_bytes(), reader) == "decoded"
    assert decode(PLAIN.read_bytes(), reader).identity_warnings == set()


@pytest.mark.parametrize(("level", "allows"), [("lax", None), (STRICT, ("patient_name",))])
def test_a_policy_that_does_not_exist_is_a_usage_error(
    level: str, allows: tuple[str, ...] | None
) -> None:
    with pytest.raises(UsageError):
        identity_policy(level, allows)
