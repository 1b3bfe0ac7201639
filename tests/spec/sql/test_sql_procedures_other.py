"""Names to procedures for mammography, radiography, fluoroscopy and nuclear medicine."""

from __future__ import annotations

from functools import cache

import pyarrow as pa
import pytest

from tests.support.sql_models import SqlModels
from transforms.mapping.compared import normalise_texts

FIELDS = ("study_description", "requested_procedure", "acquisition_protocol")

NAMES: dict[str, tuple[str, ...]] = {
    "mg_mammography": (
        *("Mammography screening", "Bilateral Mammography", "MAMMO BILAT TOMO", "Breast^Screening"),
        *("Mammographie beidseits", "Mammografie Screening", "Tomosynthese Brust", "MG bds."),
        *("Mammographie bilatérale", "Mammographie de dépistage", "Sénologie", "Tomosynthèse"),
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
        *("Barium swallow", "FL Video swallow", "Oesophagus contrast", "Ösophagusbreischluck"),
        *("Schluckakt Video", "Transit œsophagien", "TOGD: étude de la déglutition"),
        *("Röntgen esofagus", "Sväljningsröntgen", "Røntgen øsofagus", "Videofluoroskopi svelg"),
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

TYPES = {
    "facility_id": pa.string(),
    "study_key": pa.string(),
    "modality": pa.string(),
    "field": pa.string(),
    "compared_text": pa.string(),
}


def mapped_procedures(texts: list[tuple[str, str, str]]) -> list[str | None]:
    """The procedure of each (modality, field, text), each text in a study of its own."""
    compared = normalise_texts([text for _, _, text in texts])
    rows = [
        {
            "facility_id": "F",
            "study_key": f"{number:05}",
            "modality": modality,
            "field": field,
            "compared_text": text,
        }
        for number, ((modality, field, _), text) in enumerate(zip(texts, compared, strict=True))
    ]
    models = _models()
    said = pa.Table.from_pylist(rows, schema=pa.schema(list(TYPES.items())))
    reports = said.select(["facility_id", "study_key", "modality"])
    dates = pa.nulls(len(rows), pa.date32())
    models.lay("int_examination_texts", said)
    models.lay("int_examination_reports", reports.append_column("study_date", dates))
    models.run({})
    found = dict(models.rows("select study_key, procedure_id from int_examination_procedures"))
    return [found.get(row["study_key"]) for row in rows]


@cache
def _models() -> SqlModels:
    given = ("int_examination_texts", "int_examination_reports")
    return SqlModels("int_examination_procedures", given=given)


def modality(procedure_id: str) -> str:
    return procedure_id[:2].upper()


MAPPED = [(procedure, name) for procedure, names in NAMES.items() for name in names]
FORBIDDEN = [(modality, name) for modality, names in NEVER.items() for name in names]


@pytest.mark.parametrize("field", FIELDS)
def test_every_name_is_mapped_to_its_procedure(field: str) -> None:
    asked = [
        (procedure, name)
        for procedure, name in MAPPED
        if field != "acquisition_protocol" or modality(procedure) != "NM"
    ]
    found = mapped_procedures([(modality(procedure), field, name) for procedure, name in asked])
    assert dict(zip(asked, found, strict=True)) == {each: each[0] for each in asked}


@pytest.mark.parametrize("field", FIELDS)
def test_what_is_another_examination_is_mapped_to_none(field: str) -> None:
    found = mapped_procedures([(modality, field, name) for modality, name in FORBIDDEN])
    assert dict.fromkeys(FORBIDDEN) == dict(zip(FORBIDDEN, found, strict=True))


def test_a_rule_is_for_its_modality_alone() -> None:
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
    routine = ("acquisition_protocol", "3D_ROUTINE")
    assert mapped_procedures([("MG", *routine), ("DX", *routine)]) == ["mg_mammography", None]
