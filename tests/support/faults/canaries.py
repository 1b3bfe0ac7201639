"""Canary tokens planted in dose reports: names and numbers that must not be found again.

A token is an invented name (Qzx and nine consonants) or number. Where a text becomes a column of
the lake (`LISTED`: study description, acquisition protocol, a code's meaning …), it is the
hospital's own text and is stored; no rule can distinguish an unknown surname from an unknown
protocol. There the canary has the form of an identifier (a title, a label, a DICOM person name, an
address), which the gate refuses. Everywhere else the bare token is planted, and whatever the
outcome of the object, the token must occur nowhere but in the received object.
"""

from __future__ import annotations

import io
import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pydicom
from pydicom.config import disable_value_validation
from pydicom.datadict import DicomDictionary, dictionary_VR
from pydicom.dataset import Dataset
from pydicom.sequence import Sequence
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from tests.support.reports.identified_reports import top
from transforms.dicom.identity.attributes import DESCRIPTOR, KIND_BY_TAG
from transforms.dicom.identity.concepts import KIND_BY_CONCEPT, MEANING_BY_CONCEPT
from transforms.dicom.identity.policy import NEGOTIABLE
from transforms.sample.encoding.items import text as text_item

CONSONANTS = "bcdfghjkmnpqrstvwxz"
MARK, NUMBER_MARK = "Qzx", "770077"
TOKENS_PER_OBJECT = 4
SHARE_OF_UNLISTED = 0.4
"""Share of objects with tokens only in places that are not read: they are decoded."""

TEXT_VRS = frozenset(("AE", "CS", "LO", "LT", "PN", "SH", "ST", "UC", "UR", "UT"))
DIGIT_VRS = frozenset(("DA", "DS", "DT", "IS", "TM", "AS"))
NOT_IN_A_REPORT = (0x0000, 0x0002, 0xFFFA, 0xFFFC)
"""Groups of commands, file meta information, signatures and padding."""

DCM = codes.DCM
PRIVATE_CONCEPT = Code("007", "99QZX", "a maker's text")

Put = Callable[[Dataset, str], None]


@dataclass(frozen=True)
class Place:
    """Place for a token, and whether its object must be refused for it.

    Places of one kind are treated alike; a place without `kind` is the only one of its kind.
    """

    name: str
    put: Put
    refused: bool
    named: bool = False
    number: bool = False
    kind: str = ""


class Tokens:
    """Makes tokens that never repeat."""

    def __init__(self, seed: int) -> None:
        self.rng = random.Random(seed)  # noqa: S311 - reproducible on purpose
        self.made: set[str] = set()

    def name(self) -> str:
        """A made-up name."""
        return self._new(MARK + "".join(self.rng.choices(CONSONANTS, k=9)))

    def number(self) -> str:
        """A made-up number of twelve digits."""
        return self._new(NUMBER_MARK + f"{self.rng.randrange(10**6):06}")

    def _new(self, token: str) -> str:
        self.made.add(token)
        return token

    def form(self, token: str) -> str:
        """A text with the form of an identifier around a name."""
        forms = ("CT Dr. {}", "{}^Jane", "Mrs {}", "Patient: {}", "{}@example.org", "PROF. {}")
        return self.rng.choice(forms).format(token)


def _containers(dataset: Dataset) -> list[Dataset]:
    return [item for item in dataset.ContentSequence if "ContentSequence" in item]


def an_event(dataset: Dataset) -> Dataset:
    """A container of the tree, or the root where there is none."""
    found = _containers(dataset)
    return found[-1] if found else dataset


def vr_of(tag: int) -> str:
    """VR of an attribute; a text VR where pydicom's dictionary does not list it yet."""
    return dictionary_VR(tag) if tag in DicomDictionary else "LO"


def attribute(tag: int, where: Callable[[Dataset], Dataset]) -> Put:
    """Sets an attribute to a token, as far as its VR can hold one."""
    vr = vr_of(tag)

    def put(dataset: Dataset, value: str) -> None:
        if vr == "SQ":
            inner = Dataset()
            inner.PersonAddress = value
            where(dataset).add_new(tag, "SQ", Sequence([inner]))
        else:
            padded = value.encode() + b" " * (len(value) % 2)
            where(dataset).add_new(tag, vr, padded if vr in ("OB", "UN") else value)

    return put


def keyword_of_top(keyword: str) -> Put:
    """Sets an attribute of the whole report."""
    return lambda dataset, value: setattr(dataset, keyword, value)


def content(concept: Code, value_type: str) -> Put:
    """Adds a content item with a token as its value."""

    def put(dataset: Dataset, value: str) -> None:
        item = text_item("CONTAINS", concept, value)
        item.ValueType = value_type
        if value_type == "PNAME":
            del item.TextValue
            item.PersonName = value
        an_event(dataset).ContentSequence.append(item)

    return put


