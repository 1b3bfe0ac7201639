"""Numbers, units, dates, ages, words and keys."""

from __future__ import annotations

import csv
import datetime as dt
import hmac
import pickle
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from transforms.dicom.codes import Code
from transforms.errors import ObjectRefused, UsageError
from transforms.lake.lake import Lake
from transforms.lake.pseudonyms import Pseudonyms, load_pseudonyms
from transforms.normalise.dates import age_days, date, date_time, study_date, utc_offset
from transforms.normalise.numbers import decimal_string, decimal_strings
from transforms.normalise.units import UNITS_FILE, convert, folded_spelling, unit_factors
from transforms.normalise.vocabulary import CT_ACQUISITION_TYPE, CTDIW_PHANTOM, word
from transforms.settings import Settings
from transforms.tables import REPORT_TABLES


@pytest.mark.parametrize(
    ("text", "number"),
    [("12.5", 12.5), (" 7 ", 7.0), ("-1e-3", -0.001), (".5", 0.5), ("0", 0.0)],
)
def test_a_decimal_string_is_its_number(text: str, number: float) -> None:
    assert decimal_string(text, "x") == number


@pytest.mark.parametrize("text", [None, "", "  "])
def test_no_text_is_no_number_and_never_zero(text: str | None) -> None:
    assert decimal_string(text, "x") is None


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("NaN", "number_not_finite"),
        ("inf", "number_not_finite"),
        ("1e400", "number_not_finite"),
        ("12,5", "number_malformed"),
        ("1\\2", "number_malformed"),
        ("12 mGy", "number_malformed"),
        ("1_000", "number_malformed"),
        ("٣", "number_malformed"),
    ],
)
def test_other_numbers_are_refused_with_their_reason(text: str, reason: str) -> None:
    with pytest.raises(ObjectRefused) as refused:
        decimal_string(text, "dlp_mgy_cm")
    assert refused.value.reason.code == reason
    assert refused.value.detail == "dlp_mgy_cm"


def test_a_list_is_its_numbers_and_as_strict_as_one() -> None:
    assert decimal_strings("70\\71.5\\70", "x") == [70, 71.5, 70]
    assert decimal_strings("70\\\\71", "x") == [70, 71]
    assert decimal_strings("", "x") == decimal_strings(None, "x") == []
    for text in ("70\\NaN", "70\\71,5", "70/71"):
        with pytest.raises(ObjectRefused):
            decimal_strings(text, "x")


@pytest.mark.parametrize("written", ["mGy.cm", "mGycm"])
def test_spellings_of_a_unit_convert(written: str) -> None:
    assert convert(12.0, Code("UCUM", written, ""), "mGy.cm", "dlp_mgy_cm") == 12.0


@pytest.mark.parametrize(
    "unit",
    [
        None,
        Code("UCUM", "mGy", ""),
        Code("UCUM", "mGy.cm2", ""),
        Code("UCUM", "MGy.cm", ""),
        Code("UCUM", "mgy.cm", ""),
        Code("UCUM", "", ""),
        Code("99X", "mGy.cm", "mGy.cm"),
        Code("", "mGy.cm", "mGy.cm"),
    ],
)
def test_an_unlisted_unit_is_refused_and_not_guessed(unit: Code | None) -> None:
    with pytest.raises(ObjectRefused) as refused:
        convert(12.0, unit, "mGy.cm", "dlp_mgy_cm")
    assert refused.value.reason.code == "unit_unknown"


