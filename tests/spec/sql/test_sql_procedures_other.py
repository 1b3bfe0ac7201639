"""Names to procedures for mammography, radiography, fluoroscopy and nuclear medicine."""

from __future__ import annotations

import pytest

from transforms.mapping.evaluate import FIRST_LIST, broader_procedures
from transforms.mapping.readings import Named, read_names

FIELDS = ("study_description", "requested_procedure", "acquisition_protocol")

NAMES: dict[str, tuple[str, ...]] = {
    "mg_mammography": (
        *("Mammography screening", "Bilateral Mammography", "MAMMO BILAT TOMO", "Breast^Screening"),
        *("Mammographie beidseits", "Mammografie Screening", "Tomosynthese Brust", "Mammo bds."),
        *("Mammographie bilatérale", "Mammographie de dépistage", "Sénologie", "Tomosynthèse sein"),
        *("Mammografi bilat", "Screening mammografi", "Bröst tomosyntes", "Bryst DBT"),
    ),
    "dx_chest": (
        *("XR CHEST PA/LAT", "Chest^PA", "CXR", "Röntgen Thorax p.a.", "Thorax in 2 Ebenen"),
        *("Radiographie pulmonaire", "RX Thorax face", "Lungröntgen", "RTG Toraks", "Thx bedside"),
        "Røntgen thorax",
    ),
    "dx_abdomen": (
        *("XR Abdomen", "AXR", "Abdomenübersicht", "Abdomen Leeraufnahme", "Röntgen Abdomen"),
        *("ASP", "Radiographie de l'abdomen", "Buköversikt", "Røntgen abdomen oversikt"),
    ),
    "dx_pelvis": (
        *("XR Pelvis AP", "Beckenübersicht", "Röntgen Becken", "Radiographie du bassin"),
        *("Bassin de face", "Bäcken", "Røntgen bekken", "RTG Bekken front"),
    ),
    "dx_lumbar_spine": (
        *("XR Lumbar spine", "L-Spine AP/LAT", "LWS in 2 Ebenen", "Lendenwirbelsäule"),
        *("Rachis lombaire", "RX lombaires", "Ländrygg", "Røntgen lumbalcolumna", "Korsrygg"),
    ),
    "rf_barium_swallow": (
        *("Barium swallow", "Oesophagus contrast", "Ösophagusbreischluck", "Breischluck"),
        *("Transit œsophagien", "Röntgen esofagus", "Røntgen øsofagus", "Esofagograma"),
    ),
    "rf_swallow_video": (
        *("FL Video swallow", "Schluckakt Video", "Étude de la déglutition"),
        *("Sväljningsröntgen", "Videofluoroskopi svelg"),
    ),
    "rf_coronary_angiography": (
        *("Coronary angiography", "Angiographie coronaire", "CAG", "Koronarangiographie"),
        *("Herzkatheter mit Koronarographie", "Coronarographie", "Kranskärlsröntgen"),
        *("Koronar angiografi", "Kransåreundersøkelse"),
    ),
    "nm_bone_scan": (
        *(
            "NM Bone scan whole body",
            "Bone scintigraphy 3 phase",
            "Tc-99m MDP",
            "Skelettszintigraphie",
        ),
        *("Knochenszintigraphie Ganzkörper", "Scintigraphie osseuse", "Skelettscintigrafi"),
        *("Skjelettscintigrafi", "Beinscintigrafi", "Scintigraphie du squelette"),
    ),
    "nm_pet_fdg": (
        *("PET-CT FDG whole body", "18F-FDG PET", "PET/CT F18-FDG Ganzkörper", "TEP au FDG"),
        *("FDG PET-DT helkropp", "PET CT Fluorodesoxyglukose"),
    ),
}