def private(where: Callable[[Dataset], Dataset], vr: str) -> Put:
    """Adds a private element."""

    def put(dataset: Dataset, value: str) -> None:
        block = where(dataset).private_block(0x0029, "MAKER", create=True)
        block.add_new(0x08, vr, value.encode() if vr in ("OB", "UN") else value)

    return put


def in_request(keyword: str) -> Put:
    """Sets an attribute in an item of the request attributes."""

    def put(dataset: Dataset, value: str) -> None:
        item = Dataset()
        setattr(item, keyword, value)
        dataset.RequestAttributesSequence = Sequence([item])

    return put


def first_text(concept: Code) -> Put:
    """Replaces the text of a concept in the first container that has it, or adds it."""

    def put(dataset: Dataset, value: str) -> None:
        for container in _containers(dataset):
            for item in container.ContentSequence:
                name = item.get("ConceptNameCodeSequence")
                if name and name[0].get("CodeValue") == concept.value and "TextValue" in item:
                    item.TextValue = value
                    return
        content(concept, "TEXT")(dataset, value)

    return put


def code_part(keyword: str, of: str) -> Put:
    """Replaces a part of a code somewhere in the tree; any outcome of the object is allowed."""

    def put(dataset: Dataset, value: str) -> None:
        items = [one for one in an_event(dataset).ContentSequence if of in one]
        if items:
            setattr(
                items[0][of].value[0], keyword, value[:16] if keyword != "CodeMeaning" else value
            )

    return put


def _meta(dataset: Dataset, value: str) -> None:
    dataset.file_meta.SourceApplicationEntityTitle = value


def _meta_private(dataset: Dataset, value: str) -> None:
    dataset.file_meta.PrivateInformationCreatorUID = "1.2.3"
    dataset.file_meta.PrivateInformation = value.encode()


def _preamble(dataset: Dataset, value: str) -> None:
    dataset.preamble = value.encode().ljust(128, b"\0")


def _template(dataset: Dataset, value: str) -> None:
    item = Dataset()
    item.MappingResource, item.TemplateIdentifier = "DCMR", value
    dataset.ContentTemplateSequence = Sequence([item])


def _number(dataset: Dataset, value: str) -> None:
    for item in an_event(dataset).ContentSequence:
        if "MeasuredValueSequence" in item and item.MeasuredValueSequence:
            item.MeasuredValueSequence[0].add_new(0x0040A30A, "LO", value)
            return


def _uid(keyword: str) -> Put:
    return lambda dataset, value: setattr(dataset, keyword, f"2.25.{value}")


def _attributes() -> Iterator[Place]:
    """Every attribute of the profile that can hold a token, at the top and in a content item."""
    for tag, kind in KIND_BY_TAG.items():
        vr = vr_of(tag)
        if vr not in TEXT_VRS | {"SQ", "OB"} or kind == "structure" or tag >> 16 in NOT_IN_A_REPORT:
            continue
        refused = kind == "direct" or kind == "institution"
        named = kind == DESCRIPTOR
        if vr == "SQ" and kind not in ("direct", *NEGOTIABLE):
            continue
        for where in (top, an_event):
            put = attribute(tag, where)
            alike = f"{kind} {vr} {where.__name__}"
            yield Place(f"{tag:08X} {where.__name__}", put, refused or named, named, kind=alike)


def _dates() -> Iterator[Place]:
    for tag, kind in KIND_BY_TAG.items():
        if kind == "date" and vr_of(tag) in DIGIT_VRS and tag >> 16 != 0x40:
            alike = f"date {vr_of(tag)}"
            yield Place(f"{tag:08X}", attribute(tag, top), refused=False, number=True, kind=alike)


def _concepts() -> Iterator[Place]:
    for (scheme, value), kind in KIND_BY_CONCEPT.items():
        concept = Code(value, scheme, MEANING_BY_CONCEPT[scheme, value])
        refused = kind in ("direct", "institution")
        text, name = content(concept, "TEXT"), content(concept, "PNAME")
        yield Place(f"item {value}", text, refused, kind=f"item {kind}")
        yield Place(f"item {value} PNAME", name, refused=True, kind=f"item {kind} PNAME")


LISTED = (
    *("StudyDescription", "RequestedProcedureDescription", "Manufacturer"),
    *("ManufacturerModelName", "SoftwareVersions"),
)
"""Attributes that are stored unchanged: named canaries only."""

