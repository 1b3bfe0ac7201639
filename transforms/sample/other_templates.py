"""Templates of reports without CT, and the bytes of a report made from them."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from pydicom.config import disable_value_validation
from pydicom.dataset import Dataset

from transforms.sample.ct_items import source_item
from transforms.sample.encoding.encode import content_frame, encode_header
from transforms.sample.encoding.slots import Placeholders
from transforms.sample.faults import IDENTIFIED, TRUNCATED
from transforms.sample.headers import file_meta, other_header
from transforms.sample.nuclear_items import administration_item, associated_procedure
from transforms.sample.other_catalogue import NM, OtherProcedure, View
from transforms.sample.other_devices import OtherModel
from transforms.sample.other_examinations import OtherExamination
from transforms.sample.other_values import event_values, report_values
from transforms.sample.projection_items import event_item, opening_items
from transforms.sample.stamping import identity, truncate_file
from transforms.sample.templates import Part, Template, encode_items, join_parts

Shape = tuple[OtherModel, OtherProcedure, bool]
"""Model, procedure, and whether the report names a person."""


class OtherReportTemplates:
    """Makes templates and keeps them for later reports."""

    def __init__(self) -> None:
        self._templates: dict[Shape, Template] = {}

    def report_bytes(
        self, examination: OtherExamination, role: str, rng: np.random.Generator
    ) -> bytes:
        """Bytes of the examination's report, with the fault of its role."""
        model = examination.device.model
        template = self._template((model, examination.procedure, role == IDENTIFIED))
        values: Mapping[str, bytes] = report_values(examination, rng)
        if role == IDENTIFIED:
            values = {**values, **identity(rng)}
        events = [event_values(examination, index) for index in range(len(examination.events))]
        data = bytes(template.fill(values, events))
        return truncate_file(data, template, rng) if role == TRUNCATED else data

    def _template(self, shape: Shape) -> Template:
        if shape not in self._templates:
            with disable_value_validation():  # placeholders are not valid dates or ages
                self._templates[shape] = _template(*shape)
        return self._templates[shape]


def _template(model: OtherModel, procedure: OtherProcedure, identified: bool) -> Template:
    places = Placeholders()
    header = other_header(model, identified, places)
    meta = file_meta(header.SOPClassUID, model.implicit_vr, places)
    data, ends = encode_header(header, meta, implicit_vr=model.implicit_vr)
    head = Part(data, places.find(data))
    parts = [
        _opening(model),
        *(_event(model, procedure, view) for view in procedure.views or (None,)),
        _part([source_item()], model, Placeholders()),
    ]
    before, after = content_frame(
        sum(len(part.data) for part in parts),
        implicit_vr=model.implicit_vr,
        undefined_length=False,
    )
    return join_parts([head, Part(before, ()), *parts, Part(after, ())], ends)


def _opening(model: OtherModel) -> Part:
    places = Placeholders()
    if model.modality == NM:
        return _part([associated_procedure(model.use)], model, places)
    return _part(opening_items(model, places), model, places)


def _event(model: OtherModel, procedure: OtherProcedure, view: View | None) -> Part:
    places = Placeholders()
    if view is None:
        item = administration_item(model.use, places)
    else:
        item = event_item(model, view, procedure.region, places)
    return _part([item], model, places, is_event=True)


def _part(
    items: list[Dataset], model: OtherModel, places: Placeholders, is_event: bool = False
) -> Part:
    data = encode_items(items, implicit_vr=model.implicit_vr)
    return Part(data, places.find(data), is_event)
