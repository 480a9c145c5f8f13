from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from flask import Flask
from flask_babel import Babel, force_locale
from hypothesis import given
from hypothesis import strategies as st

from catalog.translations.messages import FOLDER
from catalog.web import formatting as f

NOW = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)


@pytest.fixture(scope="module", autouse=True)
def app():
    app = Flask("catalog.web")
    Babel(app, default_translation_directories=str(FOLDER))
    with app.app_context():
        yield app


@pytest.mark.parametrize(
    ("value", "decimals", "text"),
    [
        (0, None, "0"),
        (1234567, None, "1'234'567"),
        (-20000, None, "-20'000"),
        (Decimal("1234.50"), None, "1'234.50"),
        (1234.5, 2, "1'234.50"),
        (0.005, 2, "0.01"),
        (None, None, f.UNKNOWN),
    ],
)
def test_numbers_are_grouped_by_a_raised_apostrophe(value, decimals, text):
    assert f.format_number(value, decimals) == text.replace("'", f.APOSTROPHE)


@given(st.integers(-(10**15), 10**15))
def test_a_grouped_number_can_be_read_back(value):
    assert int(f.format_number(value).replace("\u2019", "")) == value


def test_francs_never_break_over_a_line():
    assert f.format_chf(Decimal("1234.5")) == "CHF\u00a01\u2019234.50"
    assert f.format_chf(-5.05) == "CHF\u00a0-5.05"
    assert f.format_chf(128, 0) == "CHF\u00a0128"
    assert f.format_chf(None) == f.UNKNOWN


@given(st.decimals(-(10**9), 10**9, places=2))
def test_francs_hold_no_ordinary_space(amount):
    assert " " not in f.format_chf(amount)


def test_shares_are_written_as_per_cent():
    assert f.format_percent(0.995, 1) == "99.5\u00a0%"
    assert f.format_percent(1) == "100\u00a0%"
    assert f.format_percent(None) == f.UNKNOWN


def test_days_and_times_are_those_of_zurich():
    late = datetime(2026, 12, 31, 23, 30, 5, tzinfo=UTC)
    assert f.format_date(late) == "01.01.2027"
    assert f.format_date(date(2026, 12, 31)) == "31.12.2026"
    assert f.format_date_time(late) == "01.01.2027, 00:30"
    assert f.format_time(late) == "00:30:05"
    assert f.format_date_time(datetime(2026, 7, 1, 12, 0, tzinfo=UTC)) == "01.07.2026, 14:00"
    assert f.format_date(None) == f.format_date_time(None) == f.format_time(None) == f.UNKNOWN


@pytest.mark.parametrize(
    ("value", "text"),
    [(0, "0 B"), (999, "999 B"), (1500, "1.5 kB"), (999_960, "1 MB"), (5 * 10**11, "500 GB")],
)
def test_storage_is_decimal(value, text):
    assert f.format_bytes(value) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(("value", "text"), [(1024, "1 KiB"), (17179869184, "16 GiB")])
def test_memory_is_binary(value, text):
    assert f.format_memory(value) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0, "0 bit/s"),
        (100_000_000, "100 Mbit/s"),
        (10**9, "1 Gbit/s"),
        (2_500_000_000, "2.5 Gbit/s"),
        (4 * 10**11, "400 Gbit/s"),
        (None, f.UNKNOWN),
    ],
)
def test_speeds_have_the_unit_of_their_size(value, text):
    assert f.format_speed(value) == text.replace(" ", "\u00a0")


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0421, "42 ms"),
        (1.25, "1.3 s"),
        (59.6, "1 min"),
        (125, "2 min 5 s"),
        (timedelta(hours=3), "3 h"),
        (timedelta(days=2, hours=5, minutes=9), "2 d 5 h"),
        (None, f.UNKNOWN),
    ],
)
def test_durations_show_their_two_largest_units(value, text):
    assert f.format_duration(value).replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("ago", "german", "english"),
    [
        (timedelta(seconds=20), "gerade eben", "just now"),
        (timedelta(minutes=1), "vor 1 Minute", "1 minute ago"),
        (timedelta(minutes=3), "vor 3 Minuten", "3 minutes ago"),
        (timedelta(hours=5), "vor 5 Stunden", "5 hours ago"),
        (timedelta(days=1), "vor 1 Tag", "1 day ago"),
        (timedelta(days=59), "vor 59 Tagen", "59 days ago"),
        (timedelta(days=61), "vor 2 Monaten", "2 months ago"),
        (timedelta(days=800), "vor 2 Jahren", "2 years ago"),
        (timedelta(minutes=-3), "in 3 Minuten", "in 3 minutes"),
        (timedelta(days=-2), "in 2 Tagen", "in 2 days"),
    ],
)
def test_ages_are_told_in_words(ago, german, english):
    with force_locale("de_CH"):
        assert f.format_age(NOW - ago, NOW) == german
    with force_locale("en"):
        assert f.format_age(NOW - ago, NOW) == english


def test_an_unknown_age_is_a_dash():
    assert f.format_age(None, NOW) == f.UNKNOWN


def test_a_moment_without_zone_is_read_as_utc():
    naive = NOW.replace(tzinfo=None)
    assert f.format_date_time(naive) == f.format_date_time(NOW)
