"""Pages without a log-in: the family's own page, and what the QR code of a card says. No script, no number in an address.

Who was admitted is known to the server's session alone, for fifteen minutes; the cookie is a random word.
"""

from datetime import datetime, timedelta

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from facilities.models import Facility
from ksb.core.errors import Refused
from ksb.core.ratelimit import hit
from participants import cards, newborns, portal
from participants.enums import CardState, EnrolmentState
from participants.families import view_family
from participants.forms import ResidentForm
from participants.freshness import sources
from participants.guidance import NEXT_STEP
from participants.jkn.notices import newly_insured
from participants.models import Household
from participants.models.family import LIVE_CARDS, OPEN_STATES

SESSION = "own_family"


@login_not_required
@never_cache
def check(request):
    """Three details that belong together open the family's page."""
    form = ResidentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        now = timezone.now()
        try:
            household = portal.admit(**form.cleaned_data, address=request.META["REMOTE_ADDR"], at=now)
        except Refused as no:
            if no.code != "no_match":
                raise
            form.add_error(None, no.message)
        else:
            _open_door(request, household, now)
            return redirect("resident:family")
    return render(request, "participants/resident/check.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def family(request):
    """The card, every member's cover, and what to do next."""
    household = _admitted(request)
    if household is None:
        messages.info(request, _("For your safety the page was closed. Please enter the three details again."))
        return redirect("resident:check")
    now = timezone.now()
    members = [
        {
            "name": portal.mask_name(member.resident.name),
            "nik": member.resident.nik,
            "birth_year": member.resident.birth_date.year,
            "relation": member.resident.get_relation_display(),
            "evaluation": member.evaluation,
            "next_step": NEXT_STEP[member.evaluation.decision],
        }
        for member in view_family(household, on=timezone.localdate(now), at=now).members
    ]
    enrolment = household.enrolments.filter(state__in=OPEN_STATES).order_by("-pk").first()
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
        "registered": enrolment is not None and enrolment.state in (EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED),
        "card": household.cards.filter(state__in=LIVE_CARDS).order_by("-pk").first(),
        "card_in_hand": CardState.ACTIVE,
        "puskesmas": _puskesmas_near(household),
        "sources": sources(now),
        "checked_at": now,
    }
    return render(request, "participants/resident/family.html", context)


@login_not_required
@require_POST
def leave(request):
    """Close the page for whoever uses this telephone or computer next."""
    if request.user.is_authenticated:
        request.session.pop(SESSION, None)
    else:
        request.session.flush()
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
    context = {"valid": cards.is_valid(token), "checked_at": now}
    return render(request, "participants/resident/card.html", context)


def _open_door(request, household, now):
    request.session.cycle_key()
    request.session[SESSION] = {
        "household": household.pk,
        "until": (now + timedelta(minutes=portal.MINUTES)).isoformat(),
    }
    if not request.user.is_authenticated:
        request.session.set_expiry(portal.MINUTES * 60)


def _admitted(request):
    """The household this session was admitted to less than fifteen minutes ago, or None."""
    entry = request.session.get(SESSION)
    if entry is None or datetime.fromisoformat(entry["until"]) < timezone.now():
        request.session.pop(SESSION, None)
        return None
    return Household.objects.select_related("head", "kelurahan__parent").get(pk=entry["household"])


def _puskesmas_near(household):
    """Names of the Puskesmas in the family's kecamatan."""
    if household.kelurahan is None:
        return []
    near = Facility.objects.puskesmas().filter(kecamatan=household.kelurahan.parent_id, active=True).order_by("name")
    return list(near.values_list("name", flat=True))
