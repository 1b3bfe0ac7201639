"""Exceptions of drlake: ObjectRefused for an unusable object, DrlakeError for everything else."""

from __future__ import annotations

import errno
import os
from collections.abc import Mapping

from transforms.reasons.objects import REASON_BY_CODE


class DrlakeError(Exception):
    """An error that a person must fix: the message names the problem and the cure."""


class UsageError(DrlakeError):
    """The command or its settings are wrong (exit code 2)."""


class LedgerError(DrlakeError):
    """The ledger does not balance: received objects are not all accounted for (exit code 4)."""


class DisclosureError(DrlakeError):
    """Disclosure control does not allow anything to be published (exit code 5)."""


class WorkerError(DrlakeError):
    """Worker processes cannot start or keep ending, so no object can be processed."""


class FacilityFailed(DrlakeError):
    """A visit to a facility failed. The reason is one of stage `pull` in `transforms.reasons`.

    `detail` is the kind of the error, never the server's words or an address.
    """

    def __init__(self, facility_id: str, reason_code: str, detail: str = "") -> None:
        self.reason = REASON_BY_CODE[reason_code]
        kind = f" ({detail})" if detail else ""
        super().__init__(f"{facility_id}: {reason_code}{kind}. {self.reason.mend}")


class FacilityUnavailable(FacilityFailed):
    """A visit failed in a way that a later visit may not: trying again may help."""


class ObjectRefused(Exception):
    """An object cannot be used. The reason is one of `transforms.reasons`.

    `detail` says where (a tag, a concept, an offset), never a value of the object.
    """

    def __init__(self, reason_code: str, detail: str = "") -> None:
        super().__init__(f"{reason_code}: {detail}" if detail else reason_code)
        self.reason = REASON_BY_CODE[reason_code]
        self.detail = detail


CURES: Mapping[int, str] = {
    errno.ENOSPC: "free space on the disk of the lake",
    errno.EDQUOT: "free space or have the quota raised",
    errno.EIO: "have the disk or its network checked; see the system log",
    errno.EROFS: "mount the disk of the lake for writing; the system log says why it is read-only",
    errno.EACCES: "let this user read the exports and write the lake",
    errno.EPERM: "let this user read the exports and write the lake",
    errno.EMFILE: "allow more open files (ulimit -n)",
    errno.ENOENT: "check that the exports and the lake are complete and mounted",
}
"""What a person can do about each error of the operating system."""


def cure_of(error: OSError) -> str:
    """What failed and what to do, without a path: a file may be named after a patient.

    An interrupted object has no outcome yet, so running the command again is always safe.
    """
    number = error.errno
    problem = os.strerror(number) if number else type(error).__name__
    cure = CURES.get(number or 0, "check that the exports and the lake can be reached")
    return f"{problem}: {cure}. Then run again: nothing is lost and finished work is not repeated."
