"""CT Dose Check Details (TID 10015): the alert and notification values set on a scanner."""

from __future__ import annotations

from pydicom.dataset import Dataset
from pydicom.sr.coding import Code

from transforms.sample.encoding.codes import DCM, NO, YES, in_scheme
from transforms.sample.encoding.items import CONTAINS, code, container, number

NOT_SET, ALERT, BOTH = "not_set", "alert", "alert_and_notification"
SETTINGS = (NOT_SET, ALERT, BOTH)

ALERT_LIMITS = ("8000.00", "1000.00")
NOTIFICATION_LIMITS = ("1500.00", "80.00")
"""DLP in mGy.cm and CTDIvol in mGy."""


def dose_check_items(setting: str, scheme: str, dlp_unit: str) -> list[Dataset]:
    """Both containers; a value is present only where it is set."""
    alert = container(
        DCM.DoseCheckAlertDetails,
        code(CONTAINS, DCM.DLPAlertValueConfigured, _yes_or_no(setting != NOT_SET, scheme)),
        code(CONTAINS, DCM.CtdivolAlertValueConfigured, _yes_or_no(setting != NOT_SET, scheme)),
    )
    if setting != NOT_SET:
        dlp, ctdivol = ALERT_LIMITS
        alert.ContentSequence.append(number(DCM.DLPAlertValue, dlp, dlp_unit))
        alert.ContentSequence.append(number(DCM.CtdivolAlertValue, ctdivol, "mGy"))
    notification = container(
        DCM.DoseCheckNotificationDetails,
        code(CONTAINS, DCM.DLPNotificationValueConfigured, _yes_or_no(setting == BOTH, scheme)),
        code(CONTAINS, DCM.CtdivolNotificationValueConfigured, _yes_or_no(setting == BOTH, scheme)),
    )
    if setting == BOTH:
        dlp, ctdivol = NOTIFICATION_LIMITS
        notification.ContentSequence.append(number(DCM.DLPNotificationValue, dlp, dlp_unit))
        notification.ContentSequence.append(number(DCM.CtdivolNotificationValue, ctdivol, "mGy"))
    return [alert, notification]


def _yes_or_no(is_set: bool, scheme: str) -> Code:
    return in_scheme(YES if is_set else NO, scheme)