@pytest.mark.parametrize(
    ("written", "scheme", "wanted", "number"),
    [
        ("Gy.cm", "UCUM", "mGy.cm", 1e3),
        ("mGy.m", "UCUM", "mGy.cm", 100),
        ("mGy\u00b7mm", "UCUM", "mGy.cm", 0.1),
        ("mGy.cm", "ucum", "mGy.cm", 1),
        ("mGy.cm", "2.16.840.1.113883.6.8", "mGy.cm", 1),
        ("Gy.mm2", "UCUM", "Gy.m2", 1e-6),
        ("nGy", "UCUM", "mGy", 1e-6),
        ("Gym2", "UCUM", "Gy.m2", 1),
        ("Gy.m2", "UCM", "Gy.m2", 1),
        ("dGy.cm2", "UCUM", "Gy.m2", 1e-5),
        ("uGy.m2", "UCUM", "Gy.m2", 1e-6),
        ("cGy.cm2", "UCUM", "Gy.m2", 1e-6),
        ("mGy.cm2", "UCUM", "Gy.m2", 1e-7),
        ("Gy.cm2", "UCUM", "Gy.m2", 1e-4),
        ("mGy", "UCUM", "Gy", 1e-3),
        ("Gy", "UCUM", "mGy", 1e3),
        ("s", "UCUM", "ms", 1e3),
        ("uAs", "UCUM", "uA.s", 1),
        ("Bq", "UCUM", "MBq", 1e-6),
        ("mCi", "UCUM", "MBq", 37),
        ("uCi", "UCUM", "MBq", 0.037),
        ("dGycm2", "UCUM", "Gy.m2", 1e-5),
        ("cGycm2", "UCUM", "Gy.m2", 1e-6),
        ("mGycm2", "UCUM", "Gy.m2", 1e-7),
        ("mGym2", "UCUM", "Gy.m2", 1e-3),
        ("\u00b5Gy.m2", "UCUM", "Gy.m2", 1e-6),
        ("\u03bcGym\u00b2", "UCUM", "Gy.m2", 1e-6),
        ("Gy*cm2", "UCUM", "Gy.m2", 1e-4),
        ("Gy.cm^2", "UCUM", "Gy.m2", 1e-4),
        ("Gy.m**2", "UCUM", "Gy.m2", 1),
        ("mGy cm", "UCUM", "mGy.cm", 1),
        ("\u00b5A*s", "UCUM", "uA.s", 1),
        ("Hz", "UCUM", "{pulse}/s", 1),
        ("{pulse}", "UCUM", "1", 1),
        ("{frame}", "UCUM", "1", 1),
        ("{event}", "UCUM", "1", 1),
        ("{no}", "UCUM", "1", 1),
        ("d", "UCUM", "s", 86_400),
    ],
)
def test_every_spelling_seen_converts_by_its_factor(
    written: str, scheme: str, wanted: str, number: float
) -> None:
    assert convert(1.0, Code(scheme, written, ""), wanted, "x") == pytest.approx(number, rel=1e-15)


def test_a_unit_without_a_code_value_is_read_by_its_meaning() -> None:
    assert convert(12.0, Code("UCUM", "", "mGy.cm"), "mGy.cm", "dlp_mgy_cm") == 12.0


def test_no_two_rows_of_the_table_are_one_spelling() -> None:
    with UNITS_FILE.open(encoding="utf-8", newline="") as file:
        keys = [(row["unit"], folded_spelling(row["written"])) for row in csv.DictReader(file)]
    assert len(set(keys)) == len(keys)


@pytest.mark.parametrize("written", ["m.Gy", "mm.2", "k.V", "Gy-cm", "Gy.Cm", "G y"])
def test_only_spellings_that_can_mean_nothing_else_are_folded(written: str) -> None:
    assert folded_spelling(written) == written


def test_a_number_that_its_unit_makes_infinite_is_refused() -> None:
    with pytest.raises(ObjectRefused) as refused:
        convert(1e308, Code("UCUM", "Gy", ""), "mGy", "mean_ctdivol_mgy")
    assert refused.value.reason.code == "number_not_finite"


def test_every_unit_of_a_column_is_in_the_table_under_its_own_name() -> None:
    units = {c.unit for table in REPORT_TABLES[1:] for c in table.columns if c.unit}
    assert all(unit_factors().get((unit, folded_spelling(unit))) == 1 for unit in units)


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("20160512101154", "2016-05-12T10:11:54"),
        ("20160512101154.0488+0100", "2016-05-12T10:11:54.0488+01:00"),
        ("201605121015", "2016-05-12T10:15"),
        ("2016051210", "2016-05-12T10"),
        ("20160512", "2016-05-12"),
        ("20161231235960-0500", "2016-12-31T23:59:60-05:00"),
        ("20160512240000", None),
        ("20160512106000", None),
        ("20160230101154", None),
        ("20160512101154+2500", None),
        ("2016", None),
        ("", None),
        (None, None),
    ],
)
def test_a_moment_is_no_more_precise_than_written(text: str | None, moment: str | None) -> None:
    assert date_time(text) == moment


def test_dates_are_days_or_nothing() -> None:
    assert date("20250228") == date("2025.02.28") == dt.date(2025, 2, 28)
    assert date("20250230") is date("") is date(None) is date("2025") is None


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("010D", 10),
        ("006W", 42),
        ("003M", 91),
        ("018Y", 6574),
        ("130Y", 32_872),
        ("131Y", None),
        ("999Y", None),
        ("67", None),
        ("067", None),
        ("67y", None),
        ("Y", None),
        ("", None),
    ],
)
def test_ages_keep_days_weeks_and_months(text: str, days: int | None) -> None:
    assert age_days(text) == days


