"""From a signed BAHV to money in the hospital's account: proposal, SPP, SPM, SP2D, each by another officer.

KSB keeps numbers and dates; the documents themselves are made in SIPD (Permendagri 77/2020).
"""

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from budget import ledger
from budget.enums import PaymentState as S
from budget.models import BudgetLine, Payment
from budget.workflow import PAYMENT
from claims.enums import ClaimState
from claims.workflow import BATCH, CLAIM
from facilities.enums import Role
from facilities.models import Contract
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import rupiah
from ksb.core.integrity import refusing

UNDER_WAY = (S.PROPOSED, S.SPP_ISSUED, S.SPM_ISSUED)


def propose(*, batch, actor, at):
    """Propose to pay what the BAHV of ``batch`` approved, from the line of the current year. Returns the Payment."""
    if not actor.has_role(Role.DINKES_CLAIMS):
        raise NotAllowed(_("Only the Dinkes claims officer proposes payments."))
    with transaction.atomic():
        batch = BATCH.apply(batch, "propose", actor=actor, at=at)
        if not batch.approved:
            raise Refused(_("Nothing was approved in this batch: there is nothing to pay."))
        _check_bank_account(batch, on=localdate(at))
        line = ledger.line_for(hospital=batch.hospital, year=localdate(at).year)
        if line is None:
            raise Refused(_("The budget of %(year)d has no line for this hospital.") % {"year": localdate(at).year})
        line = BudgetLine.objects.select_for_update(no_key=True).get(pk=line.pk)
        waiting = line.payments.filter(state__in=UNDER_WAY).aggregate(sum=Sum("amount"))["sum"] or 0
        if batch.approved > line.left - waiting:
            raise ledger.Overspent(
                _(
                    "This payment of %(amount)s is above what the budget line “%(line)s” has left: %(left)s, "
                    "of which %(waiting)s is already proposed. Raise the line first (APBD-P or shift)."
                )
                % {
                    "amount": rupiah(batch.approved),
                    "line": line.name,
                    "left": rupiah(line.left),
                    "waiting": rupiah(waiting),
                }
            )
        payment = Payment.objects.create(
            batch=batch, line=line, amount=batch.approved, proposed_at=at, proposed_by=actor
        )
        journal.record("payment.propose", payment, actor=actor, amount=payment.amount, batch=batch.number)
    return payment


def _check_bank_account(batch, *, on):
    known = Contract.objects.filter(facility=batch.hospital).exclude(bank_account="")
    if not known.exists():
        raise Refused(
            _("No bank account of %(hospital)s is known. Complete its contract first.") % {"hospital": batch.hospital}
        )


def issue_spp(*, payment, number, date, actor, at):
    """Record the SPP (payment request) of the expenditure treasurer."""
    return _record(payment, "issue_spp", "spp", number, date, actor, at, not_before=localdate(payment.proposed_at))


def issue_spm(*, payment, number, date, actor, at):
    """Record the SPM (payment order) of the budget user."""
    return _record(payment, "issue_spm", "spm", number, date, actor, at, not_before=payment.spp_date)


def issue_sp2d(*, payment, number, date, actor, at):
    """Record the SP2D (disbursement): the line is realised, the batch and its claims are paid. All or nothing."""
    with transaction.atomic():
        payment = _record(payment, "issue_sp2d", "sp2d", number, date, actor, at, not_before=payment.spm_date)
        ledger.realise(payment, actor=actor, at=at)
        BATCH.apply(payment.batch, "pay", actor=actor, at=at)
        decided = payment.batch.claims.filter(state__in=[ClaimState.APPROVED, ClaimState.PARTLY_APPROVED])
        CLAIM.apply_many(decided, "pay", actor=actor, at=at, data={"payment": payment.pk})
    return payment


def _record(payment, move, document, number, date, actor, at, *, not_before):
    if date > localdate(at):
        raise Refused(_("The date of the document lies in the future."))
    if not_before and date < not_before:
        raise Refused(_("The date of the document lies before the document it follows from."))
    three_people = _("SPP, SPM and SP2D must be recorded by three different people.")
    sentences = {
        "payment_spp_by_is_not_spm_by": three_people,
        "payment_spm_by_is_not_sp2d_by": three_people,
        "payment_spp_by_is_not_sp2d_by": three_people,
        "an_sp2d_number_is_used_once": _("This SP2D number was already used for another payment."),
    }
    with refusing(sentences):
        return PAYMENT.apply(
            payment,
            move,
            actor=actor,
            at=at,
            data={"number": number},
            update={f"{document}_number": number, f"{document}_date": date},
        )


def refuse(*, payment, reason, actor, at):
    """Send the payment back with a reason: the batch may be proposed anew."""
    if not reason.strip():
        raise Refused(_("Say why the payment is refused."))
    with transaction.atomic():
        payment = PAYMENT.apply(payment, "refuse", actor=actor, at=at, update={"refusal": reason.strip()})
        BATCH.apply(payment.batch, "unpropose", actor=actor, at=at)
    return payment
