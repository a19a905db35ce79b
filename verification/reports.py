"""What BPK found missing elsewhere: backlog and age, the clock, reasons, decisions overturned, patterns, open questions.

Each table is one or two grouped statements over a period, bounded by an index on the day; none walks all claims.
"""

import csv
import io
import math
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import connection
from django.db.models import BigIntegerField, Count, ExpressionWrapper, F, Q, Sum
from django.db.models.functions import Coalesce
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _

from claims.enums import UNDER_REVIEW, BatchState, ClaimState
from claims.models import Claim, ClaimBatch
from ksb.core.formats import percent
from ksb.core.tables import harmless
from verification.enums import Outcome, ReadingState, Reason, Ruling, Stage
from verification.models import Assignment, Dispute, Question, Review, SecondReading

LEAST_OF_A_PAIR = 20  # decisions of a verifier on a hospital below which a share says nothing
EXTREME = 2.0  # standard errors away from the peers
AGES = ((5, "0-5"), (10, "6-10"), (30, "11-30"), (None, "> 30"))

# Rupiah not granted: of what was adjusted or rejected. A question or a return refuses nothing yet.
_LESS = ExpressionWrapper(F("claim__claimed") - F("approved"), output_field=BigIntegerField())
_REFUSING = Q(outcome__in=[Outcome.ADJUST, Outcome.REJECT])


@dataclass(frozen=True)
class Table:
    """One table: ``money`` are the columns of rupiah, ``numbers`` those of counts, by their place."""

    code: str
    title: str
    meaning: str
    columns: tuple
    rows: list
    money: tuple = ()
    numbers: tuple = ()


def tables(*, first, last, verify_days, on):
    """All tables of the days ``first`` to ``last``; ages are counted on ``on``."""
    period = {"first": first, "last": last}
    return [
        backlog(on=on),
        pending_age(on=on),
        clock(verify_days=verify_days, **period),
        decisions(**period),
        reasons(**period),
        overturned(**period),
        pairs(**period),
        productivity(**period),
    ]


def open_work():
    """``{verifier pk: claims that wait on their table}``, by the stage that is theirs. One statement."""
    turn = Q(stage=Stage.ADMIN, batch__claims__state=ClaimState.ADMIN_REVIEW)
    turn |= Q(stage=Stage.MEDICAL, batch__claims__state=ClaimState.MEDICAL_REVIEW)
    rows = Assignment.objects.lasting().filter(turn, batch__state=BatchState.IN_VERIFICATION)
    return dict(rows.values_list("verifier").annotate(Count("batch__claims")).order_by())


def backlog(*, on):
    """Claims in verification by hospital and age since their submission."""
    claims = Claim.objects.filter(batch__state=BatchState.IN_VERIFICATION, state__in=UNDER_REVIEW)
    groups = (
        claims.values("batch__hospital__name", "batch__submitted_at__date")
        .annotate(cases=Count("pk"), asked=Sum("claimed"))
        .order_by("batch__hospital__name", "batch__submitted_at__date")
    )
    found = {}
    for group in groups:
        days = (on - group["batch__submitted_at__date"]).days if group["batch__submitted_at__date"] else 0
        key = group["batch__hospital__name"], _age(days)
        cases, asked = found.get(key, (0, 0))
        found[key] = cases + group["cases"], asked + group["asked"]
    return Table(
        "backlog",
        _("Backlog and its age"),
        _("Claims that wait for a verifier, by days since the hospital submitted them."),
        (_("Hospital"), _("Age, days"), _("Claims"), _("Claimed")),
        [(*key, *values) for key, values in found.items()],
        money=(3,),
        numbers=(2,),
    )


def _age(days):
    return next(label for most, label in AGES if most is None or days <= most)


