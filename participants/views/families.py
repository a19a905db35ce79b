"""Finding a family and seeing it whole: members with their decisions, membership, cards."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany
from participants import newborns, online
from participants.declarations import declare, declared_in
from participants.enums import CardState
from participants.families import find_by_card, find_family, view_family
from participants.forms import FindFamilyForm, FindPeopleForm, InsuranceForm
from participants.freshness import sources
from participants.jkn.notices import newly_insured
from participants.models import Card, CoverageChange, Enrolment, Household
from participants.models.family import LIVE_CARDS, OPEN_STATES
from participants.permissions import (
    ASKERS,
    CARD_DESKS,
    FAMILY_READERS,
    KEEPERS,
    PEOPLE_SEARCHERS,
    REGISTRARS,
    SCANNERS,
    SIGNAL_REPORTERS,
)
from participants.schemes import suspension
from participants.search import find_people as search_by_name
from participants.views.office import family_part
from participants.workflow import CARD, ENROLMENT

SHOWN_TURNS = 20
MEMBERSHIP_MOVES = ("suspend", "resume", "end")
BLOCKING_MOVES = ("report_lost", "report_damaged", "replace", "revoke")


@requires(*FAMILY_READERS)
def search(request):
    """A full number in, an opaque address out."""
    form, ask_for = FindFamilyForm(request.POST or None), ""
    if request.method == "POST" and form.is_valid():
        number = form.cleaned_data["number"]
        try:
            household = find_family(number=number, actor=request.user, at=timezone.now())
            return redirect("participants:family", household.public_id)
        except Refused as no:
            if no.code != "not_found":
                raise
            form.add_error("number", no.message)
            ask_for = online.number_to_ask_for(number, no) if request.user.has_role(*ASKERS) else ""
    now = timezone.now()
    context = {
        "form": form,
        "ask_for": ask_for,
        "sources": sources(now),
        "suspended": suspension(timezone.localdate(now)),
    }
    context["by_name"] = request.user.has_role(*PEOPLE_SEARCHERS)
    return render(request, "participants/search.html", context)


@requires(*PEOPLE_SEARCHERS)
def find_people(request):
    """By name, for who has no number. What is typed travels in the body, never in an address; the result is not kept."""
    form = FindPeopleForm(request.POST or None)
    people, more = None, False
    if request.method == "POST" and form.is_valid():
        try:
            people, more = search_by_name(**form.cleaned_data, actor=request.user, at=timezone.now())
        except TooMany:
            raise
        except Refused as no:
            form.add_error("name" if no.code == "name" else None, no.message)
    context = {"form": form, "people": people, "more": more, "last": people[-1] if people else None}
    return render(request, "participants/find_people.html", context)


@requires(*FAMILY_READERS)
@require_safe
def family(request, household_id):
    """One family. Opening it is on record, whichever way led here."""
    household = visible_household(request, household_id)
    now = timezone.now()
    enrolments = list(
        Enrolment.objects.visible_to(request.user)
        .filter(household=household)
        .select_related("approved_by", "rejected_by", "suspended_by")
        .order_by("-pk")
    )
    cards = list(Card.objects.visible_to(request.user).filter(household=household).order_by("-pk"))
    journal.record("family.view", household, actor=request.user)
    context = {
        "household": household,
        "family": view_family(household, on=timezone.localdate(now), at=now),
        "enrolments": enrolments,
        "current": next((e for e in enrolments if e.state in OPEN_STATES), None),
        "cards": [(card, _card_moves(card, request.user)) for card in cards],
        "newborns": newborns.of_family(household),
        "newly_insured": newly_insured(household, on=timezone.localdate(now), at=now),
        "sources": sources(now),
        "suspended": suspension(timezone.localdate(now)),
    }
    context["may_register"] = request.user.has_role(*REGISTRARS) and (
        context["current"] is None or context["current"].state == "DRAFT"
    )
    context["turns"] = CoverageChange.objects.filter(resident__household=household).select_related("resident")[
        :SHOWN_TURNS
    ]
    context["may_declare"] = request.user.has_role(*CARD_DESKS)
    context["may_report"] = request.user.has_role(*SIGNAL_REPORTERS)
    context["moves"] = _membership_moves(context["current"], request.user)
    context["may_order"] = (
        request.user.has_role(*CARD_DESKS)
        and context["current"] is not None
        and context["current"].state == "ACTIVE"
        and not any(card.state in LIVE_CARDS for card in cards)
    )
    on_its_way = any(card.state in LIVE_CARDS and card.state != CardState.ORDERED for card in cards)
    context["may_print_emergency"] = request.user.has_role(*KEEPERS) and not on_its_way
    context["office"] = family_part(household, request.user)
    return render(request, "participants/family.html", context)


@requires(*SCANNERS)
@require_POST
def scan(request):
    """Staff who scanned a card's QR: a look-up like one by its number, on record, to the family's page of their role."""
    household = find_by_card(token=request.POST.get("token", ""), actor=request.user, at=timezone.now())
    if household is None:
        messages.error(request, _("This card is not valid. Ask for KTP and KK."))
        return redirect("home")
    whole = request.user.has_role(*FAMILY_READERS)
    return redirect("participants:family" if whole else "participants:scanned", household.public_id)


@requires(*SCANNERS)
@require_safe
def scanned(request, household_id):
    """Who of the family on a card is covered today and why not: what a hospital or Puskesmas needs at its desk."""
    household = visible_household(request, household_id)
    now = timezone.now()
    journal.record("family.view", household, actor=request.user)
    context = {
        "household": household,
        "family": view_family(household, on=timezone.localdate(now), at=now),
        "sources": sources(now),
    }
    return render(request, "participants/scanned.html", context)


@requires(*CARD_DESKS)
def insurance(request, household_id):
    """Other insurance the family declares, member by member (rule C17)."""
    household = visible_household(request, household_id)
    form = InsuranceForm(request.POST or None, members=household.residents.order_by("relation", "birth_date", "pk"))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        declare(
            resident=told["member"],
            insurer=told["insurer"],
            since=told["since"],
            until=told["until"],
            actor=request.user,
            at=timezone.now(),
        )
        messages.success(request, _("The declaration is kept. Cover is decided anew below."))
        return redirect("participants:family", household.public_id)
    journal.record("family.view", household, actor=request.user)
    context = {"household": household, "form": form, "declared": declared_in(household)}
    return render(request, "participants/insurance.html", context)


def visible_household(request, household_id):
    """The household inside the user's perimeter, with what every page of it shows; 404 outside."""
    households = Household.objects.visible_to(request.user).select_related("head", "kelurahan__parent")
    return get_object_or_404(households, public_id=household_id)


def _membership_moves(enrolment, user):
    if enrolment is None or not user.has_role(*KEEPERS):
        return []
    return [move for move in ENROLMENT.allowed(enrolment, user) if move.name in MEMBERSHIP_MOVES]


def _card_moves(card, user):
    """Names of what the family's page offers for a card."""
    names = {move.name for move in CARD.allowed(card, user)}
    return {
        "hand_over": "hand_over" in names,
        "block": bool(names.intersection(BLOCKING_MOVES)),
        "receipt": card.handed_at is not None and user.has_role(*CARD_DESKS),
    }
