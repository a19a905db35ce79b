"""What has to be paid back, and the month's payments held against what hospitals received."""

import datetime

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from budget import reconciling, recoveries
from budget.forms import ReceiptForm, ReceivedForm, RecoveryForm
from budget.models import Reconciliation, Recovery
from budget.permissions import PAYMENT_READERS, PROPOSERS, RECONCILERS, RECOVERY_READERS
from budget.workflow import RECONCILIATION, RECOVERY
from claims.models import Claim
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page

EARLIEST = datetime.date(2010, 1, 1)


@requires(*RECOVERY_READERS)
@require_safe
def recovery_list(request):
    rows = Recovery.objects.visible_to(request.user).select_related("hospital", "resident", "line", "claim")
    context = {"page": keyset_page(rows, request.GET, keys=("-pk",)), "may_write": request.user.has_role(*PROPOSERS)}
    return render(request, "budget/recoveries.html", context)


@requires(*PROPOSERS)
@require_POST
def find_claim(request):
    """From the number of a paid claim's letter to the form that asks it back."""
    number = request.POST.get("number", "").replace("\0", "").strip()
    claim = Claim.objects.visible_to(request.user).filter(reference=number, state="PAID").order_by("-pk").first()
    if claim is None:
        messages.error(request, _("No paid claim has this number."))
        return redirect("budget:recoveries")
    return redirect("budget:new_recovery", claim.public_id)


@requires(*PROPOSERS)
def new_recovery(request, claim_id):
    """Ask back what was paid for one claim."""
    claim = get_object_or_404(Claim.objects.visible_to(request.user).select_related("hospital"), public_id=claim_id)
    form = RecoveryForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            found = recoveries.propose(claim=claim, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered. The budget user puts it in force."))
            return redirect("budget:recovery", found.public_id)
    return render(request, "budget/new_recovery.html", {"form": form, "claim": claim})


@requires(*RECOVERY_READERS)
def recovery_detail(request, recovery_id):
    """One recovery: decided by the budget user, paid back through the treasurer."""
    rows = Recovery.objects.visible_to(request.user).select_related("hospital", "resident", "line", "claim")
    found = get_object_or_404(rows, public_id=recovery_id)
    moves = {move.name for move in RECOVERY.allowed(found, request.user)}
    form = ReceiptForm(request.POST or None) if "settle" in moves else None
    if request.method == "POST":
        try:
            done = _act_on_recovery(request, found, form)
        except Refused as refusal:
            if form is None:
                messages.error(request, refusal.message)
                return redirect("budget:recovery", found.public_id)
            form.add_error(None, refusal.message)
        else:
            if done:
                messages.success(request, _("Recorded."))
                return redirect("budget:recovery", found.public_id)
    context = {
        "recovery": found,
        "moves": moves,
        "form": form,
        "entries": found.entries.select_related("payment", "entered_by").order_by("pk"),
    }
    return render(request, "budget/recovery.html", context)


def _act_on_recovery(request, found, form):
    now = timezone.now()
    if form is not None:
        if form.is_valid():
            return recoveries.receive(recovery=found, actor=request.user, at=now, **form.cleaned_data)
        return None
    act = _pressed(request, {"cancel": recoveries.cancel, "approve": recoveries.approve})
    return act(recovery=found, actor=request.user, at=now)


def _pressed(request, acts):
    """The act whose button was pressed."""
    for name, act in acts.items():
        if name in request.POST:
            return act
    raise Refused(_("Press one of the buttons."))


@requires(*PAYMENT_READERS)
@require_safe
def reconciliation_list(request):
    """Reconciliations, newest month first; for the claims officer also what was disbursed and is not drawn up yet."""
    rows = Reconciliation.objects.visible_to(request.user).select_related("hospital")
    month = _last_month(request)
    context = {
        "page": keyset_page(rows, request.GET, keys=("-month", "-pk")),
        "month": month,
        "due": reconciling.due(month) if request.user.has_role(*RECONCILERS) else {},
    }
    return render(request, "budget/reconciliations.html", context)


def _last_month(request):
    """The month asked for in the address as 2026-10, else the running one."""
    this = timezone.localdate().replace(day=1)
    try:
        asked = datetime.date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        return this
    return asked if EARLIEST <= asked <= this else this


@requires(*RECONCILERS)
@require_POST
def draw_reconciliation(request, facility_code):
    hospital = get_object_or_404(Facility.objects.visible_to(request.user), code=facility_code)
    month = _last_month(request)
    try:
        found = reconciling.draw(hospital=hospital, month=month, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("budget:reconciliations")
    messages.success(request, _("Drawn up. The hospital's director says what was received, and signs."))
    return redirect("budget:reconciliation", found.public_id)


@requires(*PAYMENT_READERS)
def reconciliation_detail(request, reconciliation_id):
    """One month of one hospital: the director confirms, Dinkes signs or sends back."""
    rows = Reconciliation.objects.visible_to(request.user).select_related("hospital", "confirmed_by", "closed_by")
    found = get_object_or_404(rows, public_id=reconciliation_id)
    items = list(found.items.select_related("payment").order_by("payment"))
    moves = {move.name for move in RECONCILIATION.allowed(found, request.user)}
    form = ReceivedForm(request.POST or None, items=items) if "confirm" in moves else None
    if request.method == "POST":
        try:
            done = _act_on_reconciliation(request, found, form)
        except Refused as refusal:
            if form is None:
                messages.error(request, refusal.message)
                return redirect("budget:reconciliation", found.public_id)
            form.add_error(None, refusal.message)
        else:
            if done:
                messages.success(request, _("Recorded."))
                return redirect("budget:reconciliation", found.public_id)
    return render(request, "budget/reconciliation.html", {"found": found, "items": items, "moves": moves, "form": form})


def _act_on_reconciliation(request, found, form):
    now, actor = timezone.now(), request.user
    if form is not None:
        if not form.is_valid():
            return None
        note = form.cleaned_data["note"]
        return reconciling.confirm(reconciliation=found, received=form.received, note=note, actor=actor, at=now)
    act = _pressed(request, {"reopen": reconciling.reopen, "close": reconciling.close})
    return act(reconciliation=found, actor=actor, at=now)
