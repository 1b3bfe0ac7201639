"""Invented declarations of the manufacturers' association: training held and deliverables."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from transforms.sample.registry import COUNTRY

Row = dict[str, object]

MAKERS = ("Siemens Healthineers", "GE HealthCare", "Canon Medical Systems", "Philips")
AUDIENCES = ("radiologist", "technologist", "physicist", "own_staff")
TRAINING_YEARS = (2024, 2025)
STATUS_ON = date(2026, 1, 31)
TRAINING_URI = "https://example.org/invented/courses"
DELIVERABLES: tuple[tuple[int, str, str, date | None, str, date | None], ...] = (
    (1, "2011", "achieved", date(2024, 6, 30), "Method of measurement agreed", date(2024, 5, 12)),
    (1, "2013-12", "ongoing", date(2026, 12, 31), "Measurements of all models on sale", None),
    (2, "2011", "achieved", date(2024, 12, 31), "List of dose features", date(2025, 2, 3)),
    (2, "2011", "delayed", date(2025, 6, 30), "Upgrade path of models in use", None),
    (3, "2011", "achieved", date(2025, 3, 31), "Dose reports of all models", date(2025, 3, 1)),
    (3, "2011", "cancelled", None, "Register of dose alerts", None),
    (4, "2011", "achieved", date(2025, 9, 30), "Curriculum of dose courses", date(2025, 9, 9)),
    (4, "2011", "ongoing", date(2027, 6, 30), "Courses in every region", None),
)
"""Commitment, wording, status, due date, deliverable, delivery date."""


def training_rows() -> Iterator[Row]:
    """Rows of the training form: each manufacturer and audience in two years, one open course."""
    for year in TRAINING_YEARS:
        for maker_index, maker in enumerate(MAKERS):
            for index, audience in enumerate(AUDIENCES):
                n_sessions = 2 + (3 * maker_index + 2 * index + year) % 5
                yield _training(year, maker, maker, f"Dose features, {audience}", audience) | {
                    "n_sessions": n_sessions,
                    "n_participants": None if audience == "own_staff" else 11 * n_sessions,
                }
        yield _training(year, "Invented academy", None, "Optimisation in CT", "physicist") | {
            "curriculum_id": "eutempe_rx_01",
            "n_sessions": 1,
            "n_participants": 18,
        }


def deliverable_rows() -> Iterator[Row]:
    """Rows of the deliverables form: two of each commitment."""
    for index, (number, version, status, due, title, delivered) in enumerate(DELIVERABLES):
        yield {
            "commitment_number": number,
            "wording_version": version,
            "deliverable_id": f"invented-{number}-{1 + index % 2}",
            "deliverable": title,
            "due_on": due,
            "status": status,
            "status_on": STATUS_ON,
            "delivered_on": delivered,
            "comment": "Invented for the synthetic nation",
            "evidence_uri": None,
        }


def _training(year: int, provider: str, maker: str | None, course: str, audience: str) -> Row:
    return {
        "year": year,
        "provider": provider,
        "manufacturer": maker,
        "curriculum_id": None,
        "course": course,
        "audience": audience,
        "country": COUNTRY,
        "n_sessions": None,
        "n_participants": None,
        "evidence_uri": TRAINING_URI,
    }
