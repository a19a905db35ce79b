"""What Dinkes lifts for a person: proposed by one office from a ticket, decided by another."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from participants import overrides as service
from participants.enums import OverrideState
from participants.forms import LIFTED_RULES, OverrideForm, WhyForm
from participants.models import Override, Ticket
from participants.permissions import OVERRIDE_APPROVERS, OVERRIDE_PROPOSERS, OVERRIDE_READERS
from participants.workflow import OVERRIDE


@requires(*OVERRIDE_READERS)
@require_safe
def worklist(request):
    """What waits and what is in force, newest first; ``?all=1`` also what is over."""
    rows = Override.objects.visible_to(request.user).select_related("resident", "ticket", "created_by")
    if not request.GET.get("all"):
        rows = rows.filter(state__in=(OverrideState.PROPOSED, OverrideState.ACTIVE))
    context = {"page": keyset_page(rows, request.GET, keys=("-pk",)), "all": bool(request.GET.get("all"))}
    return render(request, "participants/overrides/worklist.html", context)


@requires(*OVERRIDE_READERS)
@require_safe
def override(request, override_id):
    found = _override(request, override_id)
    journal.record("override.view", found, actor=request.user)
    return _page(request, found, WhyForm())


@requires(*OVERRIDE_PROPOSERS)
def propose(request, ticket_id):
    tickets = Ticket.objects.visible_to(request.user).select_related("resident")
    ticket = get_object_or_404(tickets, public_id=ticket_id)
    form = OverrideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            proposed = service.propose(ticket=ticket, **form.cleaned_data, actor=request.user, at=timezone.now())
            messages.success(request, _("Proposed. Another person, of Dinkes services, decides."))
            return redirect("participants:override", proposed.public_id)
        except Refused as no:
            form.add_error("valid_until" if no.code == "valid_until" else None, no.message)
    return render(request, "participants/overrides/propose.html", {"form": form, "ticket": ticket})


@requires(*OVERRIDE_APPROVERS)
@require_POST
def approve(request, override_id):
    found = _override(request, override_id)
    service.approve(override=found, actor=request.user, at=timezone.now())
    messages.success(request, _("In force from today."))
    return redirect("participants:override", found.public_id)


@requires(*OVERRIDE_APPROVERS)
@require_POST
def refuse(request, override_id):
    return _with_reason(request, override_id, service.refuse, _("The proposal is refused."))


@requires(*OVERRIDE_PROPOSERS, *OVERRIDE_APPROVERS)
@require_POST
def revoke(request, override_id):
    return _with_reason(request, override_id, service.revoke, _("Revoked. The rules exclude again from today."))


def _with_reason(request, override_id, act, done):
    found = _override(request, override_id)
    form = WhyForm(request.POST)
    if form.is_valid():
        try:
            act(override=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, done)
            return redirect("participants:override", found.public_id)
        except Refused as no:
            form.add_error(None, no.message)
            found.refresh_from_db()
    return _page(request, found, form)


def _override(request, override_id):
    rows = Override.objects.visible_to(request.user).select_related(
        "resident__household", "ticket", "created_by", "approved_by", "refused_by", "revoked_by"
    )
    return get_object_or_404(rows, public_id=override_id)


def _page(request, found, form):
    names = dict(LIFTED_RULES)
    context = {
        "override": found,
        "rules": [(code, names[code]) for code in found.rules],
        "moves": {move.name for move in OVERRIDE.allowed(found, request.user)},
        "own": found.created_by_id == request.user.pk,
        "form": form,
    }
    return render(request, "participants/overrides/override.html", context)
