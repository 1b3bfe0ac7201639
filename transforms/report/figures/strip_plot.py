"""Positions of the points in a strip plot, without overlap and without random jitter."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import count


def swarm_rows(positions: Sequence[float], width: float) -> list[int]:
    """Assign a row to each position so that points closer than `width` are in different rows.

    Rows are 0, 1, -1, 2, -2 ... from the middle line outwards. The same positions always give the
    same rows. `positions` and `width` are in pixels.
    """
    last_in_row: dict[int, float] = {}
    rows = [0] * len(positions)
    for index in sorted(range(len(positions)), key=lambda i: positions[i]):
        row = next(
            row
            for row in map(_nth_row, count())
            if row not in last_in_row or positions[index] - last_in_row[row] >= width
        )
        last_in_row[row] = positions[index]
        rows[index] = row
    return rows


def swarm_offsets(positions: Sequence[float], width: float, reach: float) -> list[float]:
    """Distance of each point from the middle line in pixels, at most `reach`."""
    rows = swarm_rows(positions, width)
    furthest = max((abs(row) for row in rows), default=0)
    step = min(width, reach / furthest) if furthest else 0.0
    return [round(row * step, 3) for row in rows]


def _nth_row(n: int) -> int:
    return (n + 1) // 2 if n % 2 else -(n // 2)
