"""The synthetic nation: anonymised dose report exports with a known answer."""

from __future__ import annotations

from transforms.sample.nation import write_nation

__all__ = ["write_nation"]
