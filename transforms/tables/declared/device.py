"""`declared_device`: installed devices declared by a facility or an authority."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from transforms.tables.common import FACILITY_ID
from transforms.tables.declared.common import (
    COUNTRY,
    FORM,
    LOADED,
    MANUFACTURER,
    MODEL_NAME,
    OF_A_LOAD,
    day,
    word,
)
from transforms.tables.dose_report import MODALITIES
from transforms.tables.schema import Column, Table

DEVICE_KEY = Column(
    "device_key",
    pa.string(),
    "Keyed HMAC of facility, manufacturer, model and serial number: the same key as in the "
    "device's reports. The serial number itself is not stored.",
    LOADED,
    nullable=False,
)
SERIAL_NUMBER = word(
    "serial_number",
    "Serial number as in the device's reports (0018,1000); only its keyed hash is stored.",
)
"""The column of the form from which the key is computed."""

DECLARED_DEVICE = Table(
    name="declared_device",
    grain="One row per device and load; only the latest load is used.",
    key=("facility_id", "device_key", "sequence_number"),
    columns=(
        replace(FACILITY_ID, source=FORM),
        MANUFACTURER,
        MODEL_NAME,
        DEVICE_KEY,
        word("modality", "Kind of equipment.", MODALITIES),
        COUNTRY,
        day("manufactured_on", "Date of manufacture; NULL if unknown."),
        day("installed_on", "Date of first use.", nullable=False),
        day("refurbished_on", "Date of the last refurbishment; NULL if none is known."),
        day("decommissioned_on", "Date of decommissioning; NULL if the device is in use."),
        *OF_A_LOAD,
    ),
)
