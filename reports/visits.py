"""Visits of a Puskesmas by month, entered by its head: the denominator of the referral ratio."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import Role
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from reports.models import PuskesmasVisits

WRITERS = (Role.PUSKESMAS_DOCTOR,)
MONTHS_BACK = 12


def enter(*, puskesmas, month, visits, actor, at):
    """Write down, or correct, how many visits ``puskesmas`` had in the ``month`` that begins on that day."""
    if puskesmas.pk not in actor.facility_ids(*WRITERS):
        raise NotAllowed(_("Only the head or a doctor of this Puskesmas enters its visits."))
    if month > timezone.localdate(at):
        raise Refused(_("This month lies in the future."))
    with transaction.atomic():
        entered, _created = PuskesmasVisits.objects.update_or_create(
            puskesmas=puskesmas, month=month, defaults={"visits": visits, "entered_at": at, "entered_by": actor}
        )
        journal.record("visits.enter", entered, actor=actor, month=f"{month:%Y-%m}", visits=visits)
    return entered


def months_to_enter(on):
    """First days of the months that may still be entered or corrected, the newest first."""
    number = on.year * 12 + on.month - 1
    return [on.replace(year=n // 12, month=n % 12 + 1, day=1) for n in range(number, number - MONTHS_BACK, -1)]
