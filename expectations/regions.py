"""Classifies the target region of an event as head, trunk or unknown, to know its usual phantom.

Only regions with an unambiguous phantom are listed: neck and limbs are scanned with either phantom,
depending on manufacturer and protocol, so they are unknown here. Codes are from PS3.16 CID 4030,
compared by pydicom, which knows the retired SRT codes of the same concepts. The words are for
private codes and older codes with a clear meaning.
"""

from __future__ import annotations

import re
from typing import Literal

from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

Region = Literal["head", "trunk"]

SCT = codes.SCT
HEAD_CODES = (
    SCT.Head,
    SCT.Brain,
    SCT.Skull,
    SCT.Face,
    SCT.FacialBones,
    SCT.Orbit,
    SCT.ParanasalSinus,
    SCT.SellaTurcica,
    SCT.InternalAuditoryCanal,
    SCT.TemporalBone,
    SCT.CircleOfWillis,
)
RETIRED_TRUNK_CODES = (
    Code("T-D3000", "SRT", "Chest"),
    Code("T-D4000", "SRT", "Abdomen"),
    Code("T-D6000", "SRT", "Pelvis"),
)
"""Chest, abdomen and pelvis in PS3.16 CID 4031 before their SCT codes were replaced: pydicom maps
these SRT codes to the replaced codes, and its dictionary contains only the new ones."""
TRUNK_CODES = (
    *RETIRED_TRUNK_CODES,
    SCT.Trunk,
    SCT.Chest,
    SCT.Abdomen,
    SCT.Pelvis,
    SCT.AbdomenAndPelvis,
    SCT.ChestAndAbdomen,
    SCT.ChestAbdomenAndPelvis,
    SCT.ThoracicSpine,
    SCT.ThoracoLumbarSpine,
    SCT.LumbarSpine,
    SCT.LumboSacralSpine,
    SCT.Lung,
    SCT.Heart,
    SCT.CoronaryArtery,
    SCT.PulmonaryArtery,
    SCT.ThoracicAorta,
    SCT.AbdominalAorta,
    SCT.Liver,
    SCT.Pancreas,
    SCT.Kidney,
    SCT.UpperUrinaryTract,
    SCT.Colon,
)
HEAD_WORDS = frozenset(
    {"head", "brain", "skull", "cranium", "cranial", "face", "facial", "orbit", "orbits"}
    | {"sinus", "sinuses", "paranasal", "petrous"}
)
TRUNK_WORDS = frozenset(
    {"trunk", "torso", "chest", "thorax", "thoracic", "lung", "lungs", "heart", "coronary"}
    | {"abdomen", "abdominal", "pelvis", "pelvic", "liver", "kidney", "kidneys", "lumbar"}
)
OTHER_WORDS = frozenset(
    {"neck", "cervical", "shoulder", "arm", "leg", "limb", "extremity", "phantom"}
)


def region_of(code: str | None, meaning: str | None) -> Region | None:
    """Head or trunk; None if the region does not determine the phantom.

    `code` is scheme:value and `meaning` is its code meaning; either may be missing.
    """
    return _by_code(code) or _by_words(meaning)


def _by_code(code: str | None) -> Region | None:
    scheme, _, value = (code or "").partition(":")
    if not value:
        return None
    stated = Code(value, scheme, "")
    if any(stated == known for known in HEAD_CODES):
        return "head"
    if any(stated == known for known in TRUNK_CODES):
        return "trunk"
    return None


def _by_words(meaning: str | None) -> Region | None:
    words = set(re.findall(r"[a-z]+", (meaning or "").lower()))
    if words & OTHER_WORDS:
        return None
    is_head, is_trunk = bool(words & HEAD_WORDS), bool(words & TRUNK_WORDS)
    if is_head == is_trunk:
        return None
    return "head" if is_head else "trunk"
