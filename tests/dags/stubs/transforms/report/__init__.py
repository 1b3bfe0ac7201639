"""Stub: a report of two files, and feedback of one."""

from transforms.settings import Settings


def write_report(settings: Settings) -> list[str]:
    return [f"{settings.lake}/report/index.html", f"{settings.lake}/report/national_drls.csv"]


def write_feedback(settings: Settings) -> list[str]:
    return [f"{settings.lake}/report/facilities/F001/en.html"]
