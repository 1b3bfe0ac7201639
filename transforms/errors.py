"""Errors named for the problem. A bad object raises ObjectRefused; a broken machine raises else."""

from __future__ import annotations

from transforms.reasons import REASON_BY_CODE


class DrlakeError(Exception):
    """Something a person must mend: the message names the problem and the cure."""


class UsageError(DrlakeError):
    """The command or its settings are wrong (exit code 2)."""


class LedgerError(DrlakeError):
    """Objects received and objects accounted for differ (exit code 4)."""


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
