"""Charts are drawings with a name, a description and their numbers as a table; nothing in them needs a script or a style."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ksb.core import charts, formats

SVG = "{http://www.w3.org/2000/svg}"
amounts = st.integers(min_value=0, max_value=10**13)


def drawing(figure):
    return ET.fromstring(str(figure).split("</figcaption>")[1].split("</svg>")[0] + "</svg>")


def boxes(svg):
    return [{k: float(r.get(k)) for k in ("x", "y", "width", "height")} for r in svg.iter(f"{SVG}rect")]


@given(st.integers(min_value=0, max_value=10**14))
def test_an_axis_has_few_whole_steps_and_reaches_the_largest_value(largest):
    steps = charts.ticks(largest)
    assert steps[0] == 0
    assert steps[-1] >= largest
    assert 2 <= len(steps) <= 6
    assert all(isinstance(step, int) for step in steps)
    assert len(set(steps)) == len(steps)


@given(st.lists(st.tuples(st.text("abcdef", min_size=1, max_size=8), amounts), max_size=31), st.none() | amounts)
def test_every_column_stays_inside_the_drawing(rows, target):
    svg = drawing(charts.bar_chart("Klaim", rows, target=("Pagu", target) if target is not None else None))
    _x, _y, width, height = map(float, svg.get("viewBox").split())
    assert len(boxes(svg)) == len(rows)
    for box in boxes(svg):
        assert 0 <= box["x"] <= box["x"] + box["width"] <= width
        assert 0 <= box["y"] <= box["y"] + box["height"] <= height


def test_columns_are_as_high_as_their_values():
    low, high = boxes(drawing(charts.bar_chart("Klaim", [("a", 25), ("b", 100)])))
    assert high["height"] == pytest.approx(4 * low["height"], rel=0.01)


def test_a_month_without_data_leaves_a_gap():
    svg = drawing(charts.line_chart("SJP", ["a", "b", "c", "d"], [("RSUD", [1, None, 3, 4])]))
    assert svg.find(f".//{SVG}path").get("d").count("M") == 2


@given(amounts, amounts, amounts, amounts)
def test_the_budget_bar_never_sticks_out_even_when_overcommitted(total, realised, committed, reserved):
    parts = [
        ("realised", "Realisasi", realised),
        ("committed", "Komitmen", committed),
        ("reserved", "Reservasi", reserved),
    ]
    svg = drawing(charts.budget_bar("Anggaran", total=total, parts=parts))
    assert max(box["x"] + box["width"] for box in boxes(svg)) <= 480.5


def test_the_same_numbers_stand_in_a_table():
    figure = charts.bar_chart("Klaim", [("Januari", 7_300_000_000)], value_format=formats.rupiah)
    table = figure.split("<details>")[1]
    assert "Januari" in table
    assert formats.rupiah(7_300_000_000) in table


def test_a_chart_is_named_described_and_escaped():
    figure = charts.bar_chart("Klaim <b>", [("RS & Co", 5)])
    svg = drawing(figure)
    assert svg.get("role") == "img"
    ids = {element.get("id") for element in svg.iter()}
    assert set(svg.get("aria-labelledby").split()) <= ids
    assert "<b>" not in figure
    assert "style=" not in figure
    assert "<script" not in figure


def test_an_empty_chart_says_that_there_is_nothing_yet():
    assert "Belum ada data." in charts.bar_chart("Klaim", [])
