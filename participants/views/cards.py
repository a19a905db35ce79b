"""The card desk: worklist by step, print file, hand-over, blocking."""

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
from ksb.core.letters import pdf_response
from ksb.core.paging import keyset_page
from participants import cards as service
from participants.enums import CardState, EnrolmentState
from participants.filters import CardFilter
from participants.forms import BlockForm, HandOverForm
from participants.letters import cards_to_print
from participants.models import Card, Enrolment
from participants.permissions import CARD_DESKS, CARD_READERS, KEEPERS
from participants.views.families import visible_household
from participants.workflow import CARD

PAGE_SIZE = 50
PRINTABLE = (CardState.APPROVED, CardState.PRINTED, CardState.READY, CardState.ACTIVE)
ACTS = {"approve": service.approve, "mark_printed": service.mark_printed, "make_ready": service.make_ready}


@requires(*CARD_READERS)
@require_safe
def worklist(request):
    """One step at a time, oldest first; what the step asks for is done with all ticked cards at once."""
    query = request.GET.copy()
    query.setdefault("state", CardState.ORDERED)
    rows = Card.objects.visible_to(request.user).select_related("household__head", "household__kelurahan__parent")
    narrowed = CardFilter(query, queryset=rows, request=request)
    page = keyset_page(narrowed.qs, request.GET, keys=("pk",), size=PAGE_SIZE)
    state = query["state"]
    moves = [move for move in CARD.transitions if move.name in ACTS and state in move.sources]
    context = {
        "page": page,
        "filter": narrowed,
        "state": state,
        "moves": moves if request.user.has_role(*KEEPERS) else [],
        "may_print": state in PRINTABLE and request.user.has_role(*KEEPERS),
    }
    return render(request, "participants/cards.html", context)


@requires(*KEEPERS)
@require_POST
def act(request, move):
    """Do one step with the ticked cards."""
    ticked = _ticked(request)
    done = ACTS[move](cards=ticked, actor=request.user, at=timezone.now())
    left = ticked.count() - done
    if done:
        messages.success(request, ngettext("%(n)d card done.", "%(n)d cards done.", done) % {"n": done})
    if left:
        messages.warning(
            request,
            ngettext(
                "%(n)d card was left as it is: its state has changed, or you ordered it yourself.",
                "%(n)d cards were left as they are: their state has changed, or you ordered them yourself.",
                left,
            )
            % {"n": left},
        )
    if not (done or left):
        messages.error(request, _("Tick at least one card."))
    state = CARD[move].target if done else CARD[move].sources[0]
    return redirect(f"{reverse('participants:cards')}?state={state}")


@requires(*KEEPERS)
@require_POST
def print_file(request):
    """The ticked cards as one PDF for the card printer. Changes nothing: printing is recorded when it has succeeded."""
    chosen = _ticked(request).filter(state__in=PRINTABLE)
    drawn = cards_to_print(chosen)
    if not drawn:
        messages.error(request, _("Tick at least one card that is approved for printing."))
        return redirect(f"{reverse('participants:cards')}?state={CardState.APPROVED}")
    journal.record_many("card.pdf", list(chosen.only("pk")), actor=request.user)
    return pdf_response(render_cards(drawn), f"kartu {timezone.localdate():%Y%m%d}")


@requires(*KEEPERS)
@require_safe
def pdf(request, card_id):
    """One card as PDF."""
    card = get_object_or_404(Card.objects.visible_to(request.user).filter(state__in=PRINTABLE), public_id=card_id)
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
            messages.success(request, _("The card is handed over and valid from now on."))
            return redirect("participants:family", card.household.public_id)
    return render(request, "participants/hand_over.html", {"card": card, "household": card.household, "form": form})


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
