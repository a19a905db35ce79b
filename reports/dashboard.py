"""What Dinkes sees first: few questions, each answered from a roll-up or a live figure."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from budget.bars import bar_of
from budget.models import BudgetLine
from budget.permissions import BUDGET_READERS
from claims.enums import ClaimState
from ksb.core.charts import bar_chart
from participants.enums import CardState, Decision, EnrolmentState
from referrals.enums import SjpState
from reports import live
from reports.models import DailyFigure, MonthlyFigure


@dataclass(frozen=True)
class Table:
    """Rows of (label, count, rupiah or None) under a heading."""

    title: str
    rows: list


def latest_figures(actor):
    """``({(measure, key): value}, day)`` of the last day that was rolled up; empty before the first night."""
    figures = DailyFigure.objects.visible_to(actor)
    newest = figures.order_by("-day").values("day")[:1]
    rows = list(figures.filter(day__in=newest).values_list("measure", "key", "value", "day"))
    return {(measure, key): value for measure, key, value, _day in rows}, rows[0][3] if rows else None


def by_state(actor, measure, states, title):
    """A Table of the live counts of ``measure`` in the order of the enum ``states``."""
    now = live.figures(actor, measure)
    return Table(title, [(s.label, *now[s.value]) for s in states if s.value in now])


def coverage_table(figures):
    return Table(
        _("People by coverage"),
        [(d.label, figures["coverage", d], None) for d in Decision if ("coverage", d) in figures],
    )


def tiles(actor, figures, *, today):
    """The numbers on top: (label, number)."""
    unmet = (
        MonthlyFigure.objects.visible_to(actor).of_city().filter(month=today.replace(day=1), measure="unmet").first()
    )
    covered = sum(
        value for (measure, key), value in figures.items() if measure == "coverage" and key.startswith("COVERED")
    )
    enrolled = live.figures(actor, "enrolment").get(EnrolmentState.ACTIVE, (0, 0))[0]
    cards = live.figures(actor, "card").get(CardState.ACTIVE, (0, 0))[0]
    return [
        (_("Residents in the registry"), figures.get(("residents", ""), 0)),
        (_("Families enrolled"), enrolled),
        (_("People covered today"), covered),
        (_("Cards handed over"), cards),
        (_("Patients without a hospital this month"), unmet.value if unmet else 0),
    ]


def sjp_chart(actor, *, until, days=14):
    """Letters issued a day, over the last fortnight."""
    rows = DailyFigure.objects.visible_to(actor).filter(measure="sjp_issued", day__lte=until).order_by("-day")[:days]
    points = [(f"{row.day:%d/%m}", row.value) for row in reversed(rows)]
    return bar_chart(_("SJPs issued a day"), points) if points else ""


def budget_bars(actor, *, year):
    return [
        bar_of(line) for line in BudgetLine.objects.visible_to(actor).filter(year_id=year).order_by("account", "pk")
    ]


def dashboard(actor, *, today):
    """Everything the page shows, as a dict for its template."""
    figures, day = latest_figures(actor)
    return {
        "day": day,
        "tiles": tiles(actor, figures, today=today),
        "coverage": coverage_table(figures),
        "sjps": by_state(actor, "sjp", SjpState, _("SJPs by state")),
        "claims": by_state(actor, "claim", ClaimState, _("Claims by state")),
        "chart": sjp_chart(actor, until=today),
        "reads_budget": actor.has_role(*BUDGET_READERS),
        "bars": budget_bars(actor, year=today.year),
    }
