"""Names that the synthetic hospitals give to examinations: procedure -> language -> names.

The names are invented in the style of real ones: a Siemens region path, English capitals, German,
French and Nordic words, abbreviations, umlauts and accents. No name may be mistaken for another
procedure, and none may name bolus tracking; `data/reference/procedure_rules.csv` must map every one
of them (`all_names`) and none of `UNMAPPED_NAMES`.
"""

from __future__ import annotations

LANGUAGES = ("english", "german", "french", "nordic")

NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "ct_head": {
        "english": (
            "CT HEAD WITHOUT CONTRAST",
            "Head^HeadSpi (Adult)",
            "CT Brain plain",
            "HEAD W/O",
        ),
        "german": ("Neuro^Schädel_nativ (Erw.)", "CT Schädel nativ", "Kopf nativ"),
        "french": ("Crâne sans injection", "TDM cérébral"),
        "nordic": ("DT hjärna", "CT Hjerne uten kontrast", "DT skalle utan kontrast"),
    },
    "ct_sinuses": {
        "english": ("SINUSES W/O CONTRAST", "Head^Sinus (Adult)", "CT Paranasal sinuses"),
        "german": ("CT NNH", "Nasennebenhöhlen nativ"),
        "french": ("Sinus de la face", "TDM des sinus"),
        "nordic": ("DT bihålor", "CT bihuler"),
    },
    "ct_neck": {
        "english": ("SOFT TISSUE NECK WITH CONTRAST", "Neck^NeckRoutine (Adult)", "CT Neck C+"),
        "german": ("CT Hals KM", "Hals^Hals_Weichteile (Erw.)"),
        "french": ("Cou avec injection", "TDM du cou"),
        "nordic": ("DT hals med kontrast", "CT Hals m/kontrast"),
    },
    "ct_cervical_spine": {
        "english": ("CERVICAL SPINE W/O CONTRAST", "Spine^CSpine (Adult)", "CT C-spine"),
        "german": ("CT HWS", "Wirbelsäule^HWS_nativ"),
        "french": ("Rachis cervical", "TDM rachis cervical"),
        "nordic": ("DT halsrygg", "CT Cervikalcolumna"),
    },
    "ct_chest": {
        "english": (
            "CHEST WITH CONTRAST",
            "Thorax^ThoraxRoutine (Adult)",
            "CT Chest",
            "CT LUNGS",
        ),
        "german": ("CT Thorax nativ", "Thorax^Thorax_KM (Erw.)", "Lunge nativ"),
        "french": ("Scanner thoracique", "TDM thorax sans injection"),
        "nordic": ("DT thorax", "CT Toraks", "DT lungor"),
    },
    "ct_pulmonary_angiography": {
        "english": ("CT PULMONARY ANGIOGRAM", "CTPA", "Thorax^PE_Angio (Adult)"),
        "german": ("CT Lungenembolie", "Pulmonalisangiographie"),
        "french": ("Angioscanner pulmonaire", "TDM embolie pulmonaire"),
        "nordic": ("DT lungemboli", "CT Lungeemboli"),
    },
    "ct_abdomen_pelvis": {
        "english": (
            "ABDO PELVIS WITH CONTRAST",
            "Abdomen^AbdomenPelvis (Adult)",
            "CT Abdomen/Pelvis C+",
        ),
        "german": ("CT Abdomen/Becken KM", "Abdomen^Abdomen_Becken_pv", "Bauch und Becken"),
        "french": ("Abdomen pelvis avec injection", "TDM abdomino-pelvien"),
        "nordic": ("DT buk", "CT Abdomen og bekken", "DT buk bäcken med kontrast"),
    },
    "ct_chest_abdomen_pelvis": {
        "english": ("Thorax^TAP (Adult)", "CHEST ABDO PELVIS WITH CONTRAST", "CT CAP"),
        "german": ("CT Thorax/Abdomen/Becken", "Thorax-Abdomen KM", "Stamm^Thorax_Abdomen_Becken"),
        "french": ("Thorax abdomen pelvis", "TDM TAP avec injection"),
        "nordic": ("DT thorax-buk", "CT Thorax abdomen bekken"),
    },
    "ct_kidneys_ureters_bladder": {
        "english": ("CT KUB", "RENAL STONE LOW DOSE", "Abdomen^KUB (Adult)"),
        "german": ("CT Nierensteine nativ", "Harnleiterstein Low-Dose"),
        "french": ("Lithiase urinaire", "TDM colique néphrétique"),
        "nordic": ("DT urinvägar sten", "CT Urinveier stein"),
    },
    "ct_lumbar_spine": {
        "english": ("LUMBAR SPINE W/O CONTRAST", "Spine^LSpine (Adult)", "CT L-spine"),
        "german": ("CT LWS", "Wirbelsäule^LWS_nativ"),
        "french": ("Rachis lombaire", "TDM rachis lombaire"),
        "nordic": ("DT ländrygg", "CT Lumbalcolumna"),
    },
    "ct_coronary_angiography": {
        "english": ("CORONARY CTA", "Cardiac^CorCTA (Adult)", "CCTA"),
        "german": ("CT Koronarangiographie", "Herz^Koronarien"),
        "french": ("Coroscanner", "Angioscanner coronaire"),
        "nordic": ("DT kranskärl", "CT Koronararterier"),
    },
    "ct_liver_multiphase": {
        "english": ("LIVER 3 PHASE", "Abdomen^LiverMultiphase (Adult)", "CT Liver triphasic"),
        "german": ("CT Leber 3-Phasen", "Abdomen^Leber_mehrphasig"),
        "french": ("Foie triphasique", "TDM hépatique 3 phases"),
        "nordic": ("DT lever 3-fas", "CT Lever flerfase"),
    },
}

