"""What drlake expects of a submission before its reports may count, as Great Expectations suites.

Facts about columns come from the declaration in `transforms/tables`; what is merely doubtful,
and how much of it is accepted, is policy and stands in `expectations/policy`. Importing this
package is cheap; Great Expectations itself takes seconds and is imported by `gate` when the
first submission is checked.
"""

from __future__ import annotations

import os

# Great Expectations reads this once, while it is imported, so it is set before any module here.
os.environ["GX_ANALYTICS_ENABLED"] = "false"
