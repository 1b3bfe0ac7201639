"""Stub: two marts."""

from collections.abc import Callable

from transforms.settings import Settings


def build(settings: Settings, echo: Callable[[str], None] = print) -> dict[str, int]:
    echo("stub build")
    return {"facility_typical_values": 3, "national_drls": 1}
