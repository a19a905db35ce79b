"""Where is my money: what one hospital has handed in, how far it is, when it is paid; and what it has not asked for yet.

Read from batches and claims alone. The steps of the money inside the city's offices stand on the pages of the payments.
"""

import datetime
from dataclasses import dataclass, field

from django.db import connection
from django.db.models import Count, Max, Min, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from claims import clocks
from claims.enums import BatchState
from claims.models import Claim, ClaimBatch
from referrals.enums import SjpState
from referrals.models import Episode

MONTHS = 12
LAST_PAID = 24  # batches whose speed tells how fast the next one is
AGES = ((30, _("up to 30 days")), (60, _("31 to 60 days")), (90, _("61 to 90 days")), (None, _("more than 90 days")))
AT_DESK, REFUSED, CHECKED, ASKED, DISPUTED, APPROVED, PAID = (
    "desk",
    "refused",
    "checked",
    "asked",
    "disputed",
    "approved",
    "paid",
)
STAGES = {
    AT_DESK: _("At your desk"),
    CHECKED: _("Being checked"),
    ASKED: _("Your answer is awaited"),
    DISPUTED: _("Disputed"),
    APPROVED: _("Approved, not paid yet"),
    PAID: _("Paid"),
    REFUSED: _("Refused"),
}
# Every state of a claim that is not named here is somewhere between the hospital's signature and a decision: CHECKED.
STAGE_OF = {
    "READY": AT_DESK,
    "BLOCKED": REFUSED,
    "REJECTED": REFUSED,
    "RETURNED": ASKED,
    "PENDED": ASKED,
    "DISPUTED": DISPUTED,
    "APPROVED": APPROVED,
    "PARTLY_APPROVED": APPROVED,
    "PAID": PAID,
}
GRANTED = (APPROVED, PAID)
GONE = ("WITHDRAWN", "EXPIRED")


@dataclass
class Stage:
    """Claims and rupiah of one stage."""

    claims: int = 0
    amount: int = 0

    def add(self, claims, amount):
        self.claims += claims
        self.amount += amount


@dataclass
class Row:
    """One batch: its sums by stage, how long it has been on its way, and the day on which it should be paid."""

    batch: ClaimBatch
    sums: dict = field(default_factory=dict)
    paid_about: datetime.date | None = None
    overdue: bool = False
    to_do: str = ""
    by: datetime.date | None = None

    def add(self, stage, claims, amount):
        self.sums.setdefault(stage, Stage()).add(claims, amount)

    @property
    def stages(self):
        return [(STAGES[stage], self.sums[stage]) for stage in STAGES if stage in self.sums]

    @property
    def pending(self):
        """Rupiah that may still be paid."""
        return sum(one.amount for stage, one in self.sums.items() if stage not in (REFUSED, PAID))


def batches_of(hospital, *, on):
    """Rows of the batches of the last MONTHS service months of ``hospital``, newest first. Four queries."""
    since = (on.replace(day=1) - datetime.timedelta(days=31 * MONTHS)).replace(day=1)
    found = ClaimBatch.objects.filter(hospital=hospital, service_month__gte=since).exclude(state=BatchState.WITHDRAWN)
    found = found.annotate(mend_by=Max("completeness_checks__due_on")).order_by("-service_month", "-pk")
    rows = {batch.pk: Row(batch) for batch in found}
    sums = Claim.objects.filter(batch__in=list(rows)).exclude(state__in=GONE).order_by().values("batch", "state")
    for one in sums.annotate(claims=Count("pk"), asked=Sum("claimed"), granted=Sum("approved")):
        stage = STAGE_OF.get(one["state"], CHECKED)
        amount = one["granted"] if stage in GRANTED else one["asked"]
        rows[one["batch"]].add(stage, one["claims"], amount or 0)
    speed = speed_of(hospital, on=on)
    parameters = clocks.parameters_on(on)
    for row in rows.values():
        _tell_to_do(row, clocks.due_on(row.batch.service_month, parameters))
        row.paid_about = forecast(row.batch, speed)
        row.overdue = row.paid_about is not None and row.paid_about < on
    return list(rows.values())


