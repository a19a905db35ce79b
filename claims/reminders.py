"""Reminders of the clocks of claims, three days before each, told once. For the night."""

import datetime

from django.db.models import Count
from django.utils.timezone import localdate

from claims import clocks
from claims.enums import BatchState
from claims.models import ClaimBatch
from claims.notices import DUE, MEND, SILENT_SOON, billing_of
from claims.permissions import CHECKERS
from facilities.enums import Role
from ksb.core.notices.telling import To, tell
from referrals.enums import SjpState
from referrals.models import Sjp

AHEAD = datetime.timedelta(days=3)


def remind(*, at):
    """Tell billing desks and those who check completeness what ends within three days. Returns the notices written."""
    day = localdate(at)
    told = [*_due(day, at), *_returned(day, at), *_silent(day, at)]
    return sum(notice is not None for notice in told)


def _due(day, at):
    """Hospitals with letters of past months that are finished and not claimed. One query."""
    month = (day.replace(day=1) - datetime.timedelta(days=1)).replace(day=1)
    due = clocks.due_on(month)
    if not due - AHEAD <= day <= due:
        return
    finished = Sjp.objects.filter(
        state=SjpState.SERVICE_DONE, valid_from__lt=day.replace(day=1), hospital__isnull=False
    )
    for row in finished.order_by().values("hospital").annotate(count=Count("pk")):
        yield tell(
            DUE,
            to=To(role=Role.HOSPITAL_BILLER, facility_id=row["hospital"]),
            params={"count": row["count"], "month": f"{month:%m/%Y}", "due_on": due},
            once=month.isoformat(),
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
