"""Stub of the command `drlake` for tests of the DAGs: prints what the tasks read, as JSON.

Facilities are the folders of the exports; each submits two objects, once. A folder with a file
`broken` is a facility whose disk fails, one with `flaky` has a disk that fails once, and one with
`unusable` an error that a person must fix. With `crashes`, the command ends with a traceback whose
message names a patient. The file `exit_code` beside the folders is that of `ledger balance`.
"""

import json
import os
import sys
from pathlib import Path

PATIENT = "DOE^JOHN"
EXPORTS, LAKE = Path(os.environ["DRLAKE_EXPORTS"]), Path(os.environ["DRLAKE_LAKE"])
SENT = LAKE / "sent"


def facilities(*given: str) -> int:
    names = SENT.glob("*") if "--sent" in given else (p for p in EXPORTS.iterdir() if p.is_dir())
    return show({"facilities": sorted(path.name for path in names)})


def ingest(*given: str) -> int:
    assert isinstance(json.loads(sys.stdin.read()), dict), "connections"
    failed = [found for one in chosen(given) if (found := fault(EXPORTS / one))]
    ended = {one["facility_id"] for one in failed}
    new = [one for one in chosen(given) if one not in ended and not (SENT / one).exists()]
    for one in new:
        (SENT / one).mkdir(parents=True)
    counts = {"received": 2, "decoded": 1, "quarantined": 1, "duplicate": 0}
    totals = {name: number * len(new) for name, number in counts.items()}
    n_facilities = len(chosen(given)) - len(failed)
    return show({"facilities": n_facilities, "totals": totals, "failed": failed})


def fault(folder: Path) -> dict[str, object] | None:
    """How the visit to a facility fails."""
    attempts = folder / "attempts"
    attempts.write_text(attempts.read_text() + "x" if attempts.exists() else "x")
    if (folder / "crashes").exists():
        raise ValueError(f"{PATIENT} is no number\n{PATIENT}")
    is_flaky = (folder / "flaky").exists() and len(attempts.read_text()) == 1
    if (folder / "broken").exists() or is_flaky:
        return {"facility_id": folder.name, "message": "the disk fails", "try_again": True}
    if (folder / "unusable").exists():
        return {"facility_id": folder.name, "message": "mend the form", "try_again": False}
    return None


def validate(*given: str) -> int:
    verdicts = [{"status": "accepted"} for one in chosen(given) if (SENT / one).exists()]
    return show({"verdicts": verdicts, "failed": []})


def statistics(*given: str) -> int:
    return show({"computed": len(given)})


def build() -> int:
    return show({"rows": {"facility_typical_values": 3, "national_drls": 1}})


def ledger(what: str) -> int:
    outcomes = {"received": 2, "accepted": 1, "held": 0, "quarantined": 1, "duplicate": 0}
    show({"files": [outcomes for _ in SENT.glob("*")]})
    code = EXPORTS / "exit_code"
    if not code.exists():
        return 0
    sys.stderr.write("50.0% of the objects are quarantined, more than 10.0%.\n")
    return int(code.read_text())


def report() -> int:
    return show({"paths": [f"{LAKE}/report/index.html", f"{LAKE}/report/national_drls.csv"]})


def chosen(given: tuple[str, ...]) -> list[str]:
    return [one.removeprefix("--facility=") for one in given if one.startswith("--facility=")]


def show(document: dict[str, object]) -> int:
    sys.stdout.write(json.dumps(document))
    return 1 if document.get("failed") else 0


if __name__ == "__main__":
    assert not [name for name in os.environ if name.startswith("AIRFLOW")], "Airflow's secrets"
    assert sys.argv[-1] == "--json"
    sys.exit(globals()[sys.argv[1]](*sys.argv[2:-1]))
