"""A contract on its page, what changes it, and the account it pays to."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities import accounts, contracts
from facilities.forms import AccountForm, ContractForm, EndForm, ReasonForm, addendum_of
from facilities.models import AccountChange, Contract, Facility, Suspension
from facilities.permissions import (
    ACCOUNT_DECIDERS,
    ACCOUNT_PROPOSERS,
    CONTRACT_PAGE,
    KEEPERS,
    NETWORK_READERS,
    requires,
)
from facilities.workflow import ACCOUNT
from ksb.core.errors import Refused


@requires(*NETWORK_READERS)
@require_safe
def attention(request):
    """What Dinkes must not overlook: contracts that end, hospitals that are suspended, accounts that wait for a second person."""
    today = timezone.localdate()
    waiting = AccountChange.objects.visible_to(request.user).waiting()
    context = {
        "ending": contracts.ending(on=today),
        "suspended": Suspension.objects.visible_to(request.user)
        .on(today)
        .select_related("facility")
        .order_by("starts"),
        "accounts": waiting.select_related("contract__facility", "created_by").order_by("created_at"),
    }
    return render(request, "facilities/attention.html", context)


@requires(*CONTRACT_PAGE)
@require_safe
def contract(request, contract_id):
    return _page(request, _contract(request, contract_id), ReasonForm())


@requires(*KEEPERS)
def new_contract(request, facility_code):
    place = get_object_or_404(Facility.objects.visible_to(request.user), code=facility_code)
    form = ContractForm(request.POST or None, initial={"signed_by_facility": place.director})
    if request.method == "POST" and form.is_valid():
        try:
            signed = contracts.sign(facility=place, actor=request.user, **form.told())
            if not signed.bank_account:
                messages.info(
                    request, _("Entered. It has no bank account yet: propose one, another person approves it.")
                )
            else:
                messages.success(request, _("Entered. The bank account of the contract before goes on."))
            return redirect("facilities:contract", signed.public_id)
        except Refused as no:
            form.add_error(None, no.message)
    return _form(request, form, _("New contract"), _("Enter the contract"), place=place)


@requires(*KEEPERS)
def amend(request, contract_id):
    found = _contract(request, contract_id)
    form = addendum_of(found.terms.order_by("-valid").first(), request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contracts.amend(contract=found, actor=request.user, **form.told())
            messages.success(request, _("Entered. It holds from its day on; the days before keep their terms."))
            return redirect("facilities:contract", found.public_id)
        except Refused as no:
            form.add_error(no.code if no.code in form.fields else None, no.message)
    return _form(request, form, _("New addendum"), _("Enter the addendum"), contract=found)


@requires(*KEEPERS)
def end(request, contract_id):
    found = _contract(request, contract_id)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contracts.end(contract=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
            messages.success(request, _("The contract ends on that day."))
            return redirect("facilities:contract", found.public_id)
        except Refused as no:
            form.add_error(no.code if no.code in form.fields else None, no.message)
    return _form(request, form, _("End the contract early"), _("End it"), contract=found, bad=True)


@requires(*ACCOUNT_PROPOSERS)
def propose_account(request, contract_id):
    found = _contract(request, contract_id)
    form = AccountForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            accounts.propose(contract=found, actor=request.user, **form.cleaned_data)
            messages.success(request, _("Proposed. Nothing is paid there until another person approves it."))
            return redirect("facilities:contract", found.public_id)
        except Refused as no:
            form.add_error(None, no.message)
    return _form(request, form, _("Another bank account"), _("Propose the account"), contract=found)


@requires(*ACCOUNT_DECIDERS)
@require_POST
def approve_account(request, change_id):
    change = _change(request, change_id)
    accounts.approve(change=change, actor=request.user, at=timezone.now())
    messages.success(request, _("Approved. Payments go to this account from now on."))
    return redirect("facilities:contract", change.contract.public_id)


@requires(*ACCOUNT_DECIDERS)
@require_POST
def refuse_account(request, change_id):
    change = _change(request, change_id)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        return _page(request, _contract(request, change.contract.public_id), form)
    accounts.refuse(change=change, actor=request.user, at=timezone.now(), **form.cleaned_data)
    messages.success(request, _("Refused. The account before stays."))
    return redirect("facilities:contract", change.contract.public_id)


def _contract(request, contract_id):
    rows = Contract.objects.visible_to(request.user).select_related("facility", "created_by", "ended_by")
    return get_object_or_404(rows, public_id=contract_id)


def _change(request, change_id):
    rows = AccountChange.objects.visible_to(request.user).select_related("contract__facility")
    return get_object_or_404(rows, public_id=change_id)


def _page(request, found, form):
    today = timezone.localdate()
    last = found.last_day
    waiting = found.account_changes.waiting().select_related("created_by").first()
    context = {
        "contract": found,
        "terms": found.terms.order_by("-valid"),
        "last": last,
        "days_left": (last - today).days if last and today in found.valid else None,
        "suspension": Suspension.objects.visible_to(request.user).on(today).filter(facility=found.facility).first(),
        "waiting": waiting,
        "own": waiting is not None and waiting.created_by_id == request.user.pk,
        "moves": {move.name for move in ACCOUNT.allowed(waiting, request.user)} if waiting else set(),
        "form": form,
        "today": today,
        "may_write": request.user.has_role(*KEEPERS),
        "in_network": request.user.has_role(*NETWORK_READERS),
    }
    return render(request, "facilities/contract.html", context)


def _form(request, form, title, button, *, place=None, contract=None, bad=False):
    context = {"form": form, "title": title, "button": button, "bad": bad}
    context |= {"contract": contract, "facility": place or contract.facility}
    return render(request, "facilities/form.html", context)
