"""Shapes of a report and of its events: what distinguishes one template from another."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.sample.devices import DeviceModel

LOCALIZER, BOLUS, DIAGNOSTIC = "localizer", "bolus", "diagnostic"
CONSTANT_ANGLE, STATIONARY, SPIRAL, SEQUENCED = (
    "constant_angle",
    "stationary",
    "spiral",
    "sequenced",
)


@dataclass(frozen=True, slots=True)
class EventShape:
    """Fixed properties of the template of one irradiation event.

    `region` and `phantom` are names in `codes`; `dlp_unit` is the unit of the event's DLP (mGy.cm
    as the model spells it, or a wrong one in a report with that fault). `reconstruction` is a name
    in `ct_items.RECONSTRUCTIONS` or empty; `dose_check` says which values the facility has set,
    empty where the device does not report them.
    """

    kind: str
    acquisition: str
    region: str
    phantom: str
    dlp_unit: str
    reconstruction: str = ""
    dose_check: str = ""

    def has_dose(self, model: DeviceModel) -> bool:
        """Whether the event has a CT Dose container; GE localizers have none."""
        return self.kind != LOCALIZER or model.localizer_has_dose


@dataclass(frozen=True, slots=True)
class ReportShape:
    """Fixed properties of the template of one report."""

    model: DeviceModel
    events: tuple[EventShape, ...]
    has_weight: bool
    identified: bool = False
