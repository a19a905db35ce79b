"""Leakage (domain.md B7 step 7): letters used by people who had an active JKN or PBI membership on the day of service.

*Known at issue*: a list we held said so when the letter was issued; the desk went past it, or rules allowed it then. *Unknown at
issue*: the list came, or was corrected, later; the hospital is paid in good faith and the loss is booked here. What is believed
today decides whether it is leakage at all. Rolled up each night over all letters: late lists change months long past.
"""

import csv
import io
from collections import defaultdict
from dataclasses import dataclass

from django.db import connection, transaction
from django.utils.translation import gettext as _

from claims.enums import ClaimState
from facilities.enums import Role
from ksb.core.charts import line_chart
from ksb.core.scheme import Parameters, scheme_on
from participants.enums import CoverageSource, Decision
from reports.enums import LeakageCause
from reports.models import Leakage
from reports.querysets import READERS

ZONE = "Asia/Jakarta"
LIVING = ", ".join(
    f"'{state}'" for state in ClaimState if state not in (ClaimState.BLOCKED, ClaimState.WITHDRAWN, ClaimState.RETURNED)
)
# A child without NIK has no membership of its own. Where a version of the rules lets PBI or JKN members in, nothing leaks.
_ROLL_UP = f"""
    INSERT INTO reports_leakage (month, puskesmas_id, cause, letters, claims, claimed, approved)
    WITH used AS (
        SELECT s.id, s.resident_id, s.puskesmas_id, s.issued_at, (s.used_at AT TIME ZONE '{ZONE}')::date AS day,
               coalesce((v.parameters->>'pbi_blocks')::boolean, true) AS pbi_blocks,
               coalesce((v.parameters->>'jkn_blocks')::boolean, true) AS jkn_blocks
          FROM referrals_sjp s
          JOIN core_schemeversion v ON v.id = s.scheme_id
          LEFT JOIN participants_newborn n ON n.id = s.newborn_id
         WHERE s.used_at IS NOT NULL AND s.decision->>'decision' <> '{Decision.COVERED_COMPLEMENTARY}'
           AND (s.newborn_id IS NULL OR n.resident_id = s.resident_id)),
    leaks AS (
        SELECT u.id, u.puskesmas_id, date_trunc('month', u.day::timestamp)::date AS month,
               bool_or(o.known_from <= u.issued_at AND (o.known_to IS NULL OR o.known_to > u.issued_at)) AS known
          FROM used u
          JOIN participants_othercoverage o
            ON o.resident_id = u.resident_id AND o.status = 0 AND o.source <> '{CoverageSource.DECLARED}'
           AND o.valid_from <= u.day AND (o.valid_to IS NULL OR o.valid_to >= u.day)
           AND CASE WHEN o.segment IN (21, 22) THEN u.pbi_blocks ELSE u.jkn_blocks END
         GROUP BY u.id, u.puskesmas_id, u.day
        HAVING bool_or(o.known_to IS NULL)),
    money AS (
        SELECT c.sjp_id, count(*) AS claims, sum(c.claimed) AS claimed, sum(c.approved) AS approved
          FROM leaks l JOIN claims_claim c ON c.sjp_id = l.id AND c.state IN ({LIVING}) GROUP BY c.sjp_id)
    SELECT l.month, l.puskesmas_id, CASE WHEN l.known THEN '{LeakageCause.KNOWN}' ELSE '{LeakageCause.UNKNOWN}' END,
           count(*), coalesce(sum(m.claims), 0), coalesce(sum(m.claimed), 0), coalesce(sum(m.approved), 0)
      FROM leaks l LEFT JOIN money m ON m.sjp_id = l.id
     GROUP BY 1, 2, 3"""


