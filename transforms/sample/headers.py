"""Attributes of a report outside its content tree, as the device models write them."""

from __future__ import annotations

from pydicom.dataset import Dataset, FileMetaDataset
from pydicom.sequence import Sequence
from pydicom.sr.coding import Code
from pydicom.uid import (
    EnhancedSRStorage,
    ExplicitVRLittleEndian,
    ImplicitVRLittleEndian,
    RadiopharmaceuticalRadiationDoseSRStorage,
    XRayRadiationDoseSRStorage,
)

from transforms.sample.encoding.codes import DCM, concept
from transforms.sample.encoding.slots import Placeholders
from transforms.sample.other_catalogue import MG, NM
from transforms.sample.other_devices import OtherModel
from transforms.sample.shapes import ReportShape


def ct_header(shape: ReportShape, places: Placeholders) -> Dataset:
    """Header of a CT dose report, without its content sequence."""
    model = shape.model
    header = base_header(model.charset, model.manufacturer, model.model_name, places)
    header.SOPClassUID = EnhancedSRStorage if model.enhanced_sr else XRayRadiationDoseSRStorage
    header.StudyDescription = places.text("study_description")
    header.RequestedProcedureDescription = places.text("requested_procedure")
    header.SeriesDescription = "Dose Record" if model.enhanced_sr else "Dose Report"
    header.SoftwareVersions = places.text("software", 16)
    header.PatientSize = places.number("height_m")
    header.PatientWeight = places.number("weight_kg") if shape.has_weight else ""
    if shape.identified:
        add_identity(header, places)
    add_title(header, DCM.XRayRadiationDoseReport, "10011")
    return header


def other_header(model: OtherModel, identified: bool, places: Placeholders) -> Dataset:
    """Header of a report without CT, without its content sequence."""
    header = base_header(model.charset, model.manufacturer, model.model_name, places)
    is_nuclear = model.modality == NM
    header.SOPClassUID = (
        RadiopharmaceuticalRadiationDoseSRStorage if is_nuclear else XRayRadiationDoseSRStorage
    )
    header.StudyDescription = places.text("study_description")
    header.SeriesDescription = "Dose Report"
    header.SoftwareVersions = model.software
    if model.modality != MG:
        header.PatientSize = places.number("height_m")
        header.PatientWeight = places.number("weight_kg")
    if identified:
        add_identity(header, places)
    if is_nuclear:
        add_title(header, DCM.RadiopharmaceuticalRadiationDoseReport, "10021")
    else:
        add_title(header, DCM.XRayRadiationDoseReport, "10001")
    return header


def base_header(charset: str, manufacturer: str, model_name: str, places: Placeholders) -> Dataset:
    """Attributes of every object of the nation: UIDs, times, an emptied patient."""
    header = Dataset()
    if charset:
        header.SpecificCharacterSet = charset
    header.SOPInstanceUID = places.uid("sop_uid")
    header.StudyInstanceUID = places.uid("study_uid")
    header.SeriesInstanceUID = places.uid("series_uid")
    for keyword in ("StudyDate", "SeriesDate", "ContentDate"):
        setattr(header, keyword, places.short("date", 8))
    for keyword in ("StudyTime", "SeriesTime", "ContentTime"):
        setattr(header, keyword, places.short("time", 6))
    header.Modality = "SR"
    header.Manufacturer = manufacturer
    header.ManufacturerModelName = model_name
    header.DeviceSerialNumber = places.text("serial", 10)
    for keyword in ("AccessionNumber", "ReferringPhysicianName", "StudyID"):
        setattr(header, keyword, "")
    header.SeriesNumber, header.InstanceNumber = "502", "1"
    _add_patient(header, places)
    return header


def add_identity(header: Dataset, places: Placeholders) -> None:
    """Add an invented identity, although the header says that identity was removed."""
    header.PatientName = places.text("patient_name")
    header.PatientID = places.text("patient_id", 16)
    header.PatientBirthDate = places.short("birth_date", 8)


def add_title(header: Dataset, title: Code, template: str) -> None:
    """The root of the content tree: document title, template, flags."""
    header.ReferencedPerformedProcedureStepSequence = Sequence()
    header.PerformedProcedureCodeSequence = Sequence()
    header.ValueType, header.ContinuityOfContent = "CONTAINER", "SEPARATE"
    header.ConceptNameCodeSequence = concept(title)
    header.CompletionFlag, header.VerificationFlag = "COMPLETE", "UNVERIFIED"
    identification = Dataset()
    identification.MappingResource = "DCMR"
    identification.TemplateIdentifier = template
    header.ContentTemplateSequence = Sequence([identification])


def file_meta(sop_class: str, implicit_vr: bool, places: Placeholders) -> FileMetaDataset:
    """File meta information; the implementation is pydicom's."""
    meta = FileMetaDataset()
    meta.MediaStorageSOPClassUID = sop_class
    meta.MediaStorageSOPInstanceUID = places.uid("sop_uid")
    meta.TransferSyntaxUID = ImplicitVRLittleEndian if implicit_vr else ExplicitVRLittleEndian
    return meta


def _add_patient(header: Dataset, places: Placeholders) -> None:
    for keyword in ("PatientName", "PatientID", "PatientBirthDate"):
        setattr(header, keyword, "")
    header.PatientSex = places.short("sex", 2)
    header.PatientAge = places.short("age", 4)
    header.PatientIdentityRemoved = "YES"
    header.DeidentificationMethodCodeSequence = concept(DCM.BasicApplicationConfidentialityProfile)
