"""Payments, from the proposal to the SP2D."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from budget import payments
from budget.forms import DocumentForm, RefusalForm
from budget.models import Payment
from budget.permissions import PAYMENT_READERS, PROPOSERS
from budget.workflow import PAYMENT
from claims.enums import BatchState
from claims.models import ClaimBatch
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page

DOCUMENTS = {
    "issue_spp": ("SPP", payments.issue_spp),
    "issue_spm": ("SPM", payments.issue_spm),
    "issue_sp2d": ("SP2D", payments.issue_sp2d),
}


@requires(*PAYMENT_READERS)
@require_safe
def payment_list(request):
    """Payments, newest first; for the claims officer also the batches that wait for a proposal."""
    rows = Payment.objects.visible_to(request.user).select_related("batch__hospital", "line")
    waiting = []
    if request.user.has_role(*PROPOSERS):
        waiting = (
            ClaimBatch.objects.visible_to(request.user)
            .filter(state=BatchState.BAHV_APPROVED)
            .select_related("hospital")
            .order_by("pk")[:100]
        )
    page = keyset_page(rows, request.GET, keys=("-pk",))
    return render(request, "budget/payment_list.html", {"page": page, "waiting": waiting})


@requires(*PROPOSERS)
@require_POST
def propose(request, batch_id):
    batch = get_object_or_404(ClaimBatch.objects.visible_to(request.user), public_id=batch_id)
    try:
        payment = payments.propose(batch=batch, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("budget:payment_list")
    messages.success(request, _("The payment was proposed."))
    return redirect("budget:payment", payment.public_id)


@requires(*PAYMENT_READERS)
def payment_detail(request, payment_id):
    """One payment: its documents, and the one form the actor's role and the payment's state allow."""
    payment = _payment(request, payment_id)
    moves = PAYMENT.allowed(payment, request.user)
    move = next((m for m in moves if m.name in DOCUMENTS), None)
    form = DocumentForm(request.POST or None, initial={"date": timezone.localdate()}) if move else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            DOCUMENTS[move.name][1](payment=payment, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("%(document)s recorded.") % {"document": DOCUMENTS[move.name][0]})
            return redirect("budget:payment", payment.public_id)
    context = {
        "payment": payment,
        "form": form,
        "document": DOCUMENTS[move.name][0] if move else "",
        "may_refuse": any(m.name == "refuse" for m in moves),
        "documents": [
            ("SPP", payment.spp_number, payment.spp_date, payment.spp_by),
            ("SPM", payment.spm_number, payment.spm_date, payment.spm_by),
            ("SP2D", payment.sp2d_number, payment.sp2d_date, payment.sp2d_by),
        ],
    }
    return render(request, "budget/payment_detail.html", context)


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


def _payment(request, payment_id):
    rows = Payment.objects.visible_to(request.user).select_related(
        "batch__hospital", "line", "proposed_by", "spp_by", "spm_by", "sp2d_by"
    )
    return get_object_or_404(rows, public_id=payment_id)
