"""Finding a code the way clerks type."""

import pytest

from referrals import diagnoses

pytestmark = pytest.mark.django_db


def codes(query):
    return [diagnosis.code for diagnosis in diagnoses.search(query)]


@pytest.mark.parametrize("typed", ["J18.9", "j18.9", "J189", " j189 ", "j 18.9"])
def test_a_code_with_or_without_its_dot_comes_first(typed):
    assert codes(typed)[0] == "J18.9"


def test_the_beginning_of_a_code_lists_its_children():
    assert set(codes("J18")) >= {"J18.0", "J18.9"}


def test_an_indonesian_name_finds_its_code():
    assert "I10" in codes("darah tinggi")
    assert codes("hipertensi")[0] == "I10"


def test_words_of_the_title_in_any_order():
    assert "J18.9" in codes("unspecified pneumonia")
    assert codes("pneumonia") == codes("PNEUMONIA")


def test_nothing_typed_shows_the_thirty_commonest():
    assert len(codes("")) == 30
    assert codes("")[0] == "J06.9"


def test_no_more_than_thirty():
    assert len(codes("a")) == 30


def test_chapters_and_blocks_cannot_be_chosen():
    assert all(diagnosis.selectable for diagnosis in diagnoses.search("J"))
    assert "J18" not in codes("J18")


@pytest.mark.parametrize("poison", ["%", "_", "'; DROP TABLE x; --", "\\", "\x00", "(", "z" * 500])
def test_strange_characters_find_little_and_break_nothing(poison):
    assert len(codes(poison)) <= 30
