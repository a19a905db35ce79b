"""The night's share: unused letters whose time is over, and answers nobody came back to."""

from datetime import timedelta

from django.db import transaction

from ksb.core import outbox
from referrals.enums import ReferralState
from referrals.models import Draft, Referral, Sjp
from referrals.workflow import REFERRAL, SJP

CHUNK = 2000
DRAFT_DAYS = 30


def expire(*, on, at):
    """Expire what lies before ``on``, in chunks so that no desk waits. Returns ``{"sjp": n, "referrals": n}``.

    A letter a hospital is registering at this very moment is skipped and looked at again the next night.
    """
    return {"sjp": _expire_letters(on, at), "referrals": _expire_referrals(on, at)}


def _expire_letters(on, at):
    total = 0
    while True:
        with transaction.atomic():
            overdue = Sjp.objects.overdue(on).order_by("pk").select_for_update(no_key=True, skip_locked=True)
            ids = list(overdue.values_list("pk", flat=True)[:CHUNK])
            if not ids:
                return total
            total += SJP.apply_many(Sjp.objects.filter(pk__in=ids), "expire", actor=None, at=at)
            outbox.emit_many("sjp.released", ids, why="expire")


def _expire_referrals(on, at):
    total = 0
    open_states = (ReferralState.ISSUED, ReferralState.ACCEPTED)
    while True:
        overdue = Referral.objects.filter(state__in=open_states, valid_until__lt=on).order_by("pk")
        ids = list(overdue.values_list("pk", flat=True)[:CHUNK])
        if not ids:
            return total
        done = REFERRAL.apply_many(Referral.objects.filter(pk__in=ids), "expire", actor=None, at=at)
        if not done:
            return total
        total += done


def forget_drafts(*, on):
    """Delete answers of letters never issued after 30 days (domain.md G4). Returns how many."""
    old = Draft.objects.filter(sjp__isnull=True, created_at__date__lt=on - timedelta(days=DRAFT_DAYS))
    return old.delete()[0]
