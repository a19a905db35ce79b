"""The card desk: where every card is, hand-over, blocking, what has to be printed again."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.cards import render_cards
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from participants import cards as service
from participants.card_forms import BlockForm, HandOverForm
from participants.enums import CardState, EnrolmentState
from participants.filters import CardFilter
from participants.letters import card_receipt, cards_to_print
from participants.models import Card, Enrolment
from participants.models.family import DRAWN_CARDS
from participants.permissions import CARD_DESKS, CARD_READERS, KEEPERS
from participants.views.families import visible_household
from participants.workflow import CARD

PAGE_SIZE = 50


@requires(*CARD_READERS)
@require_safe
def worklist(request):
    """One step at a time, oldest first."""
    query = request.GET.copy()
    query.setdefault("state", CardState.ORDERED)
    # Not joined: a filter may find thousands, and only the fifty shown need their families.
    rows = Card.objects.visible_to(request.user).prefetch_related("household__head", "household__kelurahan__parent")
    narrowed = CardFilter(query, queryset=rows, request=request)
    context = {
        "page": keyset_page(narrowed.qs, request.GET, keys=("pk",), size=PAGE_SIZE),
        "filter": narrowed,
        "state": query["state"],
        "may_reorder": query["state"] == CardFilter.REPRINT and request.user.has_role(*KEEPERS),
    }
    return render(request, "participants/cards.html", context)


@requires(*KEEPERS)
@require_POST
def reprint(request):
    """Block the ticked cards whose words have changed, and order their successors."""
    done = service.order_reprints(cards=_ticked(request), actor=request.user, at=timezone.now())
    if done:
        messages.success(
            request,
            ngettext("%(n)d new card is ordered.", "%(n)d new cards are ordered.", done) % {"n": done},
        )
    else:
        messages.error(request, _("Tick at least one card that is handed over and to be reprinted."))
    return redirect(f"{reverse('participants:cards')}?state={CardFilter.REPRINT}")


@requires(*KEEPERS)
@require_safe
def pdf(request, card_id):
    """One card as PDF."""
    card = get_object_or_404(Card.objects.visible_to(request.user).filter(state__in=DRAWN_CARDS), public_id=card_id)
    journal.record("card.pdf", card, actor=request.user)
    return pdf_response(render_cards(cards_to_print(Card.objects.filter(pk=card.pk))), f"kartu {card.number}")


@requires(*CARD_DESKS)
@require_POST
def order(request, household_id):
    """A new card for a member family that has none."""
    household = visible_household(request, household_id)
    enrolment = get_object_or_404(
        Enrolment.objects.visible_to(request.user), household=household, state=EnrolmentState.ACTIVE
    )
    service.order(enrolment=enrolment, actor=request.user, at=timezone.now())
    messages.success(request, _("A card is ordered. Another person approves its printing."))
    return redirect("participants:family", household.public_id)


@requires(*CARD_DESKS)
def hand_over(request, card_id):
    card = _card(request, card_id)
    now = timezone.now()
    people = service.receivers(card, on=timezone.localdate(now))
    form = HandOverForm(request.POST or None, receivers=people)
    if request.method == "POST" and form.is_valid():
        try:
            service.hand_over(card=card, receiver=form.cleaned_data["receiver"], actor=request.user, at=now)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(
                request, _("The card is handed over and valid from now on. Print the receipt and have it signed.")
            )
            return redirect("participants:family", card.household.public_id)
    return render(request, "participants/hand_over.html", {"card": card, "household": card.household, "form": form})


@requires(*CARD_DESKS)
@require_safe
def receipt(request, card_id):
    """The page the receiver signs."""
    rows = Card.objects.visible_to(request.user).filter(handed_at__isnull=False)
    card = get_object_or_404(
        rows.select_related("household__head", "household__kelurahan__parent", "receiver", "handed_by"),
        public_id=card_id,
    )
    journal.record("card.receipt", card, actor=request.user)
    return pdf_response(letter_pdf(card_receipt(card)), f"tanda terima {card.number}")


@requires(*CARD_DESKS)
def block(request, card_id):
    card = _card(request, card_id)
    causes = [move.name for move in CARD.allowed(card, request.user) if move.name in service.BLOCKS]
    form = BlockForm(request.POST or None, causes=causes)
    if request.method == "POST" and form.is_valid():
        try:
            new = service.block(card=card, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(
                request,
                _("The card is blocked. A new one, %(number)s, is ordered.") % {"number": new.number}
                if new
                else _("The card is blocked."),
            )
            return redirect("participants:family", card.household.public_id)
    return render(request, "participants/block.html", {"card": card, "household": card.household, "form": form})


def _card(request, card_id):
    rows = Card.objects.visible_to(request.user).select_related("household__head", "household__kelurahan__parent")
    return get_object_or_404(rows, public_id=card_id)


def _ticked(request):
    """The cards ticked on a worklist page, inside the user's perimeter; nonsense is ignored."""
    ids = [pk for pk in request.POST.getlist("card") if pk.isascii() and pk.isdigit() and len(pk) < 19][:PAGE_SIZE]
    return Card.objects.visible_to(request.user).filter(pk__in=ids).order_by("pk")
