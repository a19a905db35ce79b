"""Pages without a log-in: the family's own page, and what the QR code of a card says. No script, no number in an address."""

from datetime import timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from facilities.models import Facility
from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany, hit
from participants import cards, consents, newborns, portal, self_service
from participants.application_forms import CorrectionForm, LostCardForm
from participants.cards import IN_HANDS as CARDS_IN_HANDS
from participants.enums import CardState, EnrolmentState
from participants.families import view_family
from participants.forms import ResidentForm
from participants.freshness import sources
from participants.guidance import NEXT_FOR_APPLICATION, NEXT_STEP
from participants.jkn.notices import newly_insured
from participants.models.family import LIVE_CARDS
from participants.own_family import close_door, for_own_family, open_door
from participants.permissions import SCANNERS

# Registry data older than two days are no longer believed: that day is always near and tells a family nothing.
DATA_LIVE = timedelta(days=2)


@login_not_required
@never_cache
def check(request):
    """Three details that belong together open the family's page."""
    form = ResidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            resident = portal.admit(**form.cleaned_data, address=request.META["REMOTE_ADDR"], at=now)
        except Refused as no:
            if no.code != "no_match":
                raise
            form.add_error(None, no.message)
        else:
            open_door(request, resident, now)
            return redirect("resident:family")
    return render(request, "participants/resident/check.html", {"form": form})


@for_own_family
@require_safe
def family(request, household):
    """The card, every member's cover, and what to do next."""
    now = timezone.now()
    members = [
        {
            "name": portal.mask_name(member.resident.name),
            "nik": member.resident.nik,
            "birth_year": member.resident.birth_date.year,
            "relation": member.resident.get_relation_display(),
            "evaluation": member.evaluation,
            "next_step": NEXT_STEP[member.evaluation.decision],
            "next_change_on": _worth_telling(member.evaluation, now),
        }
        for member in view_family(household, on=timezone.localdate(now), at=now).members
    ]
    enrolment = self_service.current(household)
    context = {
        "household": household,
        "head_name": portal.mask_name(household.head.name) if household.head else "",
        "members": members,
        "newborns": newborns.of_family(household),
        "newly_insured": [
            (portal.mask_name(found.resident.name), found.valid_from)
            for found in newly_insured(household, on=timezone.localdate(now), at=now)
        ],
        "enrolment": enrolment,
        "consent": consents.in_force(enrolment) if enrolment else None,
        "consent_withdrawn": consents.withdrawn(enrolment) if enrolment else None,
        "application_next": NEXT_FOR_APPLICATION[enrolment.state] if enrolment else "",
        "registered": enrolment is not None and enrolment.state in (EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED),
        "card": household.cards.filter(state__in=LIVE_CARDS).order_by("-pk").first(),
        "card_in_hand": CardState.ACTIVE,
        "card_may_be_lost": CARDS_IN_HANDS,
        "tickets": portal.open_corrections(household),
        "notices": portal.latest_notices(household),
        "puskesmas": _puskesmas_near(household),
        "sources": sources(now),
        "checked_at": now,
    }
    return render(request, "participants/resident/family.html", context)


@for_own_family
def lost_card(request, household):
    """The card's number is dead at once; a new one waits for Dinkes. KTP and KK are enough meanwhile."""
    form = LostCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            cards.report_lost(household=household, at=timezone.now(), police_letter=form.cleaned_data["police_letter"])
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(
                request, _("The card is blocked and a new one is ordered. KTP and KK are enough meanwhile.")
            )
            return redirect("resident:family")
    return render(request, "participants/resident/lost_card.html", {"form": form})


@for_own_family
def correction(request, household):
    """Something about a member is wrong in the registry: a ticket to Disdukcapil, who alone corrects it."""
    people = household.residents.order_by("relation", "birth_date", "pk")
    members = [(person, f"{portal.mask_name(person.name)}, {person.get_relation_display()}") for person in people]
    form = CorrectionForm(request.POST or None, members=members)
    if request.method == "POST" and form.is_valid():
        try:
            ticket = portal.ask_for_correction(
                household=household,
                resident=form.cleaned_data["member"],
                kind=form.cleaned_data["kind"],
                text=form.cleaned_data["text"],
                at=timezone.now(),
            )
        except TooMany:
            raise
        except Refused as no:
            form.add_error(None, no.message)
        else:
            told = _("Disdukcapil is asked to correct this: ticket %(number)s. Take the document there if you can.")
            messages.success(request, told % {"number": ticket.number})
            return redirect("resident:family")
    return render(request, "participants/resident/correction.html", {"form": form})


@login_not_required
@require_POST
def leave(request):
    """Close the page for whoever uses this telephone or computer next."""
    close_door(request)
    messages.success(request, _("The page of your family is closed."))
    return redirect("resident:check")


@login_not_required
@never_cache
@require_safe
def card(request, token):
    """What a scanned card says to anybody: valid or not, nothing about the family. An unknown code is not valid either."""
    now = timezone.now()
    address = request.META["REMOTE_ADDR"]
    hit("portal.card", address, limit=portal.CARD_CHECKS_PER_ADDRESS, seconds=portal.WINDOW, now=now)
    staff = request.user.is_authenticated and request.user.has_role(*SCANNERS)
    context = {"valid": cards.is_valid(token), "checked_at": now, "token": token if staff else ""}
    return render(request, "participants/resident/card.html", context)


def _worth_telling(evaluation, now):
    """The day from which the answer may be another, unless it is only that our data must be renewed by then."""
    day = evaluation.next_change_on
    return day if day and day > timezone.localdate(now) + DATA_LIVE else None


def _puskesmas_near(household):
    """Names of the Puskesmas in the family's kecamatan."""
    if household.kelurahan is None:
        return []
    near = Facility.objects.puskesmas().filter(kecamatan=household.kelurahan.parent_id, active=True).order_by("name")
    return list(near.values_list("name", flat=True))
