"""`declared_device`: the devices that a facility or an authority says stand there."""

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
    "Keyed HMAC of facility, maker, model and serial number: the key that the device's reports "
    "have. The serial number itself is not stored.",
    LOADED,
    nullable=False,
)
SERIAL_NUMBER = word(
    "serial_number",
    "Serial number as the device's reports state it (0018,1000); only its keyed hash is stored.",
)
"""What the form asks for in place of the key."""

DECLARED_DEVICE = Table(
    name="declared_device",
    grain="One row per device and load; the newest load counts as a whole.",
    key=("facility_id", "device_key", "sequence_number"),
    columns=(
        replace(FACILITY_ID, source=FORM),
        MANUFACTURER,
        MODEL_NAME,
        DEVICE_KEY,
        word("modality", "Kind of equipment.", MODALITIES),
        COUNTRY,
        day("manufactured_on", "Day the device was made; NULL where not known."),
        day("installed_on", "Day the device was first put to use.", nullable=False),
        day("refurbished_on", "Day of its last refurbishment; NULL where none is known."),
        day("decommissioned_on", "Day it was taken out of use; NULL where it is in use."),
        *OF_A_LOAD,
    ),
)
