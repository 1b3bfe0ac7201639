"""Identity checks of a content tree beyond the codes and value types checked by the reader."""

from __future__ import annotations

from functools import lru_cache

from pydicom.sr.codedict import codes

from transforms.dicom.concept_index import INDEXES_REMEMBERED, CodeKey, ConceptIndex
from transforms.dicom.content_tree import ContentItem
from transforms.dicom.identity.attributes import SERIAL_NUMBER
from transforms.dicom.identity.check import concept_text, is_pseudonym
from transforms.dicom.identity.concepts import KIND_BY_CONCEPT
from transforms.dicom.identity.free_text import names_somebody
from transforms.dicom.identity.policy import NEGOTIABLE, IdentityPolicy

_COMMENT = (codes.DCM.Comment.scheme_designator, codes.DCM.Comment.value)
_OF_THE_DEVICE = tuple(key for key, kind in KIND_BY_CONCEPT.items() if kind in NEGOTIABLE)


def comment_naming_somebody(root: ContentItem) -> str | None:
    """Where a comment of the report or of a container has the form of a name; None if nowhere.

    Comments are never stored, but an object with such a comment is refused all the same. Called
    after decoding, when the containers have been indexed.
    """
    for container in (root, *root.children):
        if container.value_type == "CONTAINER":
            for item in container.children.coded(_COMMENT):
                if item.text and names_somebody(item.text):
                    return f"content item {':'.join(_COMMENT)}, rule name_like"
    return None


def device_warnings(root: ContentItem, policy: IdentityPolicy) -> set[str]:
    """Names and places of the device observer (TID 1004) that the policy allows."""
    found = set()
    for at, key in _device_positions(root.children.concepts):
        item, kind = root.children[at], KIND_BY_CONCEPT[key]
        hidden = kind == SERIAL_NUMBER and is_pseudonym((item.text or "").encode())
        if item.text and not hidden and not policy.refuses(kind):
            found.add(f"content item {concept_text(*key)}")
    return found


@lru_cache(maxsize=INDEXES_REMEMBERED)
def _device_positions(index: ConceptIndex) -> tuple[tuple[int, CodeKey], ...]:
    """Where names and places of the device are, with their concepts."""
    return tuple((at, key) for key in _OF_THE_DEVICE for at in index.coded(key))
