"""Money, numbers of identity, dates and words are written one way everywhere."""

import datetime

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ksb.core import formats

NBSP = "\N{NO-BREAK SPACE}"


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (0, f"Rp{NBSP}0"),
        (999, f"Rp{NBSP}999"),
        (1_234_567, f"Rp{NBSP}1.234.567"),
        (-5_000, f"-Rp{NBSP}5.000"),
        (None, "–"),
    ],
)
def test_rupiah_have_dots_between_thousands(amount, text):
    assert formats.rupiah(amount) == text


@pytest.mark.parametrize(
    ("amount", "text"),
    [
        (950, "950"),
        (1_500, f"1,5{NBSP}rb"),
        (12_500_000, f"12,5{NBSP}jt"),
        (90_900_000_000, f"90,9{NBSP}M"),
        (2e12, f"2{NBSP}T"),
    ],
)
def test_tiles_and_axes_shorten_large_amounts(amount, text):
    assert formats.short_number(amount) == text


@pytest.mark.parametrize(("part", "whole", "text"), [(455, 1000, "45,5%"), (1, 2, "50%"), (3, 0, "–"), (None, 5, "–")])
def test_a_share_of_nothing_is_no_number(part, whole, text):
    assert formats.percent(part, whole) == text


def test_identity_numbers_are_read_in_groups_of_four():
    assert formats.identity("3275010000000012") == "3275 0100 0000 0012"


def test_a_masked_number_hides_its_middle():
    assert formats.mask_identity("3275010000000012") == "3275 •••• •••• 0012"


@given(st.text("0123456789", min_size=1, max_size=15))
def test_a_number_of_the_wrong_length_is_hidden_wholly(digits):
    assert set(formats.mask_identity(digits)) == {"•"}


def test_dates_follow_the_language():
    day = datetime.date(2026, 5, 2)
    with translation.override("id"):
        assert formats.day(day) == "2 Mei 2026"
    with translation.override("en"):
        assert formats.day(day) == "2 May 2026"
    assert formats.day_short(day) == "02-05-2026"


def test_moments_are_told_in_the_time_of_jakarta():
    late = datetime.datetime(2026, 11, 21, 18, 5, tzinfo=datetime.UTC)
    assert (formats.day_short(late), formats.clock(late)) == ("22-11-2026", "01.05")


def test_frozen_facts_hold_dates_as_text():
    assert formats.day_short("2026-11-22") == "22-11-2026"
    assert formats.clock("2026-11-21T18:05:00+00:00") == "01.05"


@pytest.mark.parametrize(
    ("day", "text"),
    [(22, "hari ini"), (21, "kemarin"), (12, "10 hari lalu"), (25, "3 hari lagi")],
)
def test_age_is_told_from_a_given_day(day, text):
    with translation.override("id"):
        assert formats.age_in_days(datetime.date(2026, 11, day), datetime.date(2026, 11, 22)) == text


@pytest.mark.parametrize(
    ("minutes", "text"),
    [(0, "just now"), (1, "1 minute ago"), (119, "119 minutes ago"), (120, "2 hours ago"), (2880, "2 days ago")],
)
def test_how_old_a_count_is_is_told_in_minutes_hours_then_days(minutes, text):
    now = datetime.datetime(2026, 11, 22, 4, 0, tzinfo=datetime.UTC)
    with translation.override("en"):
        assert formats.ago(now - datetime.timedelta(minutes=minutes), now) == text
        assert formats.ago(None, now) == "never"


def test_what_never_happened_has_no_age():
    with translation.override("id"):
        assert formats.age_in_days(None, datetime.date(2026, 11, 22)) == "belum pernah"


def test_months_of_letter_numbers_are_roman():
    assert [formats.roman_month(month) for month in (1, 4, 9, 11, 12)] == ["I", "IV", "IX", "XI", "XII"]


@pytest.mark.parametrize(
    ("amount", "words"),
    [
        (0, "nol rupiah"),
        (11, "sebelas rupiah"),
        (19, "sembilan belas rupiah"),
        (100, "seratus rupiah"),
        (1_000, "seribu rupiah"),
        (1_111, "seribu seratus sebelas rupiah"),
        (21_000, "dua puluh satu ribu rupiah"),
        (100_000, "seratus ribu rupiah"),
        (1_000_000, "satu juta rupiah"),
        (
            1_234_567_890,
            "satu miliar dua ratus tiga puluh empat juta lima ratus enam puluh tujuh ribu delapan ratus sembilan puluh rupiah",
        ),
        (-2_500, "minus dua ribu lima ratus rupiah"),
    ],
)
def test_receipts_state_the_amount_in_words(amount, words):
    assert formats.terbilang(amount) == words


VALUES = {"satu": 1, "dua": 2, "tiga": 3, "empat": 4, "lima": 5, "enam": 6, "tujuh": 7, "delapan": 8, "sembilan": 9}
SCALES = {"ribu": 10**3, "juta": 10**6, "miliar": 10**9, "triliun": 10**12}


def read_back(words):
    """An independent reader of Indonesian numerals."""
    total = group = digit = 0
    for word in words.removesuffix(" rupiah").split():
        if word in VALUES:
            digit = VALUES[word]
        elif word in ("sepuluh", "sebelas", "seratus", "seribu"):
            plain = {"sepuluh": 10, "sebelas": 11, "seratus": 100}
            if word == "seribu":
                total, group, digit = total + 1000, 0, 0
            else:
                group += plain[word]
        elif word == "belas":
            group, digit = group + 10 + digit, 0
        elif word == "puluh":
            group, digit = group + 10 * digit, 0
        elif word == "ratus":
            group, digit = group + 100 * digit, 0
        else:
            total, group, digit = total + (group + digit) * SCALES[word], 0, 0
    return total + group + digit


@given(st.integers(min_value=1, max_value=10**15 - 1))
def test_words_read_back_are_the_amount(amount):
    assert read_back(formats.terbilang(amount)) == amount
