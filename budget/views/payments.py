"""Payments, from the proposal to the bank's confirmation."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from budget import bahvs, clocks, letters, payments, recoveries, sources
from budget.checks import checks
from budget.enums import PaymentState
from budget.forms import BankForm, DocumentForm, ProposalForm, RefusalForm
from budget.models import Payment
from budget.permissions import PAYMENT_OFFICES, PAYMENT_READERS, PROPOSERS
from budget.workflow import PAYMENT
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page

DOCUMENTS = {
    "issue_spp": ("SPP", payments.issue_spp),
    "issue_spm": ("SPM", payments.issue_spm),
    "issue_sp2d": ("SP2D", payments.issue_sp2d),
}


@requires(*PAYMENT_READERS)
@require_safe
def payment_list(request):
    """Payments, newest first; for the claims officer also the hospitals whose BAHVs wait for a proposal."""
    rows = Payment.objects.visible_to(request.user).select_related("hospital")
    state = request.GET.get("state", "")
    if state in PaymentState.values:
        rows = rows.filter(state=state)
    context = {
        "page": keyset_page(rows, request.GET, keys=("-pk",)),
        "waiting": _waiting() if request.user.has_role(*PROPOSERS) else [],
        "states": PaymentState.choices,
        "state": state,
        "today": timezone.localdate(),
    }
    return render(request, "budget/payment_list.html", context)


def _waiting():
    """Hospitals with BAHVs to propose: ``(hospital, how many, rupiah)``; of the oldest 500."""
    found = {}
    for bahv in bahvs.payable()[:500]:
        count, amount = found.get(bahv.batch.hospital, (0, 0))
        found[bahv.batch.hospital] = (count + 1, amount + bahvs.amount_of(bahv))
    return [(hospital, count, amount) for hospital, (count, amount) in found.items()]


@requires(*PROPOSERS)
def propose(request, facility_code):
    """Propose a payment of one hospital: its approved BAHVs, the checks, the receipt."""
    now = timezone.now()
    hospital = get_object_or_404(Facility.objects.visible_to(request.user), code=facility_code)
    found = bahvs.payable(hospital)
    owed = recoveries.owed_by(hospital)
    # One BAHV is the rule: it is ticked already.
    ticked = {"bahvs": [bahv.public_id for bahv in found[:2]]} if len(found[:2]) == 1 else {}
    form = ProposalForm(request.POST or None, bahvs=found, owed=owed, initial=ticked)
    if request.method == "POST" and form.is_valid():
        try:
            payment = payments.propose(actor=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The payment was proposed."))
            return redirect("budget:payment", payment.public_id)
    context = {
        "hospital": hospital,
        "form": form,
        "waits": bool(found[:1]),
        "owed": owed,
        "checks": checks(hospital, list(found[:50]), on=timezone.localdate(now)),
    }
    return render(request, "budget/propose.html", context)


@requires(*PAYMENT_READERS)
def payment_detail(request, payment_id):
    """One payment: its documents, and the one form the actor's role and the payment's state allow."""
    payment = _payment(request, payment_id)
    moves = PAYMENT.allowed(payment, request.user)
    move = next((m for m in moves if m.name in DOCUMENTS), None)
    bank = any(m.name == "confirm_bank" for m in moves)
    form = _form(request, payment, move, bank)
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            _act(payment, move, request.user, form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(document)s recorded.") % {"document": _name(move)})
            return redirect("budget:payment", payment.public_id)
    context = {
        "payment": payment,
        "form": form,
        "document": _name(move) if form is not None else "",
        "may_refuse": any(m.name in payments.REFUSE.values() for m in moves),
        "refusal_due": clocks.refusal_due(payment),
        "today": timezone.localdate(),
        "parts": payment.parts.select_related("bahv__batch", "line"),
        "sources": sources.of_payment(payment),
        "may_read_papers": request.user.has_role(*PAYMENT_OFFICES),
        "documents": [
            ("SPP", payment.spp_number, payment.spp_date, payment.spp_by),
            ("SPM", payment.spm_number, payment.spm_date, payment.spm_by),
            ("SP2D", payment.sp2d_number, payment.sp2d_date, payment.sp2d_by),
            (_("Bank"), payment.bank_reference, payment.bank_date, payment.disbursed_by),
        ],
    }
    return render(request, "budget/payment_detail.html", context)


def _form(request, payment, move, bank):
    today = timezone.localdate()
    if move:
        return DocumentForm(request.POST or None, initial={"date": today})
    if bank:
        return BankForm(request.POST or None, initial={"date": today, "amount": payment.transfer})
    return None


def _name(move):
    return DOCUMENTS[move.name][0] if move else _("Bank confirmation")


def _act(payment, move, actor, data):
    act = DOCUMENTS[move.name][1] if move else payments.confirm_bank
    act(payment=payment, actor=actor, at=timezone.now(), **data)


@requires(*PAYMENT_READERS)
def refuse(request, payment_id):
    payment = _payment(request, payment_id)
    form = RefusalForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            payments.refuse(payment=payment, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The payment was refused and sent back."))
            return redirect("budget:payment", payment.public_id)
    return render(request, "budget/payment_refuse.html", {"payment": payment, "form": form})


@requires(*PAYMENT_READERS)
@require_safe
def receipt(request, payment_id):
    """The hospital's receipt (L17), ready to be signed."""
    payment = _payment(request, payment_id)
    return pdf_response(letter_pdf(letters.receipt(payment)), f"kuitansi {payment.pk}")


@requires(*PAYMENT_OFFICES)
@require_safe
def resume(request, payment_id):
    """The attachment of the SPP (L18)."""
    payment = _payment(request, payment_id)
    return pdf_response(letter_pdf(letters.bill_resume(payment)), f"resume tagihan {payment.pk}")


def _payment(request, payment_id):
    rows = Payment.objects.visible_to(request.user).select_related(
        "hospital", "proposed_by", "spp_by", "spm_by", "sp2d_by", "disbursed_by"
    )
    return get_object_or_404(rows, public_id=payment_id)
