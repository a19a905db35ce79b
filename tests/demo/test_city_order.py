"""Ordering a city: same order, same bytes; what cannot be made is refused; the command is thin."""

import doctest
import hashlib
import json
from collections import Counter
from datetime import date

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import given
from hypothesis import strategies as st

from ksb.demo.city import rota
from ksb.demo.city.build import quotas
from ksb.demo.city.calendar import Calendar
from ksb.demo.city.households import family_sizes
from ksb.demo.city.numbers import NIK_SLOTS, NikBook, foreign_nik, jkn_card, kk_numbers
from ksb.demo.city.rota import Rota
from tests.demo.city_files import read_truth
from tests.demo.conftest import ON

CALENDAR = Calendar(ON)


def digests(city):
    files = [path for path in city.out.iterdir() if path.is_file()]
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_the_same_order_gives_the_same_bytes(order_city):
    assert digests(order_city()) == digests(order_city())


def test_another_seed_gives_another_city(order_city):
    one, other = digests(order_city()), digests(order_city(seed=8))
    assert one["registry-20261118.csv"] != other["registry-20261118.csv"]


def test_asking_for_claims_changes_no_resident_and_no_cover(order_city):
    plain, busy = digests(order_city()), digests(order_city(claims=400))
    same = [name for name in plain if name.startswith(("registry", "pbi", "bpjs", "members"))]
    assert len(same) == 7
    assert all(plain[name] == busy[name] for name in same)


def test_a_second_city_in_the_same_folder_leaves_nothing_of_the_first(order_city, tmp_path):
    order_city(out=tmp_path, on=date(2026, 3, 5))
    (tmp_path / "notes.txt").write_text("not ours")
    city = order_city(out=tmp_path)
    assert {path.name for path in tmp_path.iterdir()} == {*city.truth["files"], "truth.json", "notes.txt"}


def test_the_truth_lies_beside_the_files(city):
    assert read_truth(city.out) == city.truth


@pytest.mark.parametrize(("arguments", "sentence"), [(["--residents=10"], "at least"), (["--on=2024-06-01"], "2025")])
def test_the_command_refuses_in_words_and_writes_nothing(tmp_path, arguments, sentence):
    out = tmp_path / "city"
    with pytest.raises(CommandError, match=sentence):
        call_command("make_city", "--residents=500", f"--out={out}", *arguments)
    assert not out.exists()


def test_the_command_prints_the_truth_as_json(tmp_path, capsys):
    call_command("make_city", "--residents=400", "--seed=3", f"--out={tmp_path}", f"--on={ON}", "--json")
    assert json.loads(capsys.readouterr().out) == read_truth(tmp_path)


def test_the_command_says_what_it_made(tmp_path, capsys):
    call_command("make_city", "--residents=400", f"--out={tmp_path}", f"--on={ON}")
    assert "400 residents" in capsys.readouterr().out


# the parts


@given(st.integers(min_value=0, max_value=3_000_000))
def test_quotas_of_the_kecamatan_add_up(residents):
    shares = dict(quotas(residents))
    assert len(shares) == 12
    assert sum(shares.values()) == residents


@given(st.integers(min_value=0, max_value=300), st.randoms(use_true_random=False))
def test_families_hold_exactly_the_people_there_are(people, random):
    sizes = family_sizes(people, random.random)
    assert sum(sizes) == people
    assert all(1 <= size <= 10 for size in sizes)


@given(
    st.lists(st.tuples(st.integers(0, NIK_SLOTS - 1), st.sampled_from((1, 2)), st.integers(0, 3)), max_size=200),
)
def test_books_of_different_slots_never_give_the_same_nik(draws):
    books = [NikBook(CALENDAR, slot) for slot in range(NIK_SLOTS)]
    niks = [books[slot].new("327501", sex, CALENDAR.today - age) for slot, sex, age in draws]
    assert len(set(niks)) == len(niks)
    assert all(len(nik) == 16 and nik.isdigit() for nik in niks)


@given(st.floats(min_value=0, max_value=1, exclude_max=True))
def test_foreign_niks_use_serials_no_resident_has(chance):
    nik = foreign_nik(CALENDAR, "321601", 2, CALENDAR.today - 9_000, chance)
    assert len(nik) == 16
    assert nik[12] == "9"


@given(st.lists(st.integers(1, 10), max_size=300), st.randoms(use_true_random=False))
def test_kk_numbers_ascend_are_unique_and_carry_their_day(sizes, random):
    numbers = list(kk_numbers("327507", sizes, random.random, CALENDAR))
    texts = [kk for kk, _, _ in numbers]
    assert texts == sorted(set(texts))
    assert sorted(size for _, _, size in numbers) == sorted(sizes)
    for kk, day, _ in numbers:
        assert kk[6:12] == f"{date.fromordinal(day):%d%m%y}"
        assert day < CALENDAR.today


def test_jkn_cards_never_repeat_within_three_million():
    assert len({jkn_card(n) for n in range(1, 3_000_001, 31)}) == len(range(1, 3_000_001, 31))


@given(st.integers(1, 6), st.floats(min_value=1, max_value=9), st.integers(0, 400))
def test_a_rota_calls_every_kind_equally_often_and_on_time(kinds, every, ticks):
    rota, called = Rota(list(range(kinds)), every), Counter()
    for _ in range(ticks):
        for kind in rota.tick():
            called[kind] += 1
            rota.done(kind)
    assert abs(called.total() - ticks / every) <= 1.001
    assert not called or max(called.values()) - min(called[k] for k in range(kinds)) <= 1


def test_a_kind_nobody_suited_waits_and_is_not_called_twice():
    rota = Rota(["birth", "death"], every=1)
    rota.tick()
    rota.tick()
    assert rota.tick() == ("birth", "death")
    rota.done("birth")
    assert "death" in rota.tick()


def test_the_example_in_the_rota_is_true():
    assert doctest.testmod(rota).failed == 0


@given(st.dates(min_value=date(1930, 1, 1), max_value=ON), st.integers(0, 300))
def test_age_is_counted_in_whole_years(born, later):
    at = min(born.toordinal() + later * 31, CALENDAR.today)
    then = date.fromordinal(at)
    expected = then.year - born.year - ((then.month, then.day) < (born.month, born.day))
    assert CALENDAR.age(born.toordinal(), at) == expected


def test_puskesmas_are_closed_on_sundays_and_holidays():
    calendar = Calendar(ON, [date(2026, 11, 17)])
    sunday, holiday = date(2026, 11, 15).toordinal(), date(2026, 11, 17).toordinal()
    assert not calendar.is_open(sunday)
    assert not calendar.is_open(holiday)
    assert calendar.next_open(sunday) == sunday + 1
    assert calendar.last_open(holiday) == holiday - 1
