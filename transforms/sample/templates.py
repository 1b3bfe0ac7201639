"""Templates: reports written once by pydicom, with slots for all values that vary.

A report is a header, opening items, one item per event and a closing item. Header and items are
encoded once per shape; reports of any number of events are assembled from them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset

from transforms.sample.ct_items import (
    Piece,
    accumulated_item,
    event_container,
    event_pieces,
    opening_items,
    source_item,
)
from transforms.sample.devices import DeviceModel
from transforms.sample.encoding.encode import (
    container_frame,
    content_frame,
    encode_header,
    encode_item,
)
from transforms.sample.encoding.slots import Placeholders, Slot, stamp
from transforms.sample.headers import ct_header, file_meta
from transforms.sample.shapes import EventShape, ReportShape

Values = Mapping[str, bytes]
REPORT_WIDE = frozenset({"serial"})
"""Slots inside events that take the report's value."""


@dataclass(frozen=True, slots=True)
class Part:
    """Encoded bytes, the slots in them, and whether they are one event."""

    data: bytes
    slots: tuple[Slot, ...]
    is_event: bool = False


@dataclass(frozen=True, slots=True)
class Template:
    """A whole report with its slots, and the offsets where a cut leaves a well-formed file."""

    data: bytes
    report_slots: tuple[Slot, ...]
    event_slots: tuple[tuple[Slot, ...], ...]
    element_ends: tuple[int, ...]

    def fill(self, report: Values, events: Sequence[Values]) -> bytearray:
        """Return a copy with these values; `events` in the order of the template's events."""
        data = bytearray(self.data)
        stamp(data, self.report_slots, report)
        for slots, values in zip(self.event_slots, events, strict=True):
            stamp(data, slots, values)
        return data


class ReportTemplates:
    """Makes templates and keeps them for later reports."""

    def __init__(self) -> None:
        self._heads: dict[ReportShape, tuple[Part, tuple[int, ...]]] = {}
        self._openings: dict[DeviceModel, Part] = {}
        self._pieces: dict[tuple[DeviceModel, Piece], Part] = {}
        self._events: dict[tuple[DeviceModel, EventShape], Part] = {}
        self._templates: dict[ReportShape, Template] = {}

    def template(self, shape: ReportShape) -> Template:
        """Return the template of a shape."""
        if shape not in self._templates:
            with disable_value_validation():  # placeholders are not valid dates or ages
                self._templates[shape] = self._assemble(shape)
        return self._templates[shape]

    def _assemble(self, shape: ReportShape) -> Template:
        model = shape.model
        head, ends = self._head(shape)
        events = [self._event(model, event) for event in shape.events]
        parts = [self._opening(model), *events, Part(_as_the_model([source_item()], model), ())]
        before, after = content_frame(
            sum(len(part.data) for part in parts),
            implicit_vr=model.implicit_vr,
            undefined_length=model.undefined_length,
        )
        return join_parts([head, Part(before, ()), *parts, Part(after, ())], ends)

    def _head(self, shape: ReportShape) -> tuple[Part, tuple[int, ...]]:
        key = replace(shape, events=())
        if key not in self._heads:
            implicit_vr, places = shape.model.implicit_vr, Placeholders()
            header = ct_header(shape, places)
            meta = file_meta(header.SOPClassUID, implicit_vr, places)
            data, ends = encode_header(header, meta, implicit_vr=implicit_vr)
            self._heads[key] = Part(data, places.find(data)), ends
        return self._heads[key]

    def _opening(self, model: DeviceModel) -> Part:
        if model not in self._openings:
            places = Placeholders()
            items = [*opening_items(model, places), accumulated_item(model, places)]
            data = _as_the_model(items, model)
            self._openings[model] = Part(data, places.find(data))
        return self._openings[model]

    def _event(self, model: DeviceModel, shape: EventShape) -> Part:
        """One event: its container around pieces that it shares with other shapes."""
        if (model, shape) not in self._events:
            pieces = [self._piece(model, piece) for piece in event_pieces(model, shape)]
            before, after = container_frame(
                event_container(),
                sum(len(piece.data) for piece in pieces),
                implicit_vr=model.implicit_vr,
                undefined_length=model.undefined_length,
            )
            self._events[model, shape] = _event_part([Part(before, ()), *pieces, Part(after, ())])
        return self._events[model, shape]

    def _piece(self, model: DeviceModel, piece: Piece) -> Part:
        if (model, piece) not in self._pieces:
            places = Placeholders()
            data = _as_the_model([piece.item(places)], model)
            self._pieces[model, piece] = Part(data, places.find(data))
        return self._pieces[model, piece]


def encode_items(
    items: Sequence[Dataset], *, implicit_vr: bool, undefined_length: bool = False
) -> bytes:
    """Content items one after another."""
    return b"".join(
        encode_item(item, implicit_vr=implicit_vr, undefined_length=undefined_length)
        for item in items
    )


def _as_the_model(items: Sequence[Dataset], model: DeviceModel) -> bytes:
    return encode_items(
        items, implicit_vr=model.implicit_vr, undefined_length=model.undefined_length
    )


def _parts_with_moved_slots(parts: Sequence[Part]) -> Iterator[tuple[Part, list[Slot]]]:
    """Each part, with the offsets of its slots moved by its own offset."""
    offset = 0
    for part in parts:
        yield part, [Slot(slot.name, slot.offset + offset, slot.width) for slot in part.slots]
        offset += len(part.data)


def _event_part(parts: Sequence[Part]) -> Part:
    slots = [slot for _, moved in _parts_with_moved_slots(parts) for slot in moved]
    return Part(b"".join(part.data for part in parts), tuple(slots), is_event=True)


def join_parts(parts: Sequence[Part], element_ends: tuple[int, ...]) -> Template:
    """Join the parts of a report into its template."""
    report_slots: list[Slot] = []
    event_slots: list[tuple[Slot, ...]] = []
    for part, moved in _parts_with_moved_slots(parts):
        own = [slot for slot in moved if part.is_event and slot.name not in REPORT_WIDE]
        report_slots += [slot for slot in moved if slot not in own]
        if part.is_event:
            event_slots.append(tuple(own))
    data = b"".join(part.data for part in parts)
    return Template(data, tuple(report_slots), tuple(event_slots), element_ends)