def roll_up():
    """Count the leakage of all months anew. Returns the number of rows."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DELETE FROM reports_leakage")
        cursor.execute(_ROLL_UP)
        return cursor.rowcount


@dataclass(frozen=True)
class Line:
    """Figures of one month or one Puskesmas and one cause; ``hidden`` for a reader of public figures when they are small."""

    label: str
    cause: LeakageCause
    letters: int
    claims: int
    claimed: int
    approved: int
    hidden: bool = False


FIGURES = ("letters", "claims", "claimed", "approved")


def least_shown(actor, *, on):
    """The smallest number of letters ``actor`` may see: planners read public figures (domain.md part F), others all."""
    others = [role for role in READERS if role != Role.PLANNING_VIEWER]
    if actor.has_role(*others):
        return 0
    scheme = scheme_on(on)
    return (scheme.parameters if scheme else Parameters()).public_cell_min


def report(actor, *, year, on):
    """Everything the page of ``year`` shows: lines by month and by Puskesmas, totals of what is shown, the chart."""
    rows = list(Leakage.objects.visible_to(actor).filter(month__year=year).select_related("puskesmas"))
    least = least_shown(actor, on=on)
    months = _lines(rows, lambda row: row.month, lambda month: f"{month:%m/%Y}", least)
    places = _lines(rows, lambda row: row.puskesmas, str, least)
    return {
        "year": year,
        "months": months,
        "places": places,
        "totals": [_total(months, cause) for cause in LeakageCause],
        "chart": _chart(year, months),
        "hidden": any(line.hidden for line in (*months, *places)),
        "least": least,
    }


def _lines(rows, key, label, least):
    sums = defaultdict(lambda: dict.fromkeys(FIGURES, 0))
    for row in rows:
        for name in FIGURES:
            sums[key(row), row.cause][name] += getattr(row, name)
    found = sorted(sums.items(), key=lambda item: (str(item[0][0]), item[0][1]))
    return [
        Line(label(thing), LeakageCause(cause), **figures, hidden=0 < figures["letters"] < least)
        for (thing, cause), figures in found
    ]


def _total(lines, cause):
    """Of what is shown: a total of everything would tell a hidden cell by subtraction."""
    shown = [line for line in lines if line.cause == cause and not line.hidden]
    return Line(_("Total"), cause, **{name: sum(getattr(line, name) for line in shown) for name in FIGURES})


def _chart(year, months):
    """Letters by month, one line a cause; a hidden cell leaves a gap."""
    if not months:
        return ""
    labels = [f"{number:02}/{year}" for number in range(1, 13)]
    found = {(line.label, line.cause): None if line.hidden else line.letters for line in months}
    series = [(cause.label, [found.get((label, cause), 0) for label in labels]) for cause in LeakageCause]
    return line_chart(_("Letters of people with JKN, by month of service"), [label[:2] for label in labels], series)


def as_csv(actor, *, year, on):
    """Month, Puskesmas, cause and figures as bytes for a spreadsheet; small cells are empty for readers of public figures."""
    least = least_shown(actor, on=on)
    rows = Leakage.objects.visible_to(actor).filter(month__year=year).select_related("puskesmas")
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([_("month"), _("Puskesmas code"), "Puskesmas", _("cause"), *(_heads()[name] for name in FIGURES)])
    for row in rows.order_by("month", "puskesmas__code", "cause"):
        hidden = 0 < row.letters < least
        figures = [""] * len(FIGURES) if hidden else [getattr(row, name) for name in FIGURES]
        place = row.puskesmas
        writer.writerow([f"{row.month:%Y-%m}", place.code, place.name, row.get_cause_display(), *figures])
    return ("\ufeff" + text.getvalue()).encode()


def _heads():
    return {
        "letters": _("letters"),
        "claims": _("claims"),
        "claimed": _("claimed (rupiah)"),
        "approved": _("approved (rupiah)"),
    }


def years(actor):
    """Years with figures, the newest first."""
    found = Leakage.objects.visible_to(actor).dates("month", "year", order="DESC")
    return [day.year for day in found]
