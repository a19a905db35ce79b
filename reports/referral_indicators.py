"""Indicators of access (domain.md part F, dash B) for the city, each Puskesmas and each hospital, as tables, chart and CSV.

A figure is missing where its denominator is nothing, and hidden from readers of public figures where either part of it counts
fewer than ``public_cell_min`` cases.
"""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _

from facilities.enums import Role
from ksb.core import formats
from ksb.core.charts import line_chart
from reports.leakage import least_shown
from reports.models import MonthlyFigure
from reports.querysets import HEADS
from reports.referral_definitions import BOTH, EMERGENCIES, INDICATORS, MAIN, REFUSALS, Indicator

SHOWN_MONTHS = 24
CHARTED = ("rsud_first", "answered_in_time", "refused")
TABLES = (
    *((place, MAIN) for place in BOTH),
    ("hospital", EMERGENCIES),
    *((place, REFUSALS) for place in BOTH),
)


@dataclass(frozen=True)
class Cell:
    """One figure: in words, and as a number for programs; ``hidden`` when it is too small to be shown."""

    indicator: Indicator
    words: str
    value: float | None
    hidden: bool = False


@dataclass(frozen=True)
class Line:
    label: str
    code: str
    cells: tuple[Cell, ...]


def shown_in(place, about=MAIN):
    return tuple(one for one in INDICATORS if place in one.places and one.about == about)


def report(actor, *, month, on):
    """Everything the page of ``month`` shows the actor: tables by Puskesmas and hospital with the city's line, the chart."""
    rows = MonthlyFigure.objects.visible_to(actor).filter(month=month)
    least = _least(actor, on=on)
    tables = [_table(rows, place, about, least) for place, about in TABLES]
    return {
        "month": month,
        "tables": tables,
        "chart": _chart(actor, month, least),
        "definitions": INDICATORS,
        "least": least,
        "hidden": any(cell.hidden for table in tables for line in table["lines"] for cell in line.cells),
    }


def _least(actor, *, on):
    """Heads of houses read their own figures whole; planners read what may be published."""
    heads_only = actor.has_role(*HEADS) and not actor.has_role(Role.PLANNING_VIEWER)
    return 0 if heads_only else least_shown(actor, on=on)


def _table(rows, place, about, least):
    other = "hospital" if place == "puskesmas" else "puskesmas"
    found = defaultdict(dict)
    figures = rows.filter(**{f"{other}__isnull": True})
    for name, code, measure, value in figures.values_list(f"{place}__name", f"{place}__code", "measure", "value"):
        found[name or "", code or ""][measure] = value
    city = found.pop(("", ""), {})
    indicators = shown_in(place, about)
    lines = [Line(name, code, _cells(indicators, measures, least)) for (name, code), measures in sorted(found.items())]
    if city:
        lines.append(Line(_("The city"), "", _beside(lines, _cells(indicators, city, least))))
    return {"place": place, "about": about, "indicators": indicators, "lines": lines}


def _beside(lines, cells):
    """The city's cells; one is hidden where a single place's is, which could else be found by subtraction."""
    alone = [sum(line.cells[i].hidden for line in lines) == 1 for i in range(len(cells))]
    return tuple(
        Cell(cell.indicator, formats.NOTHING, None, hidden=True) if alone[i] else cell for i, cell in enumerate(cells)
    )


def _cells(indicators, measures, least):
    return tuple(_cell(one, measures, least) for one in indicators)


def _cell(indicator, measures, least):
    if indicator.is_small(measures, least):
        return Cell(indicator, formats.NOTHING, None, hidden=True)
    value = indicator.value(measures)
    return Cell(indicator, indicator.words(value), value)


def _chart(actor, month, least):
    """The city's shares through the months up to ``month``."""
    rows = MonthlyFigure.objects.visible_to(actor).of_city().filter(month__lte=month, month__gte=_a_year_before(month))
    by_month = defaultdict(dict)
    for row in rows:
        by_month[row.month][row.measure] = row.value
    months = sorted(by_month)
    if len(months) < 2:
        return ""
    drawn = [one for one in INDICATORS if one.code in CHARTED]
    series = [(one.label, [_whole(_cell(one, by_month[m], least).value) for m in months]) for one in drawn]
    return line_chart(_("Shares in the city by month, percent"), [f"{m:%m/%y}" for m in months], series)


def _a_year_before(month):
    """The first of the twelve months that end with ``month``."""
    return month.replace(year=month.year - 1, month=month.month + 1) if month.month < 12 else month.replace(month=1)


def _whole(value):
    return None if value is None else round(value)


def months(actor):
    """Months with figures, the newest first."""
    found = MonthlyFigure.objects.visible_to(actor).of_city()
    return list(found.order_by("-month").values_list("month", flat=True).distinct()[:SHOWN_MONTHS])


def as_csv(actor, *, month, on):
    """One line a place and indicator, as bytes for a spreadsheet; hidden figures are empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_("month"), _("level"), _("code"), _("place"), _("indicator"), _("value"), _("unit")])
    for table in report(actor, month=month, on=on)["tables"]:
        for line in table["lines"]:
            for cell in line.cells:
                value = "" if cell.value is None else f"{cell.value:.2f}"
                level = table["place"] if line.code else "city"
                unit = cell.indicator.unit
                writer.writerow([f"{month:%Y-%m}", level, line.code, line.label, cell.indicator.label, value, unit])
    return ("\ufeff" + text.getvalue()).encode()
