"""From signed BAHVs to money in the hospital's account: proposal, SPP, SPM, SP2D, the bank. Each by another officer.

KSB keeps numbers and dates; the documents themselves are made in SIPD (Permendagri 77/2020).
"""

from collections import defaultdict

from django.db import transaction
from django.db.models import Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget import bahvs as minutes
from budget import clocks, ledger, recoveries
from budget.checks import breakdown, checks, contract_of
from budget.enums import UNDER_WAY, TaxDue
from budget.enums import PaymentState as S
from budget.models import Payment, PaymentPart
from budget.permissions import PROPOSERS
from budget.workflow import PAYMENT
from claims.enums import BatchState, ClaimState
from claims.models import ClaimBatch
from claims.workflow import BATCH, CLAIM
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.formats import rupiah
from ksb.core.integrity import refusing

OWED = (ClaimState.APPROVED, ClaimState.PARTLY_APPROVED)
APPROVED_IT = gettext_lazy("You approved a BAHV of this payment: another person issues the SPP.")
REFUSE = {S.PROPOSED: "refuse_proposal", S.SPP_ISSUED: "refuse_spp", S.SPM_ISSUED: "refuse_spm"}


def propose(
    *,
    bahvs,
    actor,
    at,
    receipt_number,
    receipt_date,
    request_number="",
    tax_due=TaxDue.NONE,
    tax_reference="",
    set_off=0,
):
    """Propose to pay what ``bahvs`` of one hospital and one service year approve, from the lines of the current year.

    What earlier years still owe is carried over first. ``set_off`` rupiah are kept back for what the hospital has to pay
    back. Returns the Payment. Raises Refused with the sentence of the check that does not hold, Overspent above a line.
    """
    check(actor, PROPOSERS)
    on = localdate(at)
    bahvs = sorted(bahvs, key=lambda bahv: bahv.pk)
    hospital, service_year = _one_file(bahvs)
    _check_papers(receipt_number, receipt_date, tax_due, tax_reference, on)
    with transaction.atomic():
        _claim_batches(bahvs, actor, at)
        for found in checks(hospital, bahvs, on=on):
            if not found.is_met:
                raise Refused(
                    _("Not in order: %(check)s It is mended by: %(desk)s.")
                    % {"check": found.message, "desk": found.mended_by},
                    code=found.code,
                )
        for bahv in bahvs:
            ledger.carry(minutes.claims_of(bahv), hospital=hospital, year=on.year, actor=actor, at=at)
        parts = {bahv: breakdown(bahv) for bahv in bahvs}
        amount = _fits(parts)
        recoveries.check_set_off(hospital, set_off, amount)
        contract = contract_of(hospital, on)
        payment = Payment.objects.create(
            hospital=hospital,
            service_year=service_year,
            amount=amount,
            set_off=set_off,
            receipt_number=receipt_number.strip(),
            receipt_date=receipt_date,
            request_number=request_number.strip(),
            tax_due=tax_due,
            tax_reference=tax_reference.strip(),
            contract_number=contract.number,
            **{name: getattr(contract, name) for name in ("bank_name", "bank_account", "bank_holder", "tax_number")},
            proposed_at=at,
            proposed_by=actor,
        )
        with refusing({"a_bahv_is_paid_once": _("This BAHV is already being paid.")}):
            PaymentPart.objects.bulk_create(
                PaymentPart(payment=payment, bahv=bahv, line_id=line, amount=rp)
                for bahv, own in parts.items()
                for line, rp in own.items()
            )
        numbers = [bahv.number for bahv in bahvs]
        journal.record("payment.propose", payment, actor=actor, amount=amount, bahvs=numbers, set_off=set_off)
    return payment


def _one_file(bahvs):
    if not bahvs:
        raise Refused(_("Choose at least one BAHV."))
    hospitals = {bahv.batch.hospital_id for bahv in bahvs}
    years = {bahv.batch.service_month.year for bahv in bahvs}
    if len(hospitals) > 1:
        raise Refused(_("One payment pays one hospital. Choose BAHVs of one hospital."))
    if len(years) > 1:
        raise Refused(_("One payment pays one service year: debts of earlier years are proposed by themselves."))
    if any(bahv.state != minutes.APPROVED for bahv in bahvs):
        raise Refused(_("A BAHV is paid when all three have signed it."))
    return bahvs[0].batch.hospital, years.pop()


def _check_papers(receipt_number, receipt_date, tax_due, tax_reference, on):
    if not receipt_number.strip():
        raise Refused(_("Write the number of the hospital's receipt. Without a receipt nothing is paid."))
    if receipt_date > on:
        raise Refused(_("The date of the receipt lies in the future."))
    if tax_due == TaxDue.PAID and not tax_reference.strip():
        raise Refused(_("Write the e-billing number: the tax is paid before the hospital is."))


def _claim_batches(bahvs, actor, at):
    """Hold the batches; those whose first BAHV this is move on. A supplementary BAHV finds its batch further already."""
    for batch in ClaimBatch.objects.filter(pk__in={bahv.batch_id for bahv in bahvs}).order_by("pk"):
        if batch.state not in (BatchState.PROPOSED, BatchState.PAID) or _is_taken(bahvs, batch):
            BATCH.apply(batch, "propose", actor=actor, at=at)


def _is_taken(bahvs, batch):
    own = [bahv.pk for bahv in bahvs if bahv.batch_id == batch.pk]
    return PaymentPart.objects.filter(bahv__in=own, live=True).exists()


