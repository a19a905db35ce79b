"""The comparison of two files is the exact difference of their lines, wherever they differ."""

import io
import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from participants import merge

LINES = st.lists(st.sampled_from([b"a", b"b", b"c", b"d", b"e", b"f"]), max_size=25)


def file(lines, *, end=True):
    return io.BytesIO(b"\n".join(lines) + (b"\n" if end and lines else b""))


def compare(old, new, *, refused=(), old_end=True, new_end=True):
    old_lines = merge.without(file(old, end=old_end), refused)
    return merge.difference(old_lines, file(new, end=new_end), limit=10**6)


@given(LINES, LINES, st.booleans(), st.booleans(), st.sampled_from([1, 2, 32]))
def test_removed_and_added_are_the_difference_of_both_sets(old, new, old_end, new_end, window):
    before = merge.WINDOW, merge.WIDEST_WINDOW
    merge.WINDOW, merge.WIDEST_WINDOW = window, max(4, window)
    try:
        found = compare(old, new, old_end=old_end, new_end=new_end)
    finally:
        merge.WINDOW, merge.WIDEST_WINDOW = before
    assert Counter(found.removed) == Counter(old) - Counter(new)
    assert Counter(line for _number, line in found.added) == Counter(new) - Counter(old)
    assert all(new[number - 2] == line for number, line in found.added)


@pytest.mark.parametrize("place", [0, 1, 499, 998, 999])
def test_one_line_more_or_less_is_found_at_any_place_the_ends_included(place):
    lines = [b"%d" % n for n in range(1000)]
    shorter = lines[:place] + lines[place + 1 :]
    assert compare(lines, shorter).removed == [lines[place]]
    assert compare(shorter, lines).added == [(place + 2, lines[place])]


def test_several_lines_more_at_the_end_of_either_file_are_found():
    lines = [b"%d" % n for n in range(100)]
    assert compare(lines, lines[:90]).removed == lines[90:]
    assert [line for _n, line in compare(lines[:90], lines).added] == lines[90:]


def test_another_line_end_is_no_difference():
    found = merge.difference(io.BytesIO(b"a\r\nb\r\nc"), io.BytesIO(b"a\nb\nc\n"), limit=10)
    assert (found.removed, found.added) == ([], [])


def test_a_line_that_moved_far_away_is_no_difference():
    lines = [b"%d" % n for n in range(1000)]
    found = compare(lines, [*lines[1:], lines[0]])
    assert (found.removed, found.added) == ([], [])


def test_lines_left_out_of_the_old_file_come_back_as_added_with_their_number():
    lines = [b"a", b"broken", b"b", b"c", b"worse"]
    found = compare(lines, lines, refused=[3, 6])
    assert (found.removed, found.added) == ([], [(3, b"broken"), (6, b"worse")])


def test_files_without_a_common_order_are_given_up_before_memory_fills():
    lines = [b"%d" % n for n in range(50_000)]
    mixed = lines.copy()
    random.Random(1).shuffle(mixed)
    with pytest.raises(merge.TooDifferent):
        merge.difference(file(lines), file(mixed), limit=20_000)
