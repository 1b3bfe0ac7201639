"""A registry-safe report of each encoding, and ways to add a person's identity to it."""

from __future__ import annotations

import io
from collections.abc import Callable

import pydicom
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code
from pydicom.uid import ExplicitVRLittleEndian, ImplicitVRLittleEndian

from tests.support.reports.real_reports import EXPORTS
from transforms.sample.encoding.items import text

PLAIN = EXPORTS / "F001" / "CT-RDSR-Siemens_Flash-TAP-SS.dcm"
Change = Callable[[Dataset], None]


def change_report(change: Change, *, explicit: bool = True) -> bytes:
    """The bytes of the plain report after a change."""
    dataset = pydicom.dcmread(PLAIN)
    dataset.file_meta.TransferSyntaxUID = (
        ExplicitVRLittleEndian if explicit else ImplicitVRLittleEndian
    )
    with pydicom.config.disable_value_validation():
        change(dataset)
        out = io.BytesIO()
        pydicom.dcmwrite(
            out, dataset, implicit_vr=not explicit, little_endian=True, enforce_file_format=False
        )
    return out.getvalue()


def event(dataset: Dataset) -> Dataset:
    """The first irradiation event."""
    wanted = codes.DCM.CTAcquisition.value
    return next(
        one for one in dataset.ContentSequence if one.ConceptNameCodeSequence[0].CodeValue == wanted
    )


def set_attribute(where: Callable[[Dataset], Dataset], keyword: str, value: object) -> Change:
    """Sets an attribute of the data set or of an item in it."""
    return lambda dataset: setattr(where(dataset), keyword, value)


def top(dataset: Dataset) -> Dataset:
    """The data set itself."""
    return dataset


def with_text(concept: Code, value: str, value_type: str = "TEXT") -> Change:
    """Adds a text to the first irradiation event."""

    def change(dataset: Dataset) -> None:
        item = text("CONTAINS", concept, value)
        item.ValueType = value_type
        event(dataset).ContentSequence.append(item)

    return change


def with_private(where: Callable[[Dataset], Dataset], value: str, vr: str = "LO") -> Change:
    """Adds a private element with its creator."""

    def change(dataset: Dataset) -> None:
        block = where(dataset).private_block(0x0029, "MAKER", create=True)
        block.add_new(0x08, vr, value)

    return change


def in_sequence(keyword: str, inner: str, value: object) -> Change:
    """Adds a sequence with one item that has one attribute."""

    def change(dataset: Dataset) -> None:
        item = Dataset()
        setattr(item, inner, value)
        setattr(dataset, keyword, Sequence([item]))

    return change
