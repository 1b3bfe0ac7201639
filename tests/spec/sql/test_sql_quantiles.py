"""The two ways to a linear quantile (macros of quantile.sql) give the same number."""

from __future__ import annotations

import duckdb
import pytest

from transforms.warehouse.sql_project import SqlProject

LISTS = """
create table lists as
select
    n,
    list_transform(range(n), lambda one: sqrt(one + 2) * 7) as sorted_values,
    range(1, n + 1) as last_positions
from range(1, 300) as sizes (n)
"""


@pytest.mark.parametrize(
    ("probability", "tolerance"), [(0.25, 0), (0.5, 0), (0.75, 0), (0.95, 1e-15)]
)
def test_the_quantile_of_values_that_stand_once_is_that_of_any_list(
    probability: float, tolerance: float
) -> None:
    """To the last bit for quartiles; of a 95th percentile the last bit may differ."""
    rank = f"{{{{ quantile_rank('n', '{probability}::double', \"'linear'\") }}}}"
    query = SqlProject().render_text(
        f"select {{{{ linear_quantile('sorted_values', 'n', {probability}) }}}} as one, "  # noqa: S608
        f"{{{{ value_at('sorted_values', 'last_positions', 'place') }}}} as other "
        f"from (select *, {rank} as place from lists)"
    )
    with duckdb.connect() as connection:
        connection.execute(LISTS)
        differing = f"select count(*) from ({query}) where abs(one / other - 1) > {tolerance}"  # noqa: S608
        assert connection.execute(differing).fetchone() == (0,)
