"""Reminders of the clocks of claims, three days before each and a month before claims expire, told once. For the night."""

import datetime

from django.db.models import Count
from django.utils.timezone import localdate

from claims import clocks
from claims.enums import BatchState
from claims.models import ClaimBatch
from claims.notices import DUE, EXPIRING, MEND, SILENT_SOON, YEAR_END, billing_of
from claims.permissions import CHECKERS
from facilities.enums import Role
from ksb.core.notices.telling import To, tell
from referrals.enums import SjpState
from referrals.models import Episode, Sjp

AHEAD = datetime.timedelta(days=3)
FORTNIGHT = datetime.timedelta(days=14)


def remind(*, at):
    """Tell billing desks and those who check completeness what ends within three days. Returns the notices written."""
    day = localdate(at)
    told = [*_due(day, at), *_year_end(day, at), *_expiring(day, at), *_returned(day, at), *_silent(day, at)]
    return sum(notice is not None for notice in told)


def _due(day, at):
    """Hospitals with letters of past months that are finished and not claimed. One query."""
    month = (day.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    due = clocks.due_on(month)
    if not due - AHEAD <= day <= due:
        return
    for row in _finished(before=day.replace(day=1)):
        yield tell(
            DUE,
            to=To(role=Role.HOSPITAL_BILLER, facility_id=row["hospital"]),
            params={"count": row["count"], "month": f"{month:%m/%Y}", "due_on": due},
            once=month.isoformat(),
            at=at,
        )


def _finished(*, before):
    """Finished and unclaimed letters of services that began before a day, counted by hospital."""
    letters = Sjp.objects.filter(state=SjpState.SERVICE_DONE, valid_from__lt=before, hospital__isnull=False)
    return letters.order_by().values("hospital").annotate(count=Count("pk"))


def _year_end(day, at):
    """A fortnight before the year's cut-off and again three days before it: what is not claimed yet. One query."""
    last = clocks.year_end(day.year)
    if not last - FORTNIGHT <= day <= last:
        return
    again = day >= last - AHEAD
    for row in _finished(before=day):
        yield tell(
            YEAR_END,
            to=To(role=Role.HOSPITAL_BILLER, facility_id=row["hospital"]),
            params={"count": row["count"], "due_on": last},
            once=f"{day.year}/{'again' if again else 'first'}",
            at=at,
        )


def _expiring(day, at):
    """Hospitals with finished care that expires within a month and is not claimed, once a month. One query."""
    oldest = clocks.shifted(day, -clocks.parameters_on(day).claim_expiry_months)
    care = Episode.objects.filter(sjp__state=SjpState.SERVICE_DONE, discharged_at__date__gte=oldest)
    care = care.filter(discharged_at__date__lt=clocks.shifted(oldest, 1))
    for row in care.order_by().values("hospital").annotate(count=Count("pk")):
        yield tell(
            EXPIRING,
            to=To(role=Role.HOSPITAL_BILLER, facility_id=row["hospital"]),
            params={"count": row["count"]},
            once=f"{day:%Y-%m}",
            at=at,
        )


def _returned(day, at):
    for batch in ClaimBatch.objects.returned().prefetch_related("completeness_checks"):
        due = batch.completeness_checks.all()[0].due_on
        if day <= due <= day + AHEAD:
            params = {"number": batch.number, "due_on": due}
            yield tell(MEND, to=billing_of(batch), about=batch, params=params, once=due.isoformat(), at=at)


def _silent(day, at):
    for batch in ClaimBatch.objects.filter(state=BatchState.SUBMITTED):
        if day < batch.silent_on <= day + AHEAD:
            params = {"number": batch.number, "silent_on": batch.silent_on}
            for role in CHECKERS:
                yield tell(SILENT_SOON, to=To(role=role), about=batch, params=params, once=batch.silent_on, at=at)