CHILD_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "ct_head": {
        "english": ("Head^HeadSpi (Child)", "PAEDIATRIC HEAD W/O"),
        "german": ("Neuro^Schädel_nativ (Kind)", "Kinder Kopf nativ"),
        "french": ("Crâne enfant",),
        "nordic": ("DT hjärna barn", "CT Hjerne barn"),
    },
    "ct_abdomen_pelvis": {
        "english": ("Abdomen^AbdomenPelvis (Child)", "PAEDIATRIC ABDO PELVIS"),
        "german": ("CT Abdomen/Becken Kind", "Kinder Bauch und Becken"),
        "french": ("Abdomen pelvis enfant",),
        "nordic": ("DT buk barn", "CT Abdomen og bekken barn"),
    },
}

SCAN_NAMES: dict[str, str] = {
    "ct_head": "Head Spiral",
    "ct_sinuses": "Sinus",
    "ct_neck": "Neck",
    "ct_cervical_spine": "C-Spine",
    "ct_chest": "Chest",
    "ct_pulmonary_angiography": "CTPA",
    "ct_abdomen_pelvis": "Abdomen Pelvis",
    "ct_chest_abdomen_pelvis": "Chest Abdomen Pelvis",
    "ct_kidneys_ureters_bladder": "KUB",
    "ct_lumbar_spine": "L-Spine",
    "ct_coronary_angiography": "Coronary CTA",
    "ct_liver_multiphase": "Liver",
}
"""Acquisition protocol of a diagnostic event where another attribute names the study."""

UNMAPPED_NAMES: tuple[str, ...] = (
    "Research protocol 7",
    "TEST 2",
    "Zusatzserie B",
    "Étude QX-12",
    "Specialserie 4",
)
"""Names that no national rule can map; also the acquisition protocol of such a study."""

VAGUE_STUDY_DESCRIPTION = "CT"
"""Study description of a facility that names the procedure in another attribute."""


def all_names(procedure_id: str) -> tuple[str, ...]:
    """Every name of this procedure, in any language and for any age."""
    tables = (NAMES[procedure_id], CHILD_NAMES.get(procedure_id, {}))
    spoken = [name for table in tables for names in table.values() for name in names]
    return (*spoken, SCAN_NAMES[procedure_id])
