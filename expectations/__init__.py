"""Great Expectations suites that a submission must pass before its reports are used.

Structural rules are derived from the declarations in `transforms/tables`. Rules about doubtful
values, with their tolerances, are policy and are in `expectations/policy`. Importing this package
is fast; importing Great Expectations takes seconds and is done by `gate` when the first submission
is checked.
"""

from __future__ import annotations

import os

# Great Expectations reads this once, on import, so it is set before any module of this package.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