def pending_age(*, on):
    """Questions the hospitals have not answered, by age and by what is overdue."""
    rows = Question.objects.filter(answered_at__isnull=True, ended_at__isnull=True)
    found = {}
    for name, asked_on, amount in rows.values_list("claim__hospital__name", "asked_at__date", "claim__claimed"):
        key = name, _age((on - asked_on).days)
        cases, total = found.get(key, (0, 0))
        found[key] = cases + 1, total + amount
    return Table(
        "pending",
        _("Open questions and their age"),
        _("Claims pended, by days since the hospital was asked."),
        (_("Hospital"), _("Age, days"), _("Claims"), _("Claimed")),
        [(*key, *values) for key, values in sorted(found.items())],
        money=(3,),
        numbers=(2,),
    )


def clock(*, first, last, verify_days):
    """Batches verified in the period: how long it took from submission to BAHV."""
    batches = ClaimBatch.objects.filter(verified_at__date__range=(first, last))
    rows = batches.values_list("hospital__name", "submitted_at", "verified_at").order_by("hospital__name", "pk")
    found = {}
    for name, submitted, verified in rows:
        found.setdefault(name, []).append((verified - submitted).days)
    return Table(
        "clock",
        _("Time needed"),
        _("Batches whose BAHV was drawn up in the period; in time is within %(days)d days of submission.")
        % {"days": verify_days},
        (_("Hospital"), _("Batches"), _("Median days"), _("In time")),
        [
            (name, len(days), sorted(days)[len(days) // 2], sum(one <= verify_days for one in days))
            for name, days in found.items()
        ],
        numbers=(1, 2, 3),
    )


def _final(first, last):
    """Reviews of the period that became decisions: not passed on, not second readings."""
    return Review.objects.filter(decided_at__date__range=(first, last)).exclude(
        Q(outcome=Outcome.PASS) | Q(stage=Stage.SECOND)
    )


def decisions(*, first, last):
    """What was decided, with the rupiah asked and granted."""
    groups = _final(first, last).values("outcome").annotate(
        cases=Count("pk"), asked=Sum("claim__claimed"), granted=Sum("approved"), less=Sum(_LESS, filter=_REFUSING)
    )  # fmt: skip
    rows = [
        (Outcome(g["outcome"]).label, g["cases"], g["asked"], g["granted"], g["less"] or 0)
        for g in groups.order_by("outcome")
    ]
    return Table(
        "decisions",
        _("Decisions"),
        _("First decisions, those of the coordinator and of the programme itself."),
        (_("Decision"), _("Claims"), _("Claimed"), _("Approved"), _("Difference")),
        rows,
        money=(2, 3, 4),
        numbers=(1,),
    )


def reasons(*, first, last):
    """Reasons by how often and by the rupiah not granted, the dearest first."""
    groups = (
        _final(first, last)
        .exclude(code="")
        .values("code")
        .annotate(cases=Count("pk"), less=Coalesce(Sum(_LESS, filter=_REFUSING), 0))
        .order_by("-less", "code")
    )
    return Table(
        "reasons",
        _("Reasons"),
        _("Why claims were adjusted, asked about, returned or rejected."),
        (_("Reason"), _("Claims"), _("Not granted")),
        [(Reason(g["code"]).label, g["cases"], g["less"]) for g in groups],
        money=(2,),
        numbers=(1,),
    )


def overturned(*, first, last):
    """Second readings and disputes: how often the first decision did not stand."""
    read = SecondReading.objects.filter(read_at__date__range=(first, last))
    rows = [
        (_("Second reading: %(state)s") % {"state": ReadingState(state).label}, count, 0)
        for state, count in read.values_list("state").annotate(Count("pk")).order_by("state")
    ]
    ruled = Dispute.objects.filter(decided_at__date__range=(first, last))
    for ruling, count, extra in (
        ruled.values_list("ruling")
        .annotate(cases=Count("pk"), extra=Sum(F("approved") - F("before")))
        .order_by("ruling")
    ):
        rows.append((_("Dispute: %(ruling)s") % {"ruling": Ruling(ruling).label}, count, extra))
    return Table(
        "overturned",
        _("Decisions overturned"),
        _("Second readings and rulings of the period, and the rupiah granted in addition."),
        (_("What"), _("Claims"), _("Granted in addition")),
        rows,
        money=(2,),
        numbers=(1,),
    )


_PAIRS = """
    WITH one AS (
        SELECT r.verifier_id, c.hospital_id, count(*) AS cases, count(*) FILTER (WHERE r.outcome = 'APPROVE') AS whole
          FROM verification_review r JOIN claims_claim c ON c.id = r.claim_id
         WHERE r.decided_at >= %(first)s AND r.decided_at < %(after)s
           AND r.stage IN ('ADMIN', 'MEDICAL') AND r.outcome IN ('APPROVE', 'ADJUST', 'REJECT')
         GROUP BY 1, 2),
    hospital AS (SELECT hospital_id, sum(cases) AS cases, sum(whole) AS whole FROM one GROUP BY 1)
    SELECT coalesce(nullif(trim(u.first_name || ' ' || u.last_name), ''), u.username), f.name, o.cases, o.whole,
           h.cases - o.cases, h.whole - o.whole
      FROM one o JOIN hospital h USING (hospital_id)
      JOIN facilities_user u ON u.id = o.verifier_id JOIN facilities_facility f ON f.id = o.hospital_id
     ORDER BY f.name, u.username"""


def pairs(*, first, last):
    """Verifier and hospital beside the other verifiers of that hospital (FRD-12): a question to ask, never an accusation."""
    with connection.cursor() as cursor:
        after = make_aware(datetime.combine(last + timedelta(days=1), time.min))
        cursor.execute(_PAIRS, {"first": make_aware(datetime.combine(first, time.min)), "after": after})
        found = cursor.fetchall()
    rows = []
    for verifier, hospital, cases, whole, peer_cases, peer_whole in found:
        score = _score(cases, whole, peer_cases, peer_whole)
        remark = _("extreme") if score is not None and abs(score) >= EXTREME else ""
        peers = percent(peer_whole, peer_cases)
        deviation = "–" if score is None else f"{score:+.1f}"
        rows.append((verifier, hospital, int(cases), percent(whole, cases), peers, deviation, remark))
    return Table(
        "pairs",
        _("Verifier and hospital"),
        _("Share of claims approved in full, beside the other verifiers of the same hospital, in standard errors."),
        (_("Verifier"), _("Hospital"), _("Claims"), _("In full"), _("Peers"), _("Deviation"), _("Remark")),
        rows,
        numbers=(2,),
    )


def _score(cases, whole, peer_cases, peer_whole):
    """How many standard errors two shares lie apart; None where either side has too few decisions or nothing varies."""
    if cases < LEAST_OF_A_PAIR or peer_cases < LEAST_OF_A_PAIR:
        return None
    cases, whole, peer_cases, peer_whole = map(float, (cases, whole, peer_cases, peer_whole))
    share = (whole + peer_whole) / (cases + peer_cases)
    error = math.sqrt(share * (1 - share) * (1 / cases + 1 / peer_cases))
    return (whole / cases - peer_whole / peer_cases) / error if error else None


def productivity(*, first, last):
    """Reviews of each verifier by stage."""
    people = Review.objects.filter(decided_at__date__range=(first, last)).exclude(stage=Stage.SYSTEM)
    groups = people.values("verifier__first_name", "verifier__last_name", "verifier__username", "stage")
    rows = [
        (f"{g['verifier__first_name']} {g['verifier__last_name']}".strip() or g["verifier__username"],
         Stage(g["stage"]).label, g["cases"], g["bulk"])
        for g in groups.annotate(cases=Count("pk"), bulk=Count("pk", filter=Q(in_bulk=True))).order_by(
            "verifier__first_name", "verifier__username", "stage"
        )
    ]  # fmt: skip
    return Table(
        "verifiers",
        _("Work of the verifiers"),
        _("Decisions of the period, and how many of them were one of many at once."),
        (_("Verifier"), _("Stage"), _("Decisions"), _("At once")),
        rows,
        numbers=(2, 3),
    )


def as_csv(table):
    """The table as bytes for a spreadsheet."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow([harmless(column) for column in table.columns])
    writer.writerows([harmless(cell) for cell in row] for row in table.rows)
    return ("\ufeff" + text.getvalue()).encode()
