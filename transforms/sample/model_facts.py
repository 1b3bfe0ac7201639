"""Invented facts about the device models: generation, and year of first sale.

The names are those in real reports; the facts are invented for the synthetic nation.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class ModelFacts(NamedTuple):
    """Manufacturer, kind of equipment, invented name of the generation, and first year of sale."""

    manufacturer: str
    modality: str
    generation: str
    market_year: int


SECOND, THIRD, FOURTH = "second", "third", "fourth"

FACTS: Mapping[str, ModelFacts] = {
    "Brilliance 16": ModelFacts("Philips", "CT", SECOND, 2004),
    "SOMATOM Definition Flash": ModelFacts("SIEMENS", "CT", THIRD, 2009),
    "LightSpeed VCT": ModelFacts("GE Medical Systems", "CT", THIRD, 2006),
    "Aquilion ONE": ModelFacts("TOSHIBA", "CT", THIRD, 2008),
    "iCT 256": ModelFacts("Philips", "CT", THIRD, 2008),
    "NAEOTOM Alpha": ModelFacts("Siemens Healthineers", "CT", FOURTH, 2018),
    "Revolution CT": ModelFacts("GE MEDICAL SYSTEMS", "CT", FOURTH, 2014),
    "Aquilion Prism": ModelFacts("CANON_MEC", "CT", FOURTH, 2017),
    "Selenia Dimensions": ModelFacts("HOLOGIC, Inc.", "MG", THIRD, 2010),
    "Senographe Pristina": ModelFacts("GE HEALTHCARE", "MG", FOURTH, 2016),
    "MAMMOMAT Revelation": ModelFacts("Siemens Healthineers", "MG", FOURTH, 2017),
    "AMULET Innovality": ModelFacts("FUJIFILM Corporation", "MG", THIRD, 2013),
    "CXDI Control Software NE": ModelFacts("Canon Inc.", "DX", THIRD, 2012),
    "Ysio Max": ModelFacts("Siemens Healthineers", "DX", THIRD, 2013),
    "DigitalDiagnost": ModelFacts("Philips Medical Systems", "DX", SECOND, 2008),
    "Ultimax-i": ModelFacts("TOSHIBA_MEC", "RF", SECOND, 2010),
    "AXIOM Luminos dRF": ModelFacts("SIEMENS", "RF", SECOND, 2009),
    "CombiDiagnost R90": ModelFacts("Philips Medical Systems", "RF", THIRD, 2017),
    "Allura Xper": ModelFacts("Philips Medical Systems", "RF", SECOND, 2006),
    "AXIOM-Artis": ModelFacts("SIEMENS", "RF", SECOND, 2006),
    "Innova IGS 520": ModelFacts("GE Healthcare", "RF", SECOND, 2013),
    "Symbia Intevo 16": ModelFacts("SIEMENS", "NM", THIRD, 2014),
    "Discovery NM/CT 670": ModelFacts("GE MEDICAL SYSTEMS", "NM", SECOND, 2011),
    "AnyScan SC": ModelFacts("Mediso", "NM", SECOND, 2012),
    "Biograph64_Vision 600": ModelFacts("SIEMENS", "NM", FOURTH, 2018),
    "Discovery MI": ModelFacts("GE MEDICAL SYSTEMS", "NM", THIRD, 2016),
    "Vereos PET/CT": ModelFacts("Philips", "NM", THIRD, 2014),
}
"""Facts by model name."""
