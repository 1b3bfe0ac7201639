"""The seven forms of declared data of the synthetic nation, as `declared/<kind>.csv`."""

from __future__ import annotations

from collections.abc import Mapping

from transforms.sample.declared_association import deliverable_rows, training_rows
from transforms.sample.declared_devices import Row, device_rows, facility_rows
from transforms.sample.declared_models import benchmark_rows, feature_rows, model_rows
from transforms.sample.inventory import InstalledDevice

FOLDER = "declared"
KINDS = ("device", "model", "feature", "benchmark", "training", "deliverable", "facility")


def declared_forms(
    devices: list[InstalledDevice],
    facilities: list[str],
    examinations: Mapping[tuple[str, str], int],
) -> dict[str, list[Row]]:
    """Rows of each kind; `examinations` are those reported this year by facility and modality."""
    rows = (
        device_rows(devices, facilities),
        model_rows(),
        feature_rows(),
        benchmark_rows(),
        training_rows(),
        deliverable_rows(),
        facility_rows(examinations),
    )
    return {kind: list(each) for kind, each in zip(KINDS, rows, strict=True)}
