"""Money to be paid back: leakage, proven fraud, findings of an audit (domain.md SM14, B24).

What is owed stands in the ledger beside the line it was paid from. It is paid into the city's account, or set off against
the hospital's next payment. The realised total stays: what was spent was spent; what comes back is booked by SIPD.
"""

from django.db import transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from budget import ledger
from budget.enums import UNDER_WAY, RecoveryState
from budget.enums import LedgerKind as K
from budget.models import LedgerEntry, Payment, Recovery
from budget.permissions import PROPOSERS
from budget.workflow import RECOVERY
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.formats import rupiah
from ksb.core.integrity import refusing

RECEIVERS = RECOVERY["settle"].roles


def propose(*, claim, origin, amount, reason, evidence, actor, at, from_resident=False):
    """Ask that ``amount`` of a paid claim be paid back, by its hospital or by the patient. Returns the Recovery.

    Raises Refused for a claim that was not paid, or more than it was paid with.
    """
    check(actor, PROPOSERS)
    if claim.state != "PAID":
        raise Refused(_("This claim was not paid: there is nothing to pay back."))
    line = LedgerEntry.objects.filter(claim=claim, kind__in=[K.COMMIT, K.DEBT]).order_by("-pk").first().line
    with transaction.atomic():
        claim = type(claim).objects.select_for_update(no_key=True).get(pk=claim.pk)
        earlier = claim.recoveries.exclude(state=RecoveryState.CANCELLED).aggregate(sum=Sum("amount"))["sum"] or 0
        if amount + earlier > claim.approved:
            raise Refused(
                _("At most %(most)s of this claim can be asked back: it was paid with %(paid)s.")
                % {"most": rupiah(claim.approved - earlier), "paid": rupiah(claim.approved)}
            )
        recovery = Recovery.objects.create(
            line=line,
            hospital=None if from_resident else claim.hospital,
            resident=claim.resident if from_resident else None,
            claim=claim,
            origin=origin,
            amount=amount,
            reason=reason.strip(),
            evidence=evidence.strip(),
            proposed_at=at,
            proposed_by=actor,
        )
        journal.record("recovery.propose", recovery, actor=actor, amount=amount, claim=claim.pk, origin=origin)
    return recovery


def approve(*, recovery, actor, at):
    """Put the recovery in force, by another person than who entered it: the line has it to its credit."""
    two = _("You entered this recovery: another person puts it in force.")
    with transaction.atomic(), refusing({"recovery_proposed_by_is_not_approved_by": two}):
        recovery = RECOVERY.apply(recovery, "approve", actor=actor, at=at)
        key = f"owe:recovery:{recovery.pk}"
        ledger.post(K.OWE, recovery.line, recovery.amount, key=key, actor=actor, at=at, recovery=recovery)
    return recovery


def cancel(*, recovery, actor, at):
    """Nothing is asked back after all; only before it is in force."""
    return RECOVERY.apply(recovery, "cancel", actor=actor, at=at)


def receive(*, recovery, amount, reference, actor, at):
    """Record a payment into the city's account (STS number as ``reference``); a repeat of the same one changes nothing.

    Raises Refused for more than is left, or than the hospital owes beside what payments under way keep back.
    """
    check(actor, RECEIVERS)
    key = f"repay:recovery:{recovery.pk}:{reference.strip()}"[:80]
    with transaction.atomic():
        ledger.hold([recovery.line_id])  # the SP2D holds its lines before the recoveries, too
        _hold(recovery.hospital)
        if recovery.hospital and not LedgerEntry.objects.filter(key=key).exists():
            most = owed_by(recovery.hospital)
            if amount > most:
                raise Refused(
                    _(
                        "At most %(most)s is still to be paid in: the rest is kept back by payments under way. "
                        "Refuse those first."
                    )
                    % {"most": rupiah(most)}
                )
        return _repay(recovery, amount, key, actor, at, note=reference)


def _hold(hospital):
    """Lock what ``hospital`` (None: a resident) has still to pay back, oldest first. Returns the recoveries."""
    rows = Recovery.objects.select_for_update(no_key=True).filter(hospital=hospital, state=RecoveryState.OPEN)
    return list(rows.order_by("pk")) if hospital else []


def owed_by(hospital):
    """What a hospital has to pay back and no payment under way keeps back already, in rupiah."""
    open_ones = Recovery.objects.filter(hospital=hospital, state=RecoveryState.OPEN)
    owed = open_ones.aggregate(sum=Sum(F("amount") - F("repaid")))["sum"] or 0
    kept = Payment.objects.filter(hospital=hospital, state__in=UNDER_WAY).aggregate(sum=Sum("set_off"))["sum"] or 0
    return owed - kept


def check_set_off(hospital, amount, of_payment):
    """Raise Refused when ``amount`` is more than the hospital owes, or than the payment. Holds what is owed."""
    if not amount:
        return
    _hold(hospital)
    most = min(owed_by(hospital), of_payment)
    if amount > most:
        raise Refused(_("At most %(most)s can be set off against this payment.") % {"most": rupiah(most)})


def set_off(payment, *, actor, at):
    """What the payment kept back pays the hospital's oldest recoveries. Raises Refused where they are less than it kept."""
    left = payment.set_off
    for recovery in _hold(payment.hospital) if left else ():
        amount = min(left, recovery.left)
        key = f"repay:recovery:{recovery.pk}:payment:{payment.pk}"
        _repay(recovery, amount, key, actor, at, payment=payment)
        left -= amount
        if not left:
            return
    if left:
        raise Refused(_("The hospital has paid back meanwhile: refuse this payment and propose it anew."))


def _repay(recovery, amount, key, actor, at, **about):
    with transaction.atomic():
        recovery = Recovery.objects.select_for_update(no_key=True).get(pk=recovery.pk)
        if LedgerEntry.objects.filter(key=key).exists():
            return recovery
        if recovery.state != RecoveryState.OPEN or amount > recovery.left:
            raise Refused(_("At most %(most)s is still to be paid back.") % {"most": rupiah(recovery.left)})
        ledger.post(K.REPAY, recovery.line, amount, key=key, actor=actor, at=at, recovery=recovery, **about)
        recovery.repaid += amount
        recovery.save(update_fields=["repaid"])
        journal.record("recovery.repay", recovery, actor=actor, amount=amount)
        return RECOVERY.apply(recovery, "settle", actor=actor, at=at) if not recovery.left else recovery
