"""The night tells hospitals of questions whose last day is near, once each."""

import datetime

from django.utils.timezone import localdate

from ksb.core.scheme import Parameters, scheme_on
from verification.models import Question
from verification.notices import DUE, tell_biller


def remind(*, at):
    """Returns how many open questions end within ``pend_reminder_days``; a notice is given once for each."""
    scheme = scheme_on(localdate(at))
    days = (scheme.parameters if scheme else Parameters()).pend_reminder_days
    until = localdate(at) + datetime.timedelta(days=days)
    soon = Question.objects.filter(answered_at__isnull=True, ended_at__isnull=True, due_on__lte=until)
    found = list(soon.select_related("claim__batch").order_by("due_on", "pk"))
    for question in found:
        tell_biller(DUE, question, at=at)
    return len(found)
