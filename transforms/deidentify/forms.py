"""Checks the form of values that are kept unchanged, since a malformed one may hold a name."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pydicom.dataset import Dataset

from transforms.deidentify.elements import text_of
from transforms.errors import ObjectRefused

_TIME = r"([01]\d|2[0-3]):?([0-5]\d:?([0-5]\d|60)?(\.\d{1,6})?)?"
_SMALL_NUMBER = r"[+-]?\d{1,3}(\.\d{1,6})?"
_COUNT = r"\d{1,6}"

FORM_BY_KEYWORD: Mapping[str, re.Pattern[str]] = {
    keyword: re.compile(form, re.ASCII)
    for keyword, form in {
        "SpecificCharacterSet": r"(\\|ISO[_ ](2022[_ ])?IR[_ ]?\d{1,3}|GB18030|GBK)*",
        "Modality": r"[A-Z]{2,4}",
        "SeriesNumber": _COUNT,
        "InstanceNumber": _COUNT,
        "PatientSex": r"[MFO]",
        "PatientSize": _SMALL_NUMBER,
        "PatientWeight": _SMALL_NUMBER,
        "QualityControlSubject": r"YES|NO",
        "TimezoneOffsetFromUTC": r"(UTC)?[+-]\d\d:?\d\d",
        **dict.fromkeys(("StudyTime", "SeriesTime", "ContentTime", "AcquisitionTime"), _TIME),
        "CompletionFlag": r"COMPLETE|PARTIAL",
        "VerificationFlag": r"VERIFIED|UNVERIFIED",
        "PreliminaryFlag": r"PRELIMINARY|FINAL",
        "ValueType": r"CONTAINER",
        "ContinuityOfContent": r"SEPARATE|CONTINUOUS",
        "RelationshipType": r"[A-Z]{3,8}( [A-Z]{3,8}){0,2}",
        "Time": _TIME,
        "TemplateIdentifier": r"\d{1,6}",
        "MappingResource": r"[A-Z]{4,8}",
        "CodingSchemeDesignator": r"[A-Za-z0-9_.-]{1,16}",
    }.items()
}
"""Form by attribute; a value that does not match is emptied."""

CODE_VALUE = re.compile(r"[A-Za-z]{0,3}-?[A-Z]{0,2}\d[\w.-]{0,63}|[A-Za-z0-9./*%\[\]{} _-]{1,16}")
_NUMBER = re.compile(r"[0-9eE+\-.,\\/ ]*")


def empty_where_malformed(dataset: Dataset, keywords: tuple[str, ...]) -> None:
    """Empty every listed attribute whose value does not match its form."""
    for keyword in keywords:
        form = FORM_BY_KEYWORD.get(keyword)
        text = text_of(dataset, keyword)
        if form is not None and text and not form.fullmatch(text):
            setattr(dataset, keyword, None)


def check_number(measured: Dataset) -> None:
    """ObjectRefused where a measured value is not a number: it would be lost or kept unchecked."""
    if not _NUMBER.fullmatch(text_of(measured, "NumericValue")):
        raise ObjectRefused("number_malformed", "NumericValue (0040,A30A)")
