"""Fields take what people type in any spacing, and a refusal says what to write instead."""

import datetime
import re

import pytest
import time_machine
from django import forms
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from ksb.core.forms import BirthDateField, DayField, KkField, KsbForm, NikField, RupiahField

NIK = "3275010203040005"


@pytest.fixture(autouse=True)
def _indonesian():
    with translation.override("id"):
        yield


def refusal(field, typed):
    with pytest.raises(ValidationError) as caught:
        field.clean(typed)
    return caught.value.messages[0]


@pytest.mark.parametrize(
    "typed",
    [
        NIK,
        "3275 0102 0304 0005",
        "3275.0102.0304.0005",
        "'3275010203040005",
        "3275-0102\t0304\N{NO-BREAK SPACE}0005 ",
        "３２７５０１０２０３０４０００５",
    ],
)
def test_a_nik_may_be_typed_in_any_spacing(typed):
    assert NikField().clean(typed) == NIK


@given(st.lists(st.sampled_from(" .-'’\t\N{NO-BREAK SPACE}\u200b"), min_size=17, max_size=17))
def test_no_separator_changes_a_nik(separators):
    typed = "".join(s + d for s, d in zip(separators, NIK + " ", strict=True))
    assert NikField().clean(typed) == NIK


def test_a_nik_of_fifteen_digits_is_told_its_length():
    assert refusal(NikField(), NIK[:15]) == "NIK harus 16 angka. Anda memasukkan 15 angka."


def test_a_family_card_number_of_seventeen_digits_is_told_its_length():
    assert refusal(KkField(), NIK + "1") == "Nomor KK harus 16 angka. Anda memasukkan 17 angka."


def test_letters_in_a_nik_are_named():
    assert refusal(NikField(), "3275O1O2O3O4OOO5") == "NIK hanya berisi angka. Hapus huruf dan tanda lain."


class OneNik(KsbForm):
    nik = NikField(required=False)


@given(st.text(max_size=80))
def test_any_text_is_either_sixteen_digits_or_a_refusal_that_does_not_repeat_it(typed):
    form = OneNik({"nik": typed})
    if form.is_valid():
        assert re.fullmatch("([0-9]{16})?", form.cleaned_data["nik"])
    else:
        assert len(typed) <= 3 or typed not in " ".join(form.errors["nik"])


def test_a_nik_is_shown_in_groups_of_four():
    class Form(KsbForm):
        nik = NikField()

    assert 'value="3275 0102 0304 0005"' in str(Form(initial={"nik": NIK})["nik"])


@pytest.mark.parametrize("typed", ["22-11-2026", "22/11/2026", "2026-11-22", "22.11.2026", " 22 11 2026 "])
def test_a_day_may_be_typed_in_the_usual_ways(typed):
    assert DayField().clean(typed) == datetime.date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["11-22-2026", "05/13/2026", "31-02-2026", "22-11-26", "kemarin", "20261122"])
def test_a_day_is_never_guessed(typed):
    assert refusal(DayField(), typed) == "Ini bukan tanggal. Tulis tanggal-bulan-tahun, misalnya 22-11-2026."


def test_a_day_out_of_range_is_told_the_range():
    field = DayField(earliest=datetime.date(2026, 1, 1), latest=datetime.date(2026, 12, 31))
    assert "01-01-2026" in refusal(field, "31-12-2025")
    assert "31-12-2026" in refusal(field, "01-01-2027")


@time_machine.travel("2026-11-22 09:00+07:00")
def test_nobody_is_born_tomorrow():
    assert BirthDateField().clean("22-11-2026") == datetime.date(2026, 11, 22)
    assert "22-11-2026" in refusal(BirthDateField(), "23-11-2026")


def test_a_day_is_shown_as_it_is_typed():
    class Form(KsbForm):
        day = DayField()

    assert 'value="22-11-2026"' in str(Form(initial={"day": datetime.date(2026, 11, 22)})["day"])


@pytest.mark.parametrize(
    "typed", ["1234567", "1.234.567", "Rp 1.234.567", "Rp1.234.567,00", "1.234.567,-", "rp. 1.234.567"]
)
def test_rupiah_may_be_typed_in_the_usual_ways(typed):
    assert RupiahField().clean(typed) == 1_234_567


@pytest.mark.parametrize("typed", ["1.5", "1,5", "1.234.56", "1,234,567", "1.234.567,50", "satu juta", "--5", "1e9"])
def test_an_amount_that_could_be_misread_is_refused(typed):
    assert "1.234.567" in refusal(RupiahField(), typed)


def test_a_negative_amount_is_refused():
    assert refusal(RupiahField(), "-5")


@given(st.integers(min_value=0, max_value=10**15))
def test_an_amount_shown_can_be_sent_back(amount):
    field = RupiahField()
    assert field.clean(field.prepare_value(amount)) == amount


class Everything(KsbForm):
    complaint = forms.CharField(label="Keluhan")
    hospital = forms.ChoiceField(label="Rumah sakit", choices=[("1", "RSUD")])
    agreed = forms.BooleanField(label="Saya setuju")


def test_an_empty_field_says_its_own_name():
    errors = Everything({}).errors
    assert errors["complaint"] == ["Isi: Keluhan"]
    assert errors["hospital"] == ["Pilih: Rumah sakit"]
    assert errors["agreed"] == ["Centang: Saya setuju"]
