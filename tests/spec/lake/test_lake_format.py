"""`lake.json` says which version wrote a lake, and with which key it was begun."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from expectations.__main__ import main as validate
from tests.support.in_process import drlake
from transforms.errors import UsageError
from transforms.lake.lake import Lake
from transforms.lake.lake_format import FORMAT, check_format, key_fingerprint, write_format
from transforms.lake.pseudonyms import load_pseudonyms
from transforms.settings import Settings

KEY, OTHER = "01" * 32, "02" * 32


@pytest.fixture
def lake(tmp_path: Path) -> Lake:
    made = Lake(str(tmp_path / "lake"))
    made.prepare()
    return made


def about(lake: Lake) -> dict[str, object]:
    found: dict[str, object] = json.loads(lake.read_bytes(lake.path("lake.json")))
    return found


def write(lake: Lake, text: str) -> None:
    lake.write_bytes(lake.path("lake.json"), text.encode())


def test_the_first_use_of_a_key_is_recorded(lake: Lake) -> None:
    assert key_fingerprint(lake) is None
    used = load_pseudonyms(Settings(lake=lake.url, uid_key=KEY), lake)
    assert about(lake) == {"format": FORMAT, "key": used.fingerprint}
    assert KEY not in str(about(lake))


def test_the_key_that_a_local_lake_makes_is_recorded(lake: Lake) -> None:
    used = load_pseudonyms(Settings(lake=lake.url), lake)
    assert key_fingerprint(lake) == used.fingerprint


def test_another_key_is_refused(lake: Lake) -> None:
    load_pseudonyms(Settings(lake=lake.url, uid_key=KEY), lake)
    with pytest.raises(UsageError, match="not the one with which this lake was begun"):
        load_pseudonyms(Settings(lake=lake.url, uid_key=OTHER), lake)
    with pytest.raises(UsageError, match="not the one with which this lake was begun"):
        load_pseudonyms(Settings(lake=lake.url), lake)


def test_an_upgrade_keeps_the_fingerprint(lake: Lake) -> None:
    used = load_pseudonyms(Settings(lake=lake.url, uid_key=KEY), lake)
    write_format(lake, upgrading=True)
    with pytest.raises(UsageError, match="was interrupted"):
        check_format(lake)
    write_format(lake)
    assert key_fingerprint(lake) == used.fingerprint
    check_format(lake)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (json.dumps({"format": FORMAT + 1}), "a newer drlake wrote"),
        (json.dumps({"format": FORMAT - 1}), "Run `drlake upgrade`"),
        ("{", "is damaged"),
        ("[]", "is damaged"),
        ('{"format": "two"}', "is damaged"),
    ],
)
def test_a_lake_of_another_version_is_named_by_every_step(
    lake: Lake, capsys: pytest.CaptureFixture[str], text: str, said: str
) -> None:
    write(lake, text)
    for step in (lake.prepare, lambda: check_format(lake)):
        with pytest.raises(UsageError, match=said):
            step()
    assert validate(["--lake", lake.url]) == 2
    assert said in capsys.readouterr().err
    done = drlake("facilities", "--sent", "--lake", lake.url)
    assert done.returncode == 2
    assert said in done.stderr
    assert lake.read_bytes(lake.path("lake.json")) == text.encode()
