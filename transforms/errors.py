"""Errors named for the problem. A bad object raises ObjectRefused; a broken machine raises else."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from transforms.reasons.objects import REASON_BY_CODE


class DrlakeError(Exception):
    """Something a person must mend: the message names the problem and the cure."""


class UsageError(DrlakeError):
    """The command or its settings are wrong (exit code 2)."""


class LedgerError(DrlakeError):
    """Objects received and objects accounted for differ (exit code 4)."""


class DisclosureError(DrlakeError):
    """Disclosure control lets nothing leave the building (exit code 5)."""


class WorkerError(DrlakeError):
    """Workers do not start or do not live, so nothing can be said about any object."""


class FacilityFailed(DrlakeError):
    """A visit to a facility failed, for one of the reasons of stage `pull` in `transforms.reasons`.

    `detail` is the kind of the error, never the server's words or an address.
    """

    def __init__(self, facility_id: str, reason_code: str, detail: str = "") -> None:
        self.reason = REASON_BY_CODE[reason_code]
        kind = f" ({detail})" if detail else ""
        super().__init__(f"{facility_id}: {reason_code}{kind}. {self.reason.mend}")


class FacilityUnavailable(FacilityFailed):
    """The same, where trying again later may help."""


class ObjectRefused(Exception):
    """An object cannot be used, for one of the reasons in `transforms.reasons`.

    `detail` says where (a tag, a concept, an offset), never a value of the object.
    """

    def __init__(self, reason_code: str, detail: str = "") -> None:
        super().__init__(f"{reason_code}: {detail}" if detail else reason_code)
        self.reason = REASON_BY_CODE[reason_code]
        self.detail = detail


CURES: Mapping[int, str] = {
    errno.ENOSPC: "make room on the disk of the lake",
    errno.EDQUOT: "make room or have the quota raised",
    errno.EIO: "have the disk or the network behind it checked; the system's log says more",
    errno.EROFS: "mount the disk of the lake for writing; the system's log says why it is not",
    errno.EACCES: "let this user read the exports and write the lake",
    errno.EPERM: "let this user read the exports and write the lake",
    errno.EMFILE: "allow more open files (ulimit -n)",
    errno.ENOENT: "see whether exports and lake are complete and mounted",
}
"""What a person does about an error of the operating system."""


def cure_of(error: OSError) -> str:
    """What failed and what to do; no path in it, since an exported file may be named for a person.

    Whatever was cut off has no outcome, so running again is right after every one of them.
    """
    number = error.errno
    problem = os.strerror(number) if number else type(error).__name__
    cure = CURES.get(number or 0, "see that exports and lake can be reached")
    return f"{problem}: {cure}. Then run again: nothing is lost, what is done is not done twice."
