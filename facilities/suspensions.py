"""A hospital gets no new patients for a while (sanction), by a letter of Dinkes; who is inside and letters given out stay."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility, Suspension
from facilities.network import plain
from facilities.permissions import KEEPERS, check
from ksb.core import journal
from ksb.core.errors import Refused, WrongState
from ksb.core.integrity import refusing


def suspend(*, facility, starts, ends, letter, reason, actor, at):
    """No new referral or letter from the day ``starts``; ``ends``, if known, is the first free day again.

    Raises Refused for a day that is over, since letters of that day are out, and where the days meet another suspension.
    """
    check(actor, KEEPERS)
    if starts < timezone.localdate(at):
        raise Refused(_("Letters of days that are over stay valid. A suspension begins today at the earliest."))
    met = {"one_suspension_at_a_time": _("This hospital is suspended in this period already.")}
    with transaction.atomic(), refusing(met):
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        suspension = Suspension.objects.create(
            facility=facility,
            starts=starts,
            ends=ends,
            letter=letter,
            reason=reason.strip(),
            suspended_at=at,
            suspended_by=actor,
        )
        journal.record(
            "facility.suspend",
            facility,
            actor=actor,
            **{"starts": plain(starts), "ends": plain(ends), "letter": letter, "reason": suspension.reason},
        )
    return suspension


def lift(*, suspension, reason, actor, at):
    """New letters from today on; a suspension that has not begun never begins. Raises WrongState when it is over."""
    check(actor, KEEPERS)
    today = timezone.localdate(at)
    with transaction.atomic():
        suspension = Suspension.objects.select_for_update().select_related("facility").get(pk=suspension.pk)
        if suspension.lifted_at or (suspension.ends and suspension.ends <= today):
            raise WrongState(_("This suspension is over already."))
        suspension.ends = max(suspension.starts, today)
        suspension.lift_reason, suspension.lifted_at, suspension.lifted_by = reason.strip(), at, actor
        suspension.save(update_fields=["ends", "lift_reason", "lifted_at", "lifted_by"])
        journal.record(
            "facility.lift", suspension.facility, actor=actor, letter=suspension.letter, reason=reason.strip()
        )
    return suspension
