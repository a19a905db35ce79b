"""Dispensations of expired claims: proposed by one officer of Dinkes, decided by another (domain.md B16)."""

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from claims.models import Dispensation
from claims.permissions import DISPENSERS
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState


def propose(*, hospital, first, last, until, reason, actor, at):
    """Propose that care of ``hospital`` that ended from ``first`` to ``last`` may be claimed until ``until``."""
    check(actor, DISPENSERS)
    if not first <= last < until:
        raise Refused(_("The first day comes before the last, and the last before the day until which may be claimed."))
    if until < localdate(at):
        raise Refused(_("The day until which may be claimed is over."))
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    with transaction.atomic():
        found = Dispensation.objects.create(
            hospital=hospital,
            days=DateRange(first, last, "[]"),
            until=until,
            reason=reason.strip(),
            proposed_at=at,
            proposed_by=actor,
        )
        found.refresh_from_db()
        journal.record("dispensation.propose", found, actor=actor, hospital=hospital.code)
    return found


def approve(*, dispensation, actor, at):
    """Grant it: its claims are refused no more as expired when their batch is checked again. Not by whoever proposed it."""
    return _decide(dispensation, "approved", actor, at)


def refuse(*, dispensation, actor, at):
    return _decide(dispensation, "refused", actor, at)


def decides(actor, dispensation):
    """Whether ``actor`` may grant or refuse it now."""
    return dispensation.waits and actor.has_role(*DISPENSERS) and dispensation.proposed_by_id != actor.pk


def _decide(dispensation, act, actor, at):
    check(actor, DISPENSERS)
    with transaction.atomic():
        found = Dispensation.objects.select_for_update(no_key=True, of=("self",)).get(pk=dispensation.pk)
        if not found.waits:
            raise WrongState(_("This dispensation was decided about already."))
        if found.proposed_by_id == actor.pk:
            raise NotAllowed(_("You proposed this dispensation yourself. Another officer decides."))
        setattr(found, f"{act}_at", at)
        setattr(found, f"{act}_by", actor)
        found.save(update_fields=[f"{act}_at", f"{act}_by"])
        journal.record(f"dispensation.{act}", found, actor=actor)
    return found
