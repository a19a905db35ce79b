"""What the desks find in the morning: the past is read, the last days are new; figures of referrals through the months."""

from django.db.models import F, Window
from django.db.models.functions import RowNumber

from ksb.core.models import Notice
from ksb.core.workflow import system_user
from reports import referral_rollup, visits

NEW_AT_EACH_DESK = 5
MONTHS = 12
VISITS = 2_400  # a month of a Puskesmas of middle size


def clear_the_past(*, at):
    """Mark as read what the past has told, but for the newest notices of each desk. Returns how many."""
    newest = Window(RowNumber(), partition_by=[F("role"), F("facility"), F("user")], order_by=F("id").desc())
    ranked = Notice.objects.unread().filter(party_id__isnull=True).annotate(place=newest)
    past = list(ranked.filter(place__gt=NEW_AT_EACH_DESK).values_list("pk", flat=True))
    return Notice.objects.filter(pk__in=past).update(read_at=at, read_by=system_user())


def count_referrals(*, doctor, on, at):
    """The doctor has entered the visits of the months; the figures follow."""
    for number, month in enumerate(visits.months_to_enter(on)):
        visits.enter(puskesmas=doctor.facility, month=month, visits=VISITS + 37 * number, actor=doctor, at=at)
    return referral_rollup.roll_up(day=on, months=MONTHS)
