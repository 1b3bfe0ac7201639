"""`radiopharmaceutical_administration`: one administration (TID 10021, 10022)."""

from __future__ import annotations

import pyarrow as pa
from pydicom.sr.codedict import codes
from pydicom.sr.coding import Code

from transforms.tables.common import REPORT_KEYS, text_column
from transforms.tables.schema import Column, Table

DCM, SCT = codes.DCM, codes.SCT
AGENT = Code("349358000", "SCT", "Radiopharmaceutical agent")
RADIONUCLIDE = Code("89457008", "SCT", "Radionuclide")
HALF_LIFE = Code("304283002", "SCT", "Radionuclide Half Life")
ROUTE = Code("410675002", "SCT", "Route of administration")


RADIOPHARMACEUTICAL_ADMINISTRATION = Table(
    name="radiopharmaceutical_administration",
    grain="One row per radiopharmaceutical administration of a decoded report (TID 10022).",
    key=("submission_id", "object_sha256", "event_index"),
    columns=(
        *REPORT_KEYS,
        text_column(
            "event_key",
            DCM.RadiopharmaceuticalAdministrationEventUID,
            "Keyed HMAC of the administration event UID; NULL if the report has none.",
        ),
        Column(
            "event_index",
            pa.int32(),
            "Position of the administration in the report, from 1, in document order.",
            "derived: document order",
            nullable=False,
            minimum=1,
        ),
        text_column("agent", AGENT, "Radiopharmaceutical, as code meaning."),
        text_column("agent_code", AGENT, "Radiopharmaceutical, as scheme:value."),
        text_column("radionuclide", RADIONUCLIDE, "Radionuclide, as code meaning."),
        text_column("radionuclide_code", RADIONUCLIDE, "Radionuclide, as scheme:value."),
        Column(
            "radionuclide_half_life_s",
            pa.float64(),
            "Half-life of the radionuclide.",
            HALF_LIFE,
            unit="s",
            minimum=0,
        ),
        Column(
            "administered_activity_mbq",
            pa.float64(),
            "Administered activity, as stated in the report.",
            DCM.AdministeredActivity,
            unit="MBq",
            minimum=0,
            maximum=1_000_000,
        ),
        text_column(
            "started_at",
            DCM.RadiopharmaceuticalStartDatetime,
            "Start of the administration as ISO 8601, with the precision and UTC offset stated "
            "in the report.",
        ),
        text_column("route_of_administration", ROUTE, "Route of administration, as code meaning."),
        Column(
            "effective_dose_msv",
            pa.float64(),
            "Effective dose computed by the device; NULL if it gives none.",
            DCM.EffectiveDose,
            unit="mSv",
            minimum=0,
            maximum=100_000,
        ),
    ),
)