@pytest.mark.parametrize(
    ("candidates", "day"),
    [
        (("20250228", "20250301"), dt.date(2025, 2, 28)),
        ((None, "20250301"), dt.date(2025, 3, 1)),
        (("", "2025", "20250302"), dt.date(2025, 3, 2)),
        ((None, None, None, "20250303"), dt.date(2025, 3, 3)),
        (("19900101",), dt.date(1990, 1, 1)),
        (("19891231",), None),
        (("19000101", "20250301"), None),
        (("99991231",), None),
        ((None, None), None),
    ],
)
def test_a_study_was_on_the_first_day_stated_and_never_in_1900(
    candidates: tuple[str | None, ...], day: dt.date | None
) -> None:
    assert study_date(*candidates) == day


@pytest.mark.parametrize(
    ("text", "offset"),
    [
        ("+0100", "+01:00"),
        ("-0330", "-03:30"),
        ("UTC-04:00", "-04:00"),
        ("+2500", None),
        ("+0170", None),
        ("CET", None),
        ("", None),
        (None, None),
    ],
)
def test_an_offset_from_utc_is_hours_and_minutes(text: str | None, offset: str | None) -> None:
    assert utc_offset(text) == offset


def test_retired_and_foreign_codes_name_the_same_acquisition_type() -> None:
    for scheme, value in (("SRT", "P5-08001"), ("SCT", "116152004"), ("UMLS", "C0860888")):
        assert word(Code(scheme, value, ""), CT_ACQUISITION_TYPE, "x") == "spiral"
    assert word(Code("DCM", "113806", ""), CT_ACQUISITION_TYPE, "x") == "stationary"


def test_meaning_decides_only_where_the_code_does_not() -> None:
    miscoded = Code("99X", "1", "IEC body dosimetry phantom")
    assert word(miscoded, CTDIW_PHANTOM, "x") == "body_32cm"
    contradicting = Code("DCM", "113690", "IEC Body Dosimetry Phantom")
    assert word(contradicting, CTDIW_PHANTOM, "x") == "head_16cm"


def test_an_unknown_code_is_refused() -> None:
    with pytest.raises(ObjectRefused) as refused:
        word(Code("99X", "1", "Some phantom"), CTDIW_PHANTOM, "ctdiw_phantom")
    assert refused.value.reason.code == "code_unknown"


def test_equal_uids_give_equal_keys_and_another_secret_gives_others() -> None:
    ours, theirs = Pseudonyms(b"1" * 32), Pseudonyms(b"2" * 32)
    assert ours.of("2.25.1") == ours.of("2.25.1") != ours.of("2.25.2")
    assert ours.of("2.25.1") != theirs.of("2.25.1")
    assert ours.of("a", "b") != ours.of("ab")


@pytest.mark.parametrize("secret", [b"1" * 32, b"2" * 64, b"3" * 65, b""])
def test_a_key_is_half_of_an_hmac_also_after_it_was_sent_to_a_worker(secret: bytes) -> None:
    keys = Pseudonyms(secret)
    sent = pickle.loads(pickle.dumps(keys))  # noqa: S301 - our own bytes
    for parts in (("2.25.1",), ("a", "b"), ("",), ("x" * 200, "é")):
        full = hmac.digest(secret, "\0".join(parts).encode(), "sha256").hex()
        assert keys.of(*parts) == sent.of(*parts) == full[:32]


def test_the_key_of_a_lake_is_made_once_and_is_private(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path))
    lake = Lake(settings.lake)
    first = load_pseudonyms(settings, lake).of("2.25.1")
    assert load_pseudonyms(settings, lake).of("2.25.1") == first

    assert Path(lake.path("keys", "uid.key")).stat().st_mode & 0o777 == 0o600


def test_a_damaged_key_is_a_usage_error(tmp_path: Path) -> None:
    lake = Lake(str(tmp_path))
    lake.write_bytes(lake.path("keys", "uid.key"), b"short")
    with pytest.raises(UsageError, match="64 hexadecimal digits"):
        load_pseudonyms(Settings(lake=str(tmp_path)), lake)


def test_of_several_first_tasks_one_makes_the_key_and_all_use_it(tmp_path: Path) -> None:
    settings = Settings(lake=str(tmp_path))
    lake = Lake(settings.lake)
    with ThreadPoolExecutor(8) as pool:
        keys = list(pool.map(lambda _: load_pseudonyms(settings, lake).of("2.25.1"), range(32)))
    assert len(set(keys)) == 1
