"""Known vendor departures from the DICOM standard: the devices, and how drlake handles each.

References are sections of the project's list of departures seen in real reports. `cure` names the
general rule of drlake that handles the departure; otherwise the function of the same name in this
module does. Every departure has a test with its name in `tests/unit/decode/test_departures.py`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code as PydicomCode

from transforms.decode.values import Values
from transforms.dicom.codes import Code
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.header import Header

DCM = codes.DCM


@dataclass(frozen=True, slots=True)
class Departure:
    """One departure: a name, the devices, the section of the list, and how it is handled."""

    name: str
    device: str
    reference: str
    cure: str


DEPARTURES: tuple[Departure, ...] = (
    Departure(
        "azurion_is_fluoroscopy_guided",
        "Philips Azurion",
        "6.11",
        "the device type is Integrated, so the model name decides",
    ),
    Departure(
        "canon_ultimax_units",
        "Toshiba and Canon Ultimax-i",
        "3.5, 3.6",
        "units.csv converts dGy.cm2 to Gy.m2 and mGy to Gy",
    ),
    Departure(
        "canon_no_dap",
        "Canon CXDI",
        "3.22, 6.19",
        "an item without a measured value is NULL and noted in columns_without_value, never zero",
    ),
    Departure(
        "eos_plane_b_unused",
        "EOS",
        "6.25",
        "the zero of plane B is kept as a measured zero; plane B has no events",
    ),
    Departure(
        "eurocolumbus_per_pulse",
        "Eurocolumbus",
        "3.12, 3.13",
        "one value per pulse: the mean without zeros is stored, for exposure the sum",
    ),
    Departure(
        "exposure_time_not_stated",
        "several fluoroscopy systems",
        "3.15, 3.16",
        "exposure time and average tube current stay NULL; they can be computed from the number "
        "of pulses, pulse width and mean tube current in the row",
    ),
    Departure(
        "ge_fluoro_dose_rp_total",
        "GE OEC",
        "2.3",
        "the code of Fluoro Dose (RP) Total decides, not its misspelt meaning",
    ),
    Departure(
        "ge_lower_case_x",
        "GE Optima and VCT (Enhanced SR)",
        "0.2, 6.1",
        "meanings are compared without case, so CT X-ray Source Parameters is recognised",
    ),
    Departure(
        "ge_timezone_offset",
        "GE OEC",
        "4.6",
        "UTC-04:00 is read as the offset -04:00, stored in timezone_offset and never applied",
    ),
    Departure(
        "ge_ucm_units",
        "GE OEC",
        "3.8",
        "units of the scheme UCM are read as UCUM units",
    ),
    Departure(
        "hologic_accumulated_per_breast",
        "Hologic Selenia Dimensions",
        "6.22",
        "each accumulated glandular dose becomes a row for its breast",
    ),
    Departure(
        "hologic_detector_data_code",
        "Hologic Selenia Dimensions",
        "2.5",
        "113745 belongs to no column, so X-Ray Detector Data Available with this code is not read",
    ),
    Departure(
        "philips_abdomen_region",
        "Philips Allura",
        "2.5",
        "region code T-D400 is read as T-D4000 (Abdomen)",
    ),
    Departure(
        "pixelmed_empty_target_region",
        "GE LightSpeed by PixelMed, Philips BigBore",
        "6.2, 6.13",
        "an item without a code is NULL",
    ),
    Departure(
        "siemens_effective_dose",
        "Siemens PET and SPECT",
        "6.30",
        "the effective dose is read from the private container that holds it",
    ),
    Departure(
        "siemens_modulation_type",
        "Siemens CT",
        "6.5",
        "the modulation type is read from the comment if no item states it",
    ),
    Departure(
        "siemens_radiation_summary",
        "Siemens Arcadis Varic (Enhanced SR)",
        "0.3, 6.9",
        "totals are read from the private Radiation Summary Report, which has no events",
    ),
    Departure(
        "siemens_revelation_laterality",
        "Siemens Mammomat Revelation",
        "6.8",
        "the code of the laterality decides, whatever its meaning",
    ),
    Departure(
        "siemens_undeclared_utf8",
        "Siemens CT",
        "12",
        "text is decoded as declared, so UTF-8 declared as ISO_IR 100 is garbled (mojibake)",
    ),
    Departure(
        "siemens_xml_comment",
        "Siemens Artis and Zee",
        "6.6",
        "XML in a comment is not parsed",
    ),
    Departure(
        "spectrum_veriton",
        "Spectrum Dynamics Veriton CT",
        "2.4, 6.18",
        "value types are ignored, a region without a code value keeps its meaning, and the "
        "meaning CTDIVol Alert Value Configured is compared without case",
    ),
    Departure(
        "toshiba_slash_list",
        "Toshiba and Canon CT",
        "3.17",
        "a slash is read as a separator of values",
    ),
)

_COMMENT = DCM.Comment
_MODULATION_TYPE = Code("DCM", DCM.XRayModulationType.value, DCM.XRayModulationType.meaning)
SIEMENS_MODULATION = re.compile(r"X-ray Modulation Type\s*=\s*([^,]+)", re.IGNORECASE)
_SLASH_LIST = re.compile(r"\s*[+-]?[\d.]+(\s*/\s*[+-]?[\d.]+)+\s*", re.ASCII)
_SIEMENS_EFFECTIVE_DOSE = PydicomCode("220001", "99SHS", "Effective Dose Information")
_RADIATION_SUMMARY = ("99SMS_RADSUM", "C-10")
_SUMMARY_ITEMS = {
    "total_number_of_radiographic_frames": ("C-200", DCM.TotalNumberOfRadiographicFrames),
    "total_fluoro_time_s": ("C-202", DCM.TotalFluoroTime),
    "dose_area_product_total_gy_m2": ("C-204", DCM.DoseAreaProductTotal),
}
"""Column -> its private code and the corresponding concept. C-210 (air kerma) is not read, since
the report does not define the point that it refers to."""


def azurion_is_fluoroscopy_guided(header: Header) -> bool:
    """Whether the device is an Azurion, whose device type is Integrated Projection Radiography."""
    return "azurion" in (header.model_name or "").casefold()


def philips_abdomen_region(item: ContentItem, header: Header) -> ContentItem:
    """The target region, with Allura's truncated code for the abdomen corrected."""
    if item.code is None or (item.code.scheme, item.code.value) != ("SRT", "T-D400"):
        return item
    if not (header.manufacturer or "").casefold().startswith("philips"):
        return item
    return item._replace(code=item.code._replace(value="T-D4000"))


