"""Indicators of access (domain.md part F, dash B): what is divided by what, for the city, each Puskesmas and each hospital.

A figure is missing where its denominator is nothing, and hidden from readers of public figures where either part of it counts
fewer than ``public_cell_min`` cases.
"""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import Role
from ksb.core import formats
from ksb.core.charts import line_chart
from reports.leakage import least_shown
from reports.models import MonthlyFigure
from reports.querysets import HEADS

PER_HUNDRED, PERCENT, MINUTES, NUMBER = "per hundred", "percent", "minutes", "number"
SHOWN_MONTHS = 24


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """``part`` of ``whole``, both measures of ``referral_rollup``; without ``whole`` the measure itself.

    ``places``: in which of the tables it stands, "puskesmas", "hospital" or both.
    """

    code: str
    label: str
    definition: str
    part: str
    whole: str = ""
    unit: str = PERCENT
    places: tuple[str, ...] = ("puskesmas", "hospital")

    def value(self, measures):
        """The figure from ``{measure: value}``, or None where there is nothing to divide by."""
        if not self.whole:
            return measures.get(self.part, 0 if self.unit == NUMBER else None)
        whole = measures.get(self.whole, 0)
        return 100 * measures.get(self.part, 0) / whole if whole else None

    def is_small(self, measures, least):
        """Whether so few cases stand behind it that they could be told apart."""
        if self.unit == MINUTES:
            return 0 < measures.get("answered", 0) < least
        parts = [measures.get(name, 0) for name in (self.part, self.whole) if name]
        rest = [parts[1] - parts[0]] if self.unit == PERCENT and len(parts) == 2 else []
        return any(0 < number < least for number in (*parts, *rest))

    def words(self, value):
        if value is None:
            return formats.NOTHING
        if self.unit == PERCENT:
            return formats.percent(value, 100)
        if self.unit == PER_HUNDRED:
            return f"{value:.1f}".replace(".", ",")
        return formats.number(round(value))


INDICATORS = (
    Indicator(
        code="referrals",
        label=gettext_lazy("Referrals"),
        definition=gettext_lazy("Referrals issued in the month."),
        part="referrals",
        unit=NUMBER,
    ),
    Indicator(
        code="referral_ratio",
        label=gettext_lazy("Referrals per 100 visits"),
        definition=gettext_lazy("Referrals issued, per hundred visits of all payers that the Puskesmas has entered."),
        part="referrals",
        whole="visits",
        unit=PER_HUNDRED,
        places=("puskesmas",),
    ),
    Indicator(
        code="private_share",
        label=gettext_lazy("To private hospitals"),
        definition=gettext_lazy("Share of the referrals that go to a private hospital."),
        part="private",
        whole="referrals",
        places=("puskesmas",),
    ),
    Indicator(
        code="rsud_first",
        label=gettext_lazy("RSUD first"),
        definition=gettext_lazy(
            "Share of the referrals that go to an RSUD, or to a private hospital with the reason written."
        ),
        part="rsud_first",
        whole="referrals",
        places=("puskesmas",),
    ),
    Indicator(
        code="no_shows",
        label=gettext_lazy("Did not come"),
        definition=gettext_lazy("Share of the referrals whose time ran out unused."),
        part="no_shows",
        whole="referrals",
    ),
    Indicator(
        code="answered_in_time",
        label=gettext_lazy("Answered in time"),
        definition=gettext_lazy("Share of the answers that came before the moment the letter set for the hospital."),
        part="answered_in_time",
        whole="answered",
        places=("hospital",),
    ),
    Indicator(
        code="median_minutes",
        label=gettext_lazy("Minutes to the answer, half of them"),
        definition=gettext_lazy("Half of the answers came within so many minutes of the letter (median)."),
        part="median_minutes",
        unit=MINUTES,
        places=("hospital",),
    ),
    Indicator(
        code="p90_minutes",
        label=gettext_lazy("Minutes, nine in ten"),
        definition=gettext_lazy("Nine in ten answers came within so many minutes (90th percentile)."),
        part="p90_minutes",
        unit=MINUTES,
        places=("hospital",),
    ),
    Indicator(
        code="refused",
        label=gettext_lazy("Refused"),
        definition=gettext_lazy("Share of the answered referrals that the hospital refused."),
        part="refused",
        whole="answered",
        places=("hospital",),
    ),
    Indicator(
        code="refused_no_bed",
        label=gettext_lazy("Refused: no bed"),
        definition=gettext_lazy("Share of the refusals whose reason was that no bed was free."),
        part="refused_no_bed",
        whole="refused",
        places=("hospital",),
    ),
    Indicator(
        code="unmet",
        label=gettext_lazy("No hospital found"),
        definition=gettext_lazy("Patients brought before the duty officer for whom no hospital was found."),
        part="unmet",
        unit=NUMBER,
        places=("puskesmas",),
    ),
    Indicator(
        code="emergency_share",
        label=gettext_lazy("Emergencies"),
        definition=gettext_lazy("Share of the admissions that were emergency care."),
        part="emergencies",
        whole="admissions",
        places=("hospital",),
    ),
    Indicator(
        code="late_notices",
        label=gettext_lazy("Emergencies reported late"),
        definition=gettext_lazy("Share of the emergencies without referral that were reported after their deadline."),
        part="late_notices",
        whole="notices",
        places=("hospital",),
    ),
    Indicator(
        code="no_emergencies",
        label=gettext_lazy("No emergency after all"),
        definition=gettext_lazy("Share of the emergencies reported that met none of the five criteria."),
        part="no_emergencies",
        whole="notices",
        places=("hospital",),
    ),
    Indicator(
        code="bypass",
        label=gettext_lazy("Without letter"),
        definition=gettext_lazy(
            "Share of the hospital's claims of patients admitted in the month that no letter covers."
        ),
        part="bypasses",
        whole="claims",
        places=("hospital",),
    ),
)
CHARTED = ("rsud_first", "answered_in_time", "refused")


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


def shown_in(place):
    return tuple(one for one in INDICATORS if place in one.places)


def report(actor, *, month, on):
    """Everything the page of ``month`` shows the actor: tables by Puskesmas and hospital with the city's line, the chart."""
    rows = MonthlyFigure.objects.visible_to(actor).filter(month=month)
    least = _least(actor, on=on)
    tables = [_table(rows, place, least) for place in ("puskesmas", "hospital")]
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


def _table(rows, place, least):
    other = "hospital" if place == "puskesmas" else "puskesmas"
    found = defaultdict(dict)
    figures = rows.filter(**{f"{other}__isnull": True})
    for name, code, measure, value in figures.values_list(f"{place}__name", f"{place}__code", "measure", "value"):
        found[name or "", code or ""][measure] = value
    city = found.pop(("", ""), {})
    indicators = shown_in(place)
    lines = [Line(name, code, _cells(indicators, measures, least)) for (name, code), measures in sorted(found.items())]
    if city:
        lines.append(Line(_("The city"), "", _beside(lines, _cells(indicators, city, least))))
    return {"place": place, "indicators": indicators, "lines": lines}


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
