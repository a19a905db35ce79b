"""Dinkes decides on letters beyond the limits of the scheme before they are issued. Domain.md SM5, G2 (R12 A), G3.1.

A request reserves nothing and cannot be used. Approved, it becomes a letter of that day: coverage and contract are looked up
anew, the number is given, the decision frozen. Declined or not answered in time it ends, and the desk that asked is told.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import outbox
from ksb.core.errors import Refused
from ksb.core.scheme import scheme_on
from participants import newborns
from participants.eligibility import Effect, evaluate
from referrals import cases, guarantee, issuing
from referrals.coverage import NotCovered
from referrals.enums import ReferralState
from referrals.guarantee import Grounds
from referrals.models import Sjp
from referrals.workflow import REFERRAL, SJP

OPEN_REFERRAL = (ReferralState.ISSUED, ReferralState.ACCEPTED)


def coverage_now(sjp, *, at):
    """The evaluation an approval at ``at`` would rest on. Of a child without NIK what its parents were at its birth."""
    if sjp.child:
        return newborns.decide(sjp.child, at=at, facility=sjp.hospital)
    return evaluate(
        sjp.person,
        on=timezone.localdate(at),
        service=sjp.service,
        facility=sjp.hospital,
        at=at,
        complement=sjp.complement,
        bridged=issuing.bridged(sjp.person),
    )


def approve(*, sjp, actor, at):
    """The request becomes a letter that begins today; returns it. Raises NotCovered or Refused when nothing supports it now."""
    on = timezone.localdate(at)
    with transaction.atomic():
        sjp = _locked(sjp, "approve", actor)
        evaluation = coverage_now(sjp, at=at)
        if not evaluation.covered:
            raise NotCovered(evaluation)
        if not evaluation.guaranteed:
            raise Refused(next(r.message for r in evaluation.applying if r.effect == Effect.WITHHOLDS))
        scheme = scheme_on(on)
        grounds = Grounds(parameters=scheme.parameters, decision=evaluation.as_json(), scheme_id=evaluation.scheme_id)
        update = {"issued_at": at, **guarantee.grant(sjp, grounds, on=on)}
        sjp = SJP.apply(sjp, "approve", actor=actor, at=at, update=update)
        cases.start_clock(sjp.referral, at=at, parameters=scheme.parameters)
        outbox.emit("sjp.issued", sjp, estimate=sjp.estimate)
    return sjp


def decline(*, sjp, actor, at, reason):
    """Dinkes does not guarantee this, and says why; the referral behind it ends."""
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    with transaction.atomic():
        sjp = _locked(sjp, "decline", actor)
        sjp = SJP.apply(sjp, "decline", actor=actor, at=at, update={"reason": reason.strip()})
        if sjp.referral_id and sjp.referral.state in OPEN_REFERRAL:
            REFERRAL.apply(sjp.referral, "revoke", actor=actor, at=at)
    return sjp


def _locked(sjp, name, actor):
    """The request as it is now, locked: of two officers the second reads that it is answered."""
    rows = Sjp.objects.select_for_update(no_key=True, of=("self",)).with_names().select_related("issuing_hospital")
    fresh = rows.get(pk=sjp.pk)
    SJP.check(fresh, name, actor=actor)
    return fresh
