"""Print batches and the blank cards they need: for the card office, and for the service point that takes a batch in."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from participants import blanks as stock
from participants import printing
from participants.card_forms import BlankForm, PlaceForm, PrintedForm
from participants.enums import BlankMove, PrintPolicy, PrintState
from participants.filters import PrintBatchFilter
from participants.letters import hand_over_list
from participants.models import BlankMovement, BlankStock, Card, PrintBatch
from participants.permissions import BATCH_READERS, CARD_DESKS, CARD_READERS, KEEPERS
from participants.workflow import PRINT_BATCH

SERVICES = {
    "approve": printing.approve,
    "send": printing.send,
    "deliver": printing.deliver,
    "close": printing.close,
    "cancel": printing.cancel,
}


@requires(*BATCH_READERS)
@require_safe
def batches(request):
    """Batches, newest first."""
    rows = PrintBatch.objects.visible_to(request.user).select_related("place")
    narrowed = PrintBatchFilter(request.GET, queryset=rows, request=request)
    context = {
        "page": keyset_page(narrowed.qs, request.GET, keys=("-pk",)),
        "filter": narrowed,
        "policy": printing.policy_on(timezone.localdate()),
        "normal": PrintPolicy.NORMAL,
        "form": PlaceForm() if request.user.has_role(*KEEPERS) else None,
    }
    return render(request, "participants/print_batches.html", context)


@requires(*KEEPERS)
@require_POST
def prepare(request):
    """A batch of what waits for one service point."""
    form = PlaceForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose a service point of the list."))
        return redirect("participants:print_batches")
    try:
        batch = printing.prepare(place=form.cleaned_data["place"], actor=request.user, at=timezone.now())
    except Refused as no:
        messages.error(request, no.message)
        return redirect("participants:print_batches")
    messages.success(request, _("The batch is prepared. Another person approves it."))
    return redirect("participants:print_batch", batch.public_id)


@requires(*BATCH_READERS)
@require_safe
def batch(request, print_id):
    """One batch: how far it is, what comes next, and, for the card office, whose cards lie in it."""
    this = _batch(request, print_id)
    cards = Card.objects.visible_to(request.user).filter(batch=this) if request.user.has_role(*CARD_READERS) else None
    context = {
        "batch": this,
        "moves": PRINT_BATCH.allowed(this, request.user),
        "count": this.size or this.cards.count(),
        "drawn": printing.drawn_percent(this) if this.state == PrintState.APPROVED and not this.file else None,
        "movements": this.blank_movements.order_by("pk") if cards is not None else (),
        "page": cards
        and keyset_page(
            cards.select_related("household__head", "household__kelurahan__parent"), request.GET, keys=("pk",)
        ),
        "may_open": request.user.has_role(*KEEPERS),
        "may_list": this.state in (PrintState.PRINTED, PrintState.DELIVERED) and request.user.has_role(*KEEPERS),
    }
    return render(request, "participants/print_batch.html", context)


@requires(*KEEPERS)
@require_POST
def act(request, print_id, move):
    """What the card office does with a batch."""
    return _moved(request, print_id, move)


@requires(*CARD_DESKS)
@require_POST
def deliver(request, print_id):
    """The service point takes the batch in."""
    return _moved(request, print_id, "deliver")


def _moved(request, print_id, move):
    this = _batch(request, print_id)
    SERVICES[move](batch=this, actor=request.user, at=timezone.now())
    messages.success(request, _("Done: %(step)s.") % {"step": PRINT_BATCH[move].label})
    return redirect("participants:print_batch", this.public_id)


@requires(*KEEPERS)
def printed(request, print_id):
    """What came out of the printer, on which blanks."""
    this = _batch(request, print_id)
    form = PrintedForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            printing.mark_printed(batch=this, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The cards are printed and the blanks booked."))
            return redirect("participants:print_batch", this.public_id)
    return render(request, "participants/print_done.html", {"batch": this, "form": form})


@requires(*KEEPERS)
@require_safe
def file(request, print_id):
    """The print shop's file. Every download is on record."""
    this = _batch(request, print_id)
    response = HttpResponse(printing.read_file(this), content_type="application/pdf")
    journal.record("print_batch.file", this, actor=request.user)
    response.headers["Content-Disposition"] = f'attachment; filename="{slugify(this.number.replace("/", "-"))}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response


@requires(*KEEPERS)
@require_safe
def signatures(request, print_id):
    """The list that travels with the cards, with room for the receivers' signatures."""
    this = get_object_or_404(_batches(request).filter(printed_at__isnull=False), public_id=print_id)
    journal.record("print_batch.list", this, actor=request.user)
    return pdf_response(letter_pdf(hand_over_list(this)), f"daftar {this.number.replace('/', '-')}")


@requires(*CARD_READERS)
def blanks(request):
    """How many blank cards lie where, what moved them, and the form to book more."""
    keeps = request.user.has_role(*KEEPERS)
    form = BlankForm(request.POST or None) if keeps else None
    if request.method == "POST" and keeps and form.is_valid():
        try:
            _book(form.cleaned_data, request.user)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The books of blank cards are up to date."))
            return redirect("participants:blanks")
    lines = BlankMovement.objects.visible_to(request.user).select_related("place", "batch", "created_by")
    context = {
        "form": form,
        "stock": BlankStock.objects.visible_to(request.user).select_related("place").order_by("place"),
        "page": keyset_page(lines, request.GET, keys=("-pk",)),
    }
    return render(request, "participants/blanks.html", context)


def _book(told, actor):
    who = {"place": told["place"], "reason": told["reason"], "actor": actor, "at": timezone.now()}
    if told["act"] == BlankMove.RECEIVED:
        return stock.receive(serial_first=told["serial_first"], serial_last=told["serial_last"], **who)
    if told["act"] == BlankMove.SPOILT:
        return stock.spoil(quantity=told["quantity"], **who)
    return stock.count(counted=told["quantity"], **who)


def _batches(request):
    return PrintBatch.objects.visible_to(request.user).select_related(
        "place", "hospital", "created_by", "approved_by", "sent_by", "printed_by", "delivered_by", "closed_by"
    )


def _batch(request, print_id):
    return get_object_or_404(_batches(request), public_id=print_id)
