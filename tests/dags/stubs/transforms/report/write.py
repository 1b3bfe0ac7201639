"""Stub: a report of two files."""

from transforms.settings import Settings


def write_report(settings: Settings) -> list[str]:
    return [f"{settings.lake}/report/index.html", f"{settings.lake}/report/national_drls.csv"]