def siemens_effective_dose(administration: ContentItem) -> list[ContentItem]:
    """Return the private Siemens containers of the effective dose in an administration."""
    return administration.children_named(_SIEMENS_EFFECTIVE_DOSE)


def siemens_modulation_type(
    event: ContentItem, stated: tuple[ContentItem, ...]
) -> tuple[ContentItem, ...]:
    """The modulation type stated in the event, or else in its comment."""
    if any(item.text for item in stated):
        return stated
    for comment in event.children_named(_COMMENT):
        if match := SIEMENS_MODULATION.search(comment.text or ""):
            return (comment._replace(concept=_MODULATION_TYPE, text=match.group(1).strip()),)
    return stated


def is_radiation_summary(root: ContentItem) -> bool:
    """Whether the document is a private Radiation Summary Report of Siemens."""
    concept = root.concept
    return concept is not None and (concept.scheme, concept.value) == _RADIATION_SUMMARY


def siemens_radiation_summary(root: ContentItem) -> Values:
    """The totals of a Radiation Summary Report, as columns of `xray_accumulated_dose`."""
    found: dict[str, tuple[ContentItem, ...]] = {}
    for column, (value, concept) in _SUMMARY_ITEMS.items():
        code = Code(concept.scheme_designator, concept.value, concept.meaning)
        found[column] = tuple(
            item._replace(concept=code)
            for item in root.descendants()
            if item.concept is not None and item.concept.value == value
        )
    return found


def toshiba_slash_list(text: str | None, manufacturer: str | None) -> str | None:
    """The text of a Toshiba list ("10.50/ 15.00") with backslashes as separators."""
    maker = (manufacturer or "").casefold()
    if not text or not maker.startswith(("toshiba", "canon")) or not _SLASH_LIST.fullmatch(text):
        return text
    return "\\".join(part.strip() for part in text.split("/"))
