"""A stamped report, read by pydicom, holds exactly the given values."""

from __future__ import annotations

import io
import warnings
from dataclasses import replace
from itertools import pairwise

import numpy as np
import pydicom
import pytest
from pydicom.dataset import Dataset

from transforms.sample.catalogue import PROCEDURES
from transforms.sample.devices import MODELS, DeviceModel
from transforms.sample.examinations import Event, Examination, draw_examination
from transforms.sample.facilities import Device, Facility, facility, generator, uid
from transforms.sample.faults import CONTINUED, CUMULATIVE, IDENTIFIED, NOT_FINITE, TRUNCATED
from transforms.sample.faults import WRONG_UNIT as WRONG_UNIT_ROLE
from transforms.sample.names import LANGUAGES, NAMES
from transforms.sample.peculiarities import WRONG_DLP_UNIT, apply_role, events_by_report
from transforms.sample.shapes import ReportShape
from transforms.sample.stamping import report_bytes, truncate_file
from transforms.sample.templates import ReportTemplates

TEMPLATES = ReportTemplates()
LIVER = next(one for one in PROCEDURES if one.procedure_id == "ct_liver_multiphase")
ACQUISITION_MEANINGS = {
    "constant_angle": "Constant Angle Acquisition",
    "stationary": "Stationary Acquisition",
    "spiral": "Spiral Acquisition",
    "sequenced": "Sequenced Acquisition",
}


def liver_at(model: DeviceModel) -> tuple[Facility, Examination]:
    rng = generator(3, 1)
    device = Device(model, "12345", uid(rng))
    language = "nordic" if model.charset else "english"
    place = replace(
        facility(1, 1, rng),
        devices=(device,),
        name_by_procedure={LIVER: NAMES[LIVER.procedure_id][language][0]},
        place="study_description",
    )
    examination = draw_examination(place, LIVER, 9.8, rng)
    patient = replace(examination.patient, weight_kg=81.5)
    return place, replace(examination, patient=patient)


def read_dataset(data: bytes) -> Dataset:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        dataset = pydicom.dcmread(io.BytesIO(data))
        dataset.walk(lambda _, element: element.value)
    return dataset


def report_of(place: Facility, examination: Examination, role: str = "", number: int = 1) -> bytes:
    rng = generator(4, number)
    return report_bytes(TEMPLATES, place, examination, examination.events, role, rng)


def children(item: Dataset, meaning: str) -> list[Dataset]:
    return [
        child
        for child in item.get("ContentSequence", [])
        if child.ConceptNameCodeSequence[0].CodeMeaning.lower() == meaning.lower()
    ]


def measured_value(item: Dataset, meaning: str) -> tuple[float, str]:
    (child,) = children(item, meaning)
    (value,) = child.MeasuredValueSequence
    return float(value.NumericValue), value.MeasurementUnitsCodeSequence[0].CodeValue


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.model_name)
def test_header_says_what_was_asked(model: DeviceModel) -> None:
    place, examination = liver_at(model)
    report = read_dataset(report_of(place, examination))
    assert report.StudyInstanceUID == examination.study_uid
    assert report.file_meta.MediaStorageSOPInstanceUID == report.SOPInstanceUID
    assert report.file_meta.MediaStorageSOPClassUID == report.SOPClassUID
    assert report.StudyDescription == examination.name
    assert report.PatientAge == examination.patient.age
    assert report.PatientSex == examination.patient.sex
    assert float(report.PatientWeight) == 81.5
    assert float(report.PatientSize) == examination.patient.height_m
    assert report.Manufacturer == model.manufacturer
    assert report.DeviceSerialNumber == "12345"
    assert (report.PatientName, report.PatientID, report.PatientBirthDate) == ("", "", "")
    assert report.file_meta.TransferSyntaxUID.is_implicit_VR == model.implicit_vr


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.model_name)
def test_total_and_number_of_events_are_those_of_the_events(model: DeviceModel) -> None:
    place, examination = liver_at(model)
    report = read_dataset(report_of(place, examination))
    (total,) = children(report, "CT Accumulated Dose Data")
    number, _ = measured_value(total, "Total Number of Irradiation Events")
    dlp, unit = measured_value(total, "CT Dose Length Product Total")
    assert number == len(examination.events)
    assert dlp == sum(event.dlp for event in examination.events) / 100
    assert unit == model.dlp_unit


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.model_name)
def test_every_event_says_what_was_asked(model: DeviceModel) -> None:
    place, examination = liver_at(model)
    items = children(read_dataset(report_of(place, examination)), "CT Acquisition")
    assert len(items) == len(examination.events) == 1 + len(model.bolus) + 3
    for item, event in zip(items, examination.events, strict=True):
        assert_event(item, event, model)