def _fits(parts):
    """The sum of the parts, when each line can bear its part beside what is proposed already. Holds the lines."""
    sums = defaultdict(int)
    for own in parts.values():
        for line, amount in own.items():
            sums[line] += amount
    if not sums:
        raise Refused(_("Nothing was approved in this batch: there is nothing to pay."))
    lines = ledger.hold(sums)
    waiting = PaymentPart.objects.filter(line__in=lines, live=True, payment__state__in=UNDER_WAY)
    proposed = dict(waiting.order_by().values_list("line").annotate(Sum("amount")))
    for pk, line in lines.items():
        if sums[pk] > line.left - proposed.get(pk, 0):
            raise ledger.Overspent(
                _(
                    "This payment of %(amount)s is above what the budget line “%(line)s” has left: %(left)s, "
                    "of which %(waiting)s is already proposed. Raise the line first (APBD-P or shift)."
                )
                % {
                    "amount": rupiah(sums[pk]),
                    "line": line.name,
                    "left": rupiah(line.left),
                    "waiting": rupiah(proposed.get(pk, 0)),
                }
            )
    return sum(sums.values())


def issue_spp(*, payment, number, date, actor, at):
    """Record the SPP (payment request) of the expenditure treasurer."""
    return _record(payment, "issue_spp", "spp", number, date, actor, at, not_before=localdate(payment.proposed_at))


def issue_spm(*, payment, number, date, actor, at):
    """Record the SPM (payment order) of the budget user, whose appointment names the decree."""
    PAYMENT.check(payment, "issue_spm", actor=actor)
    decree = next((m.decree for m in actor.memberships_today if m.role in PAYMENT["issue_spm"].roles), "")
    if not decree:
        raise Refused(
            _("Your appointment as budget user names no decree. The administrator enters it in your membership.")
        )
    return _record(payment, "issue_spm", "spm", number, date, actor, at, not_before=payment.spp_date, spm_decree=decree)


def issue_sp2d(*, payment, number, date, actor, at):
    """Record the SP2D (disbursement): the lines are realised, batches and claims are paid. All or nothing."""
    with transaction.atomic():
        payment = _record(payment, "issue_sp2d", "sp2d", number, date, actor, at, not_before=payment.spm_date)
        ledger.realise(payment, actor=actor, at=at)
        recoveries.set_off(payment, actor=actor, at=at)
        for batch in _batches(payment).filter(state=BatchState.PROPOSED):
            BATCH.apply(batch, "pay", actor=actor, at=at)
        for part in (
            payment.parts.filter(live=True).distinct("bahv_id").order_by("bahv_id").select_related("bahv__batch")
        ):
            decided = minutes.claims_of(part.bahv).filter(state__in=OWED)
            CLAIM.apply_many(decided, "pay", actor=actor, at=at, data={"payment": payment.pk})
    return payment


def _batches(payment):
    """The batches of a payment that no other living payment waits for."""
    others = PaymentPart.objects.filter(live=True, payment__state__in=UNDER_WAY).exclude(payment=payment)
    own = ClaimBatch.objects.filter(pk__in=payment.parts.values("bahv__batch"))
    return own.exclude(pk__in=others.values("bahv__batch")).order_by("pk")


def _record(payment, move, document, number, date, actor, at, *, not_before, **update):
    if date > localdate(at):
        raise Refused(_("The date of the document lies in the future."))
    if not_before and date < not_before:
        raise Refused(_("The date of the document lies before the document it follows from."))
    three_people = _("SPP, SPM and SP2D must be recorded by three different people.")
    sentences = {
        "payment_spp_by_is_not_spm_by": three_people,
        "payment_spm_by_is_not_sp2d_by": three_people,
        "payment_spp_by_is_not_sp2d_by": three_people,
        "bahv_approved_by_is_not_spp_by": APPROVED_IT,
        "an_sp2d_number_is_used_once": _("This SP2D number was already used for another payment."),
    }
    with transaction.atomic(), refusing(sentences):
        return PAYMENT.apply(
            payment,
            move,
            actor=actor,
            at=at,
            data={"number": number},
            update={
                f"{document}_number": number,
                f"{document}_date": date,
                "due_on": clocks.due(PAYMENT[move].target, localdate(at)),
                **update,
            },
        )


def confirm_bank(*, payment, date, amount, reference, actor, at):
    """Record what the bank transferred, from its statement. An amount other than ours is refused: it is cleared first."""
    if date > localdate(at):
        raise Refused(_("The date of the transfer lies in the future."))
    if date < payment.sp2d_date:
        raise Refused(_("The bank cannot have transferred before the SP2D."))
    if amount != payment.transfer:
        raise Refused(
            _("The SP2D orders %(ours)s, the bank confirms %(bank)s. Clear the difference with the bank first.")
            % {"ours": rupiah(payment.transfer), "bank": rupiah(amount)}
        )
    return PAYMENT.apply(
        payment,
        "confirm_bank",
        actor=actor,
        at=at,
        data={"reference": reference},
        update={"bank_date": date, "bank_reference": reference.strip()},
    )


def refuse(*, payment, reason, actor, at):
    """Send the payment back with a reason: its BAHVs may be proposed anew."""
    if not reason.strip():
        raise Refused(_("Say why the payment is refused."))
    with transaction.atomic():
        move = REFUSE.get(payment.state, "refuse_proposal")
        update = {"refusal": reason.strip(), "due_on": None}
        payment = PAYMENT.apply(payment, move, actor=actor, at=at, update=update)
        batches = list(_batches(payment).filter(state=BatchState.PROPOSED))
        payment.parts.update(live=False)
        for batch in batches:
            BATCH.apply(batch, "unpropose", actor=actor, at=at)
    return payment
