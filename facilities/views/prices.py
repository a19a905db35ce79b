"""Prices on screens: one code looked up, tables proposed by one person and approved by another."""

import tempfile
from pathlib import Path

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities import prices
from facilities.forms import PriceSearchForm, PriceTableForm
from facilities.models import PriceTable
from facilities.permissions import NETWORK_READERS, PRICE_DECIDERS, PRICE_PROPOSERS, PRICE_READERS, requires
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.paging import keyset_page

SHOWN = 60
SAMPLE = 20


@requires(*PRICE_READERS)
@require_safe
def price_search(request):
    """Look up a code: the INA-CBG tariffs of a hospital type and day, and the items of the other lists."""
    own = request.user.facility
    form = PriceSearchForm(
        request.GET or None, initial={"day": timezone.localdate(), "tariff_code": own.tariff_code if own else ""}
    )
    packages, items = (), ()
    if form.is_bound and form.is_valid():
        packages, items = (rows[:SHOWN] for rows in prices.look_up(**form.cleaned_data))
    context = {
        "form": form,
        "packages": packages,
        "items": items,
        "shown": SHOWN,
        "reads_tables": request.user.has_role(*NETWORK_READERS),
    }
    return render(request, "facilities/prices.html", context)


@requires(*NETWORK_READERS)
@require_safe
def price_tables(request):
    """Tables of prices, those that wait first seen because they are the newest."""
    rows = PriceTable.objects.visible_to(request.user).select_related("proposed_by", "approved_by")
    context = {
        "page": keyset_page(rows, request.GET, keys=("-pk",)),
        "proposes": request.user.has_role(*PRICE_PROPOSERS),
    }
    return render(request, "facilities/price_tables.html", context)


@requires(*PRICE_PROPOSERS)
def new_price_table(request):
    """A table is handed in; its wrong lines are refused one by one."""
    form = PriceTableForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            table = _propose(request, **form.cleaned_data)
        except Refused as refusal:
            if isinstance(refusal, NotAllowed | WrongState):
                raise
            form.add_error("file", refusal.message)
        else:
            messages.success(request, _("The table waits for another officer's approval."))
            return redirect("facilities:price_table", table.public_id)
    return render(request, "facilities/new_price_table.html", {"form": form})


def _propose(request, *, file, **values):
    with tempfile.NamedTemporaryFile(suffix=Path(file.name).suffix.lower()) as kept:
        for chunk in file.chunks():
            kept.write(chunk)
        kept.flush()
        return prices.propose(path=kept.name, file_name=file.name, actor=request.user, at=timezone.now(), **values)


@requires(*NETWORK_READERS)
@require_safe
def price_table(request, price_table_id):
    """One table: its counts, the lines refused, the first of its prices."""
    table = _load(request, price_table_id)
    rows = (table.tariffs if table.kind == "TARIFF" else table.items).order_by("pk")[:SAMPLE]
    context = {"table": table, "rows": rows, "decides": prices.decides(request.user, table)}
    return render(request, "facilities/price_table.html", context)


@requires(*PRICE_DECIDERS)
@require_POST
def approve_prices(request, price_table_id):
    table = _load(request, price_table_id)
    try:
        prices.approve(table=table, actor=request.user, at=timezone.now())
    except Refused as refusal:
        if isinstance(refusal, NotAllowed | WrongState):
            raise
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The table is approved. It holds from its day."))
    return redirect("facilities:price_table", table.public_id)


@requires(*PRICE_DECIDERS)
@require_POST
def reject_prices(request, price_table_id):
    table = _load(request, price_table_id)
    prices.reject(table=table, actor=request.user, at=timezone.now())
    messages.success(request, _("The table was rejected. Nothing of it is in force."))
    return redirect("facilities:price_table", table.public_id)


def _load(request, price_table_id):
    rows = PriceTable.objects.visible_to(request.user).select_related("proposed_by", "approved_by", "rejected_by")
    return get_object_or_404(rows, public_id=price_table_id)
