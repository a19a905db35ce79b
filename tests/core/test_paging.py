"""Keyset paging: every row once, in order, both ways, whatever the cursor says."""

import base64
import json

import pytest
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from facilities.models import Facility, Region
from ksb.core.paging import keyset_page

pytestmark = pytest.mark.django_db
KEYS = ("-level", "code")


def walk(query, size, cursor="next_cursor"):
    """All pages from ``query`` on in one direction."""
    while True:
        page = keyset_page(Region.objects.all(), query, keys=KEYS, size=size)
        yield page
        if not getattr(page, cursor):
            return
        query = QueryDict(f"page={getattr(page, cursor)}")


def wanted():
    return list(Region.objects.order_by(*KEYS))


@pytest.mark.parametrize("size", [1, 7, 50, 1000])
def test_every_row_comes_once_and_in_order(size):
    assert [row for page in walk(QueryDict(), size) for row in page] == wanted()


def test_the_way_back_shows_the_same_pages():
    there = list(walk(QueryDict(), 7))
    back = list(walk(QueryDict(f"page={there[-1].previous_cursor}"), 7, "previous_cursor"))
    assert [page.items for page in reversed(back)] == [page.items for page in there[:-1]]


def test_the_first_page_has_no_way_back_and_the_last_none_on():
    pages = list(walk(QueryDict(), 30))
    assert not pages[0].previous_cursor
    assert not pages[-1].next_cursor
    assert all(page.next_cursor for page in pages[:-1])


def test_an_empty_list_is_one_empty_page():
    page = keyset_page(Region.objects.none(), QueryDict(), keys=KEYS)
    assert (page.items, page.next_cursor, page.previous_cursor) == ([], "", "")


def forged(value):
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode()


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "x",
        "%%%",
        "\x00",
        forged([]),
        forged(["n"]),
        forged(["n", "a"]),
        forged(["z", "a", "b"]),
        forged(["n", None, {}]),
        forged({"a": 1}),
    ],
)
def test_a_damaged_cursor_shows_the_first_page(cursor):
    page = keyset_page(Region.objects.all(), {"page": cursor}, keys=KEYS, size=5)
    assert page.items == wanted()[:5]


@given(
    cursor=st.text(max_size=60)
    | st.lists(st.text() | st.integers() | st.booleans() | st.none(), max_size=4).map(forged)
)
def test_no_cursor_breaks_a_page(cursor):
    assert len(keyset_page(Region.objects.all(), {"page": cursor}, keys=KEYS, size=3)) <= 3


def test_a_cursor_of_the_wrong_kind_shows_the_first_page():
    page = keyset_page(Facility.objects.all(), {"page": forged(["n", "not a number"])}, keys=("pk",), size=5)
    assert page.items == list(Facility.objects.order_by("pk")[:5])


def test_a_page_costs_one_query(django_assert_num_queries):
    with django_assert_num_queries(1):
        keyset_page(Region.objects.all(), QueryDict(), keys=KEYS)
