"""Claims entered on the screen: what is finished and not claimed yet, and the form of one episode."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from claims import by_hand
from claims.enums import ClaimState
from claims.forms import EpisodeClaimForm
from claims.intake.columns import COSTS
from claims.permissions import BILLERS
from claims.views.speaking import speak
from facilities.enums import Service
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from referrals.models import Episode

NAMES = ("sjp", "sjp__specialty", "sjp__trip", "resident", "newborn", "special", "hospital")


@requires(*BILLERS)
@require_safe
def unclaimed(request):
    """Finished episodes without a claim, newest first."""
    rows = by_hand.unclaimed(request.user, on=timezone.localdate()).select_related(*NAMES)
    page = keyset_page(rows, request.GET, keys=("-admitted_at", "-pk"))
    return render(request, "claims/unclaimed.html", {"page": page})


@requires(*BILLERS)
def enter(request, episode_id):
    """The claim of one finished episode, filled in with what the hospital has written already."""
    rows = by_hand.unclaimed(request.user, on=timezone.localdate())
    found = get_object_or_404(Episode.objects.visible_to(request.user).select_related(*NAMES), public_id=episode_id)
    journal.record("episode.view", found, actor=request.user)
    form = EpisodeClaimForm(request.POST or None, initial=by_hand.prefilled(found))
    is_trip = found.service == Service.AMBULANCE
    if request.method == "POST" and (is_trip or form.is_valid()):
        act = by_hand.claim_trip if is_trip else by_hand.claim_episode
        values = {} if is_trip else form.cleaned_data
        try:
            claim = act(episode=found, **values, actor=request.user, at=timezone.now())
        except Refused as refusal:
            if is_trip:
                messages.error(request, refusal.message)
            else:
                speak(form, refusal)
        else:
            _say(request, claim)
            return redirect("claims:claim", claim.public_id)
    context = {
        "episode": found,
        "is_trip": is_trip,
        "form": None if is_trip else form,
        "open": rows.filter(pk=found.pk).exists(),
        "kinds": COSTS,
    }
    return render(request, "claims/enter.html", context)


def _say(request, claim):
    if claim.state == ClaimState.BLOCKED:
        messages.warning(request, _("The claim was entered, but a rule refuses it. Look at the findings."))
    else:
        messages.success(request, _("The claim was entered. It is handed in with the batch of its month."))