PLACES: tuple[Place, ...] = (
    *_attributes(),
    *_concepts(),
    *(Place(keyword, keyword_of_top(keyword), refused=True, named=True) for keyword in LISTED),
    Place("request", in_request("RequestedProcedureDescription"), refused=True, named=True),
    Place("request id", in_request("RequestedProcedureID"), refused=True),
    Place("protocol", first_text(DCM.AcquisitionProtocol), refused=False, named=True),
    Place("comment named", content(DCM.Comment, "TEXT"), refused=True, named=True),
    Place("meaning", code_part("CodeMeaning", "ConceptCodeSequence"), refused=False, named=True),
    Place("private top", private(top, "LO"), refused=True),
    Place("private item", private(an_event, "UT"), refused=True),
    Place("private bytes", private(an_event, "OB"), refused=True),
    Place("private unknown", private(top, "UN"), refused=True),
    Place("file meta private", _meta_private, refused=True),
    Place("PNAME", content(PRIVATE_CONCEPT, "PNAME"), refused=True),
    Place("patient number", attribute(0x00100020, top), refused=True, number=True),
    Place("birth date", attribute(0x00100030, top), refused=True, number=True),
)
UNLISTED: tuple[Place, ...] = (
    *_dates(),
    Place("preamble", _preamble, refused=False),
    Place("AE title", _meta, refused=False),
    Place("comment", content(DCM.Comment, "TEXT"), refused=False),
    Place("maker's text", content(PRIVATE_CONCEPT, "TEXT"), refused=False),
    Place("finding", content(DCM.Finding, "TEXT"), refused=False),
    Place("device name", content(DCM.DeviceName, "TEXT"), refused=False),
    Place("observer name", content(DCM.DeviceObserverName, "TEXT"), refused=False),
    Place("serial number", attribute(0x00181000, top), refused=False),
    Place("gantry", attribute(0x00181008, top), refused=False),
    Place("template", _template, refused=False),
    Place("region of the patient", attribute(0x00180015, top), refused=False),
    Place("concept's meaning", code_part("CodeMeaning", "ConceptNameCodeSequence"), refused=False),
    Place("concept's value", code_part("CodeValue", "ConceptNameCodeSequence"), refused=False),
    Place("number", _number, refused=False),
    Place("study UID", _uid("StudyInstanceUID"), refused=False, number=True),
    Place("object UID", _uid("SOPInstanceUID"), refused=False, number=True),
)


@dataclass(frozen=True)
class PlantedReport:
    """An object with tokens in it, and whether one of them must refuse it."""

    data: bytes
    places: tuple[str, ...]
    must_be_refused: bool


def kinds(places: Iterable[Place]) -> dict[str, list[Place]]:
    """Places by their kind."""
    found: dict[str, list[Place]] = {}
    for place in places:
        found.setdefault(place.kind or place.name, []).append(place)
    return found


class Deck:
    """Draws places: first one of each kind, in any order, then any."""

    def __init__(self, places: tuple[Place, ...], rng: random.Random) -> None:
        self._places, self._rng = places, rng
        self._first = [rng.choice(alike) for alike in kinds(places).values()]
        rng.shuffle(self._first)

    def deal(self, number: int) -> list[Place]:
        """Draw this many different places."""
        first, self._first = self._first[:number], self._first[number:]
        others = self._rng.sample(self._places, number)
        return [*first, *(place for place in others if place not in first)][:number]


def plant_tokens(base: bytes, tokens: Tokens, deck: Deck) -> PlantedReport:
    """One report with some tokens in it."""
    dataset = pydicom.dcmread(io.BytesIO(base))
    chosen = deck.deal(TOKENS_PER_OBJECT)
    with disable_value_validation():
        for place in chosen:
            token = tokens.number() if place.number else tokens.name()
            place.put(dataset, tokens.form(token) if place.named else token)
        out = io.BytesIO()
        pydicom.dcmwrite(out, dataset, enforce_file_format=False)
    must = any(place.refused for place in chosen)
    return PlantedReport(out.getvalue(), tuple(place.name for place in chosen), must)


def plant(
    exports: Path, bases: list[bytes], tokens: Tokens, number: int, facilities: int
) -> list[PlantedReport]:
    """Write objects with this many tokens into an export folder, with tokens in file names too."""
    found: list[PlantedReport] = []
    unlisted, everywhere = Deck(UNLISTED, tokens.rng), Deck(PLACES + UNLISTED, tokens.rng)
    while len(tokens.made) < number:
        deck = unlisted if tokens.rng.random() < SHARE_OF_UNLISTED else everywhere
        one = plant_tokens(tokens.rng.choice(bases), tokens, deck)
        folder = exports / f"H{len(found) % facilities}" / tokens.name()
        folder.mkdir(parents=True)
        (folder / f"{tokens.name()}^{len(found)}.dcm").write_bytes(one.data)
        found.append(one)
    return found
