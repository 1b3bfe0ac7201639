"""Stub: the feedback of one facility."""

from transforms.settings import Settings


def write_feedback(settings: Settings) -> list[str]:
    return [f"{settings.lake}/report/facilities/F001/en.html"]