NEVER: dict[str, tuple[str, ...]] = {
    "MG": (
        *("Mammography QA", "Breast biopsy stereotactic", "Mamma Stanzbiopsie", "Phantom"),
        *("Mammographie repérage par harpon", "Präparateradiographie Brust", "CESM bilateral"),
        *("Mammography with implants", "Kontrastmammographie", "Galaktographie", "Bröst biopsi"),
        *("Spot magnification CC", "Brystimplantat mammografi"),
    ),
    "DX": (
        *("XR Thoracic spine", "BWS in 2 Ebenen", "Rachis dorsal", "BWS/LWS", "Ribs left"),
        *("XR Chest and abdomen", "Becken und LWS", "Becken mit Hüfte links", "Hüfte rechts"),
        *("Wirbelsäulenganzaufnahme", "Rippenthorax", "Gril costal", "Hand links", "Oberbauch"),
        *("XR Chest phantom", "IV Urography abdomen", "Skoliose Thorax und LWS", "Knie"),
    ),
    "RF": (
        *("PCI LAD", "Coronary angiography +/- PCI", "Koronarangiographie mit Stent", "TAVI"),
        *("Oesophageal stent", "Ösophagus Dilatation", "ERCP", "Barium meal", "Barium enema"),
        *("Barium swallow and follow-through", "Magen-Darm-Passage", "Pacemaker implantation"),
        *("Coronary angiography with bypass grafts", "Rechtsherzkatheter", "Transit du grêle"),
        *("Phantom QA coronary", "Sinus coronarius"),
    ),
    "NM": (
        *("PET-CT PSMA", "PET brain FDG", "FDG Herz Vitalität", "Bone marrow scintigraphy"),
        *("NaF PET bone scan", "DPD Amyloidose", "PET-CT", "Thyroid scan", "Lu-177 therapy"),
        *("Knochenmarkszintigraphie", "Leukozytenszintigraphie Skelett", "Phantom FDG"),
    ),
}
"""Names that are better unmapped than mapped wrongly."""


def mapped_procedures(texts: list[tuple[str, str, str]]) -> list[str | None]:
    """The procedure of each (modality, field, text), each text in a study of its own."""
    return [one.procedure_id for one in read_names([Named.by_field(*text) for text in texts])]


def modality(procedure_id: str) -> str:
    return procedure_id[:2].upper()


MAPPED = [(procedure, name) for procedure, names in NAMES.items() for name in names]
FORBIDDEN = [(modality, name) for modality, names in NEVER.items() for name in names]


@pytest.mark.parametrize("field", FIELDS)
def test_every_name_is_mapped_to_its_procedure_or_a_narrower_one(field: str) -> None:
    asked = [
        (procedure, name)
        for procedure, name in MAPPED
        if field != "acquisition_protocol" or modality(procedure) != "NM"
    ]
    found = mapped_procedures([(modality(procedure), field, name) for procedure, name in asked])
    broader = broader_procedures()
    wrong = {
        each: given
        for each, given in zip(asked, found, strict=True)
        if given is None or each[0] not in broader[given]
    }
    assert wrong == {}


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_another_examination_is_none_of_these(field: str) -> None:
    found = mapped_procedures([(modality, field, name) for modality, name in FORBIDDEN])
    broader = broader_procedures()
    mapped = [given for given in found if given and broader[given] & FIRST_LIST]
    assert mapped == []


def test_a_name_is_read_in_its_modality_alone() -> None:
    """A radiograph of the chest is not a CT, and a CT with such a name is not a radiograph."""
    asked = [
        (other, "study_description", name)
        for procedure, name in MAPPED
        for other in ("CT", "MG", "DX", "RF", "NM")
        if other != modality(procedure)
    ]
    for (other, _, name), found in zip(asked, mapped_procedures(asked), strict=True):
        assert found is None or found.startswith(other.lower()), name


def test_a_protocol_of_a_device_is_a_mammograph_only_in_mammography() -> None:
    """The real reports of a Pristina name ROUTINE and 3D_ROUTINE and no study."""
    named = ("acquisition_protocol", "3D_ROUTINE")
    flat = ("acquisition_protocol", "ROUTINE")
    found = mapped_procedures([("MG", *named), ("MG", *flat), ("DX", *named), ("DX", *flat)])
    assert found == ["mg_tomosynthesis", "mg_mammography", None, None]
