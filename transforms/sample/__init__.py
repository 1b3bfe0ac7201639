"""The synthetic nation: anonymised dose report exports whose expected results are known."""

from __future__ import annotations

from transforms.sample.nation import write_nation

__all__ = ["write_nation"]