def _tell_to_do(row, due_on):
    batch = row.batch
    if batch.state == BatchState.OPEN:
        row.to_do, row.by = _("Hand it in"), batch.mend_by or due_on
    elif batch.state == BatchState.TO_SIGN:
        row.to_do, row.by = _("The director signs"), due_on
    elif ASKED in row.sums:
        row.to_do = _("Answer the verifier")


def speed_of(hospital, *, on):
    """Median days of completeness, verification and payment over the last paid batches; the clocks where there are none."""
    with connection.cursor() as cursor:
        cursor.execute(
            """SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM completed_at - signed_at)),
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM verified_at - completed_at)),
                      percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM paid_at - verified_at))
                 FROM (SELECT signed_at, completed_at, verified_at, paid_at FROM claims_claimbatch
                        WHERE hospital_id = %s AND state = 'PAID' ORDER BY id DESC LIMIT %s) last""",
            [hospital.pk, LAST_PAID],
        )
        medians = cursor.fetchone()
    parameters = clocks.parameters_on(on)
    said = (parameters.completeness_days, parameters.verify_days, parameters.pay_days)
    return [
        datetime.timedelta(days=days) if median is None else datetime.timedelta(seconds=float(median))
        for median, days in zip(medians, said, strict=True)
    ]


def forecast(batch, speed):
    """The day on which ``batch`` should be paid: from its last milestone on, as fast as those before. None when it is not due."""
    complete, verify, pay = speed
    if batch.paid_at or batch.signed_at is None:
        return None
    if batch.verified_at:
        return localdate(batch.verified_at + pay)
    if batch.completed_at:
        return localdate(batch.completed_at + verify + pay)
    return localdate(batch.signed_at + complete + verify + pay)


def totals(rows):
    """Sums over all ``rows`` by stage, as ``(label, Stage)`` in the order of STAGES."""
    found = Row(batch=None)
    for row in rows:
        for stage, one in row.sums.items():
            found.add(stage, one.claims, one.amount)
    return found.stages


def ages(rows, *, on):
    """Rupiah handed in and not paid by the days since the signature, as ``(label, claims, rupiah)``."""
    found = [[label, 0, 0] for _most, label in AGES]
    for row in rows:
        if row.batch.signed_at is None:
            continue
        days = (on - localdate(row.batch.signed_at)).days
        place = next(n for n, (most, _label) in enumerate(AGES) if most is None or days <= most)
        for stage, one in row.sums.items():
            if stage in (CHECKED, ASKED, DISPUTED, APPROVED):
                found[place][1] += one.claims
                found[place][2] += one.amount
    return [tuple(line) for line in found]


def unclaimed(hospital, *, on):
    """Finished care nobody has claimed, by month of the end: dicts of month, cases, estimate, first, expires_on. One query."""
    months = clocks.parameters_on(on).claim_expiry_months
    rows = (
        Episode.objects.filter(hospital=hospital, discharged_at__isnull=False, sjp__state=SjpState.SERVICE_DONE)
        .filter(~Q(sjp__claims__state__in=("READY", "SUBMITTED")))
        .order_by()
        .values(month=TruncMonth("discharged_at"))
        .annotate(cases=Count("pk"), estimate=Sum("sjp__estimate"), first=Min("discharged_at"))
        .order_by("month")
    )
    return [{**row, "expires_on": _months_later(localdate(row["first"]), months)} for row in rows]


def _months_later(day, months):
    """The same day ``months`` later, or the last of that month."""
    first = day.replace(day=1)
    for _step in range(months):
        first = clocks.next_month(first)
    return min(first + datetime.timedelta(days=day.day - 1), clocks.next_month(first) - datetime.timedelta(days=1))
