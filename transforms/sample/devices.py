"""CT device models of the synthetic nation, and how each writes its dose reports."""

from __future__ import annotations

from dataclasses import dataclass

from transforms.sample.names import LANGUAGES


@dataclass(frozen=True, slots=True)
class DeviceModel:
    """Properties of one model's reports; the differences are those of real scanners.

    `scheme` is SRT (retired codes) or SCT; `dlp_unit` the spelling of mGy.cm. `enhanced_sr` stores
    the tree as Enhanced SR with lower-case x-ray meanings. `implicit_vr` and `undefined_length`
    choose the encoding. `bolus` names the scans of bolus tracking; with `bolus_sequenced` the model
    calls them sequenced, so only their name identifies them. `older_software` runs on some devices
    until they are updated, and does not report the `reconstruction`, which the standard puts below
    the acquisition type and a model with `reconstruction_in_event` beside it. `modulation` is the
    model's term for the modulation of the tube current; `kvp_by_size` means that it chooses the
    voltage by patient.
    """

    manufacturer: str
    model_name: str
    software: str
    charset: str
    scheme: str
    dlp_unit: str
    localizer: str
    bolus: tuple[str, ...]
    enhanced_sr: bool = False
    implicit_vr: bool = False
    undefined_length: bool = False
    writes_protocol: bool = True
    localizer_has_dose: bool = True
    bolus_sequenced: bool = False
    head_sequenced: bool = False
    exposed_range: bool = False
    dose_check: bool = False
    comment: bool = False
    ssde: bool = False
    older_software: str = ""
    modulation: str = ""
    reconstruction: str = ""
    reconstruction_in_event: bool = False
    kvp_by_size: bool = False

    @property
    def languages(self) -> tuple[str, ...]:
        """Languages whose letters the character set can encode; no character set means ASCII."""
        return LANGUAGES if self.charset else ("english",)


MODELS: tuple[DeviceModel, ...] = (
    DeviceModel(
        manufacturer="SIEMENS",
        model_name="SOMATOM Definition Flash",
        software="syngo CT 2012B",
        charset="ISO_IR 100",
        scheme="SRT",
        dlp_unit="mGycm",
        localizer="Topogram",
        bolus=("PreMonitoring", "Monitoring"),
        undefined_length=True,
        head_sequenced=True,
        comment=True,
        older_software="syngo CT 2011A",
        reconstruction="iterative",
    ),
    DeviceModel(
        manufacturer="GE Medical Systems",
        model_name="LightSpeed VCT",
        software="gmp_vct.42",
        charset="",
        scheme="SRT",
        dlp_unit="mGycm",
        localizer="",
        bolus=("",),
        enhanced_sr=True,
        writes_protocol=False,
        localizer_has_dose=False,
        head_sequenced=True,
    ),
    DeviceModel(
        manufacturer="TOSHIBA",
        model_name="Aquilion ONE",
        software="V7.03ER004",
        charset="ISO_IR 192",
        scheme="SRT",
        dlp_unit="mGy.cm",
        localizer="Scanogram",
        bolus=("SureStart",),
        exposed_range=True,
        dose_check=True,
        older_software="V6.03ER002",
        modulation="SUREExposure3D",
        reconstruction="filtered_head",
        reconstruction_in_event=True,
    ),
    DeviceModel(
        manufacturer="Philips",
        model_name="iCT 256",
        software="4.1.10",
        charset="ISO_IR 100",
        scheme="SRT",
        dlp_unit="mGy.cm",
        localizer="Surview",
        bolus=("Locator", "Bolus Tracker"),
        implicit_vr=True,
        modulation="DoseRight",
        reconstruction="filtered",
    ),
    DeviceModel(
        manufacturer="Siemens Healthineers",
        model_name="NAEOTOM Alpha",
        software="syngo CT VA50A",
        charset="ISO_IR 192",
        scheme="SCT",
        dlp_unit="mGy.cm",
        localizer="Topogram",
        bolus=("PreMonitoring", "Monitoring"),
        comment=True,
        ssde=True,
        dose_check=True,
        reconstruction="iterative",
        kvp_by_size=True,
    ),
    DeviceModel(
        manufacturer="GE MEDICAL SYSTEMS",
        model_name="Revolution CT",
        software="revo_ct_21b.32",
        charset="ISO_IR 100",
        scheme="SCT",
        dlp_unit="mGy.cm",
        localizer="Scout",
        bolus=("SmartPrep",),
        undefined_length=True,
        localizer_has_dose=False,
        bolus_sequenced=True,
        dose_check=True,
        older_software="revo_ct_18hw.10",
        modulation="SmartmA",
        reconstruction="iterative",
        kvp_by_size=True,
    ),
    DeviceModel(
        manufacturer="CANON_MEC",
        model_name="Aquilion Prism",
        software="V10.10SP0001",
        charset="ISO_IR 192",
        scheme="SCT",
        dlp_unit="mGy.cm",
        localizer="Scanogram",
        bolus=("SureStart",),
        exposed_range=True,
        dose_check=True,
        ssde=True,
        modulation="SUREExposure3D",
        reconstruction="iterative",
        kvp_by_size=True,
    ),
)