def assert_event(item: Dataset, event: Event, model: DeviceModel) -> None:
    (event_uid,) = children(item, "Irradiation Event UID")
    (acquisition,) = children(item, "CT Acquisition Type")
    (parameters,) = children(item, "CT Acquisition Parameters")
    (source,) = children(parameters, "CT X-Ray Source Parameters")
    meaning = acquisition.ConceptCodeSequence[0].CodeMeaning
    assert event.uid == event_uid.UID
    assert meaning == ACQUISITION_MEANINGS[event.shape.acquisition]
    assert measured_value(parameters, "Scanning Length") == (event.length_mm, "mm")
    assert measured_value(source, "KVP") == (event.kvp_kv, "kV")
    protocols = [child.TextValue for child in children(item, "Acquisition Protocol")]
    assert protocols == ([event.protocol] if model.writes_protocol else [])
    assert_dose(children(item, "CT Dose"), event, model)


def assert_dose(doses: list[Dataset], event: Event, model: DeviceModel) -> None:
    if event.ctdivol is None:
        assert doses == []
        return
    (dose,) = doses
    (phantom,) = children(dose, "CTDIw Phantom Type")
    assert measured_value(dose, "Mean CTDIvol") == (event.ctdivol / 100, "mGy")
    assert measured_value(dose, "DLP") == (event.dlp / 100, model.dlp_unit)
    assert phantom.ConceptCodeSequence[0].CodeMeaning == "IEC Body Dosimetry Phantom"


@pytest.mark.parametrize(
    "ctdivol,length_mm,dlp", [(120, 10, 120), (14, 821, 1149), (991, 737, 73037)]
)
def test_dlp_is_ctdivol_times_length_in_cm(ctdivol: int, length_mm: int, dlp: int) -> None:
    _, examination = liver_at(MODELS[0])
    event = replace(examination.events[-1], ctdivol=ctdivol, length_mm=length_mm)
    assert event.dlp == dlp


def test_missing_weight_is_an_empty_attribute() -> None:
    place, examination = liver_at(MODELS[0])
    without = replace(examination, patient=replace(examination.patient, weight_kg=None))
    assert read_dataset(report_of(place, without)).PatientWeight is None


@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_names_are_written_in_the_character_set_of_the_model(language: str) -> None:
    for model in (model for model in MODELS if language in model.languages):
        place, examination = liver_at(model)
        for name in NAMES["ct_head"][language]:
            report = read_dataset(report_of(place, replace(examination, name=name)))
            assert report.StudyDescription == name


def test_not_finite_dose_is_the_only_change() -> None:
    place, examination = liver_at(MODELS[0])
    healthy, faulty = report_of(place, examination), report_of(place, examination, NOT_FINITE)
    assert faulty.count(b"NaN") == 1 and healthy.count(b"NaN") == 0
    assert len(healthy) == len(faulty)


def test_wrong_unit_stands_on_the_diagnostic_events_only() -> None:
    place, examination = liver_at(MODELS[2])
    faulty = apply_role(WRONG_UNIT_ROLE, place, examination, generator(4, 1))
    items = children(read_dataset(report_of(place, faulty)), "CT Acquisition")
    units = [measured_value(children(item, "CT Dose")[0], "DLP")[1] for item in items]
    assert units == ["mGy.cm"] * 2 + [WRONG_DLP_UNIT] * 3


def test_identified_report_names_a_person_and_denies_it() -> None:
    place, examination = liver_at(MODELS[1])
    report = read_dataset(report_of(place, examination, IDENTIFIED))
    assert str(report.PatientName) and report.PatientID and report.PatientBirthDate
    assert report.PatientIdentityRemoved == "YES"


def test_cut_report_is_a_beginning_of_the_whole() -> None:
    place, examination = liver_at(MODELS[4])
    whole = report_of(place, examination)
    for number in range(60):
        part = report_of(place, examination, TRUNCATED, number)
        assert 132 < len(part) < len(whole)


def test_cut_at_the_end_of_an_element_moves_on() -> None:
    class EndOfAnElement:
        def integers(self, low: int, high: int) -> int:
            return 200

    class Template:
        element_ends = (132, 200, 201)

    data = bytes(300)
    assert len(truncate_file(data, Template(), EndOfAnElement())) == 202  # type: ignore[arg-type]


def test_element_ends_are_where_a_shorter_file_is_still_well_formed() -> None:
    place, examination = liver_at(MODELS[0])
    data = report_of(place, examination)
    shapes = tuple(event.shape for event in examination.events)
    template = TEMPLATES.template(ReportShape(MODELS[0], shapes, has_weight=True))
    assert len(template.element_ends) > 40
    for end in template.element_ends[1:]:
        assert "ContentSequence" not in read_dataset(data[:end])


def test_cumulative_reports_grow_to_the_whole_examination() -> None:
    _, examination = liver_at(MODELS[0])
    sent = events_by_report(CUMULATIVE, examination)
    assert [len(events) for events in sent] == [4, 5, 6]
    assert all(later[: len(earlier)] == earlier for earlier, later in pairwise(sent))


def test_continued_reports_share_no_event() -> None:
    place, examination = liver_at(MODELS[0])
    continued = apply_role(CONTINUED, place, examination, np.random.default_rng(1))
    first, second = events_by_report(CONTINUED, continued)
    assert not {event.uid for event in first} & {event.uid for event in second}
    assert [*first, *second] == list(continued.events)
