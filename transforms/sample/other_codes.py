"""Codes of mammography, projection X-ray and radiopharmaceuticals as devices write them.

Those of the scheme SRT become SCT on newer devices, as in `codes`.
"""

from __future__ import annotations

from collections.abc import Mapping

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from transforms.sample.encoding.codes import DCM, REGIONS
from transforms.sample.other_catalogue import ACQUISITION, CC, FLUOROSCOPY, MLO, RADIOGRAPH

MAMMOGRAPHY = Code("P5-40010", "SRT", "Mammography")
ANATOMY = Code("T-D0005", "SRT", "Anatomical structure")
LATERALITY = Code("G-C171", "SRT", "Laterality")
SIDES: Mapping[str, Code] = {
    "right": Code("G-A100", "SRT", "Right"),
    "left": Code("G-A101", "SRT", "Left"),
}
BREASTS: Mapping[str, Code] = {
    "right": Code("T-04020", "SRT", "Right breast"),
    "left": Code("T-04030", "SRT", "Left breast"),
}
IMAGE_VIEWS: Mapping[str, Code] = {
    CC: Code("R-10242", "SRT", "cranio-caudal"),
    MLO: Code("R-10226", "SRT", "medio-lateral oblique"),
}
EVENT_TYPES: Mapping[str, Code] = {
    CC: DCM.StationaryAcquisition,
    MLO: DCM.StationaryAcquisition,
    RADIOGRAPH: DCM.StationaryAcquisition,
    FLUOROSCOPY: Code("P5-06000", "SRT", "Fluoroscopy"),
    ACQUISITION: DCM.StationaryAcquisition,
}
MATERIALS: Mapping[str, Mapping[str, Code]] = {
    "SRT": {
        "tungsten": Code("C-164F9", "SRT", "Tungsten or Tungsten compound"),
        "rhodium": Code("C-167F9", "SRT", "Rhodium or Rhodium compound"),
        "silver": Code("C-137F9", "SRT", "Silver or Silver compound"),
        "aluminium": Code("C-120F9", "SRT", "Aluminum or Aluminum compound"),
    },
    "SCT": {"tungsten": codes.SCT.Tungsten, "rhodium": codes.SCT.Rhodium},
}
OTHER_REGIONS: Mapping[str, Code] = {
    **REGIONS,
    "breast": Code("T-04000", "SRT", "Breast"),
    "pelvis": Code("T-12375", "SRT", "Pelvis"),
}

ASSOCIATED_PROCEDURE = Code("G-C2D0", "SRT", "Associated Procedure")
STUDIES: Mapping[str, Code] = {
    "gamma_camera": Code("P0-006F1", "SRT", "Nuclear medicine procedure"),
    "pet": Code("P5-0A00A", "SRT", "PET study for localization of tumor"),
}
AGENT = Code("F-61FDB", "SRT", "Radiopharmaceutical agent")
RADIONUCLIDE = Code("C-10072", "SRT", "Radionuclide")
HALF_LIFE = Code("R-42806", "SRT", "Radionuclide Half Life")
TRACERS: Mapping[str, tuple[Code, Code, str]] = {
    "gamma_camera": (
        Code("C-B1218", "SRT", "Technetium Tc^99m^ medronate"),
        Code("C-163A8", "SRT", "^99m^Technetium"),
        "21624",
    ),
    "pet": (
        Code("C-B1031", "SRT", "Fluorodeoxyglucose F^18^"),
        Code("C-111A1", "SRT", "^18^Fluorine"),
        "6586.2",
    ),
}
"""Agent, radionuclide and half-life in s, by imaging method."""
