"""A truncated copy of a real report is never accepted with fewer events."""

from __future__ import annotations

import pytest

from tests.support.reports.real_reports import more_exports, real_exports, require_real_reports
from transforms.decode.report import decode
from transforms.errors import ObjectRefused

STEP = 64
REASONS = {"not_dicom", "structure_truncated", "structure_invalid", "not_dose_report"}


def test_no_prefix_of_a_real_ct_report_is_accepted_with_fewer_events() -> None:
    require_real_reports()
    reports = [path for path in [*real_exports(), *more_exports()] if "CT-" in path.name]
    assert len(reports) == 16
    for path in reports:
        data = path.read_bytes()
        whole = decode(data)
        lengths = {*range(0, len(data), max(STEP, len(data) // 200)), len(data) - 1, len(data) - 8}
        for length in sorted(lengths):
            try:
                assert len(decode(data[:length]).ct_events) == len(whole.ct_events), path.name
            except ObjectRefused as refused:
                assert refused.reason.code in REASONS


def test_a_report_cut_in_half_is_quarantined_as_truncated() -> None:
    require_real_reports()
    for path in [*real_exports(), *more_exports()]:
        if "CT-" in path.name:
            data = path.read_bytes()
            with pytest.raises(ObjectRefused, match="structure_truncated"):
                decode(data[: len(data) // 2])
