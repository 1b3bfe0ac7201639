"""Names of mammographies, radiographs, fluoroscopies and nuclear medicine examinations.

Procedure -> language -> names, all in the study description; invented in the style of real ones, as
in `names`. Each must be mapped to its procedure within its modality.
"""

from __future__ import annotations

OTHER_NAMES: dict[str, dict[str, tuple[str, ...]]] = {
    "mg_mammography": {
        "english": ("Mammography", "MAMMOGRAM BILATERAL", "Screening mammography"),
        "german": ("Mammografie", "Mammographie bds."),
        "french": ("Mammographie", "Mammographie de dépistage"),
        "nordic": ("Mammografi", "Screening mammografi"),
    },
    "dx_chest": {
        "english": ("Chest X-ray", "XR CHEST PA"),
        "german": ("Röntgen Thorax", "Thorax p.a."),
        "french": ("Radiographie thorax", "Thorax de face"),
        "nordic": ("Lungröntgen", "Røntgen thorax"),
    },
    "dx_abdomen": {
        "english": ("Abdomen X-ray", "XR ABDOMEN"),
        "german": ("Röntgen Abdomen", "Abdomenübersicht"),
        "french": ("Radiographie abdomen", "Abdomen sans préparation"),
        "nordic": ("Buköversikt", "Røntgen abdomen"),
    },
    "dx_pelvis": {
        "english": ("Pelvis X-ray", "XR PELVIS AP"),
        "german": ("Röntgen Becken", "Beckenübersicht"),
        "french": ("Radiographie du bassin", "Bassin de face"),
        "nordic": ("Röntgen bäcken", "Røntgen bekken"),
    },
    "dx_lumbar_spine": {
        "english": ("Lumbar spine X-ray", "XR LUMBAR SPINE"),
        "german": ("Röntgen LWS", "LWS in 2 Ebenen"),
        "french": ("Radiographie rachis lombaire", "Rachis lombaire de face et profil"),
        "nordic": ("Röntgen ländrygg", "Røntgen lumbalcolumna"),
    },
    "rf_barium_swallow": {
        "english": ("Barium swallow", "FL BARIUM SWALLOW"),
        "german": ("Ösophagus-Breischluck", "Breischluck"),
        "french": ("Transit oesophagien", "Transit oesophagien baryté"),
        "nordic": ("Röntgen esofagus", "Røntgen øsofagus"),
    },
    "rf_coronary_angiography": {
        "english": ("Coronary angiography", "CORONARY ANGIOGRAM"),
        "german": ("Koronarangiographie", "Koronarangiografie"),
        "french": ("Coronarographie", "Angiographie coronaire"),
        "nordic": ("Koronarangiografi", "Kranskärlsröntgen"),
    },
    "nm_bone_scan": {
        "english": ("Bone scan", "NM BONE SCAN WHOLE BODY"),
        "german": ("Skelettszintigraphie", "Knochenszintigraphie"),
        "french": ("Scintigraphie osseuse", "Scinti osseuse corps entier"),
        "nordic": ("Skelettscintigrafi", "Skjelettscintigrafi"),
    },
    "nm_pet_fdg": {
        "english": ("PET FDG", "PET/CT FDG WHOLE BODY"),
        "german": ("FDG-PET/CT", "PET FDG Ganzkörper"),
        "french": ("TEP FDG", "TEP/TDM au FDG"),
        "nordic": ("PET/DT FDG", "FDG PET helkropp"),
    },
}
