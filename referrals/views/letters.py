"""The letter itself: lists, the page of one letter, its prints, and its ends before use."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.letters import pdf_response
from ksb.core.paging import keyset_page
from participants.eligibility import thaw
from referrals import ambulance, bed_holds, cases, escalation, extension, issuing, letters, moves, series, visits
from referrals.enums import EpisodeState, ReferralState
from referrals.filters import SjpFilter
from referrals.forms import ReasonForm, posted
from referrals.models import Episode, Proof, Sjp
from referrals.permissions import (
    DESK,
    ESCALATION_READERS,
    ISSUERS,
    LETTER_READERS,
    LIST_READERS,
    PRINTERS,
    SERVICES,
    TREATMENT_READERS,
    may_read_clinical,
)
from referrals.workflow import REFERRAL, SJP
from referrals.workflow.who import may_discharge


def letter_or_404(request, letter_id):
    """The letter, inside the perimeter of whoever asks."""
    return get_object_or_404(Sjp.objects.visible_to(request.user).with_names(), public_id=letter_id)


@requires(*LIST_READERS)
@require_safe
def letter_list(request):
    """Letters of the own Puskesmas, or of the city for its offices, newest first."""
    rows = SjpFilter(request.GET, queryset=Sjp.objects.visible_to(request.user).with_names())
    page = keyset_page(rows.qs, request.GET, keys=("-pk",))
    return render(request, "referrals/letter_list.html", {"page": page, "filter": rows})


@requires(*LETTER_READERS)
@require_safe
def letter(request, letter_id):
    """Everything about one letter, and the buttons the reader's role and the letter's state allow."""
    sjp = letter_or_404(request, letter_id)
    journal.record("sjp.read", sjp, actor=request.user)
    user, on = request.user, timezone.localdate()
    episodes = list(Episode.objects.filter(sjp=sjp).order_by("admitted_at"))
    running = next((episode for episode in episodes if episode.state == EpisodeState.IN_CARE), None)
    clinical = may_read_clinical(user, sjp)
    context = {
        "sjp": sjp,
        "referral": sjp.referral,
        "clinical": clinical,
        "reasons": thaw(sjp.decision),
        "episodes": episodes,
        "running": running,
        "moves": {move.name for move in SJP.allowed(sjp, user)},
        "answers": {move.name for move in REFERRAL.allowed(sjp.referral, user)} if sjp.referral_id else set(),
        "reads_episodes": user.has_role(*TREATMENT_READERS),
        "comes_back": running is None and user.has_role(*DESK) and visits.may_come(sjp, on),
        "may_discharge": running is not None and may_discharge(sjp, user),
        "may_extend": extension.may_ask(sjp, running, actor=user, on=on),
        "extensions": list(sjp.extensions.order_by("pk")) if clinical else [],
        "may_begin_series": series.may_begin(sjp, actor=user),
        "may_move": moves.may_move(sjp, actor=user),
        "children": list(sjp.children.select_related("hospital").order_by("pk")),
        "may_depart": moves.may_depart(sjp, actor=user),
        "proofs": list(Proof.objects.visible_to(user).filter(sjp=sjp).order_by("pk")),
        "may_ask_for_trip": ambulance.may_ask(sjp, actor=user),
        "may_print": user.has_role(*PRINTERS) and sjp.state not in letters.DEAD,
        "may_renew": issuing.may_renew(sjp, actor=user, on=on),
        "may_choose_again": user.has_role(*ISSUERS) and not sjp.newborn_id and cases.may_go_on(sjp, at=timezone.now()),
        **_standing(sjp.referral, user),
        "outdated": sjp.state in ("WAITING", "ISSUED") and on > sjp.valid_until,
    }
    return render(request, "referrals/letter.html", context)


def _standing(referral, user):
    """How the referral stands with its hospital: the bed kept, the case it belongs to, and the duty officer's part."""
    if referral is None:
        return {"hold": None, "case": [], "called": None}
    reads_cases = user.has_role(*ESCALATION_READERS)
    return {
        "hold": bed_holds.of(referral) if referral.state == ReferralState.ACCEPTED else None,
        "case": cases.before(referral) if reads_cases else [],
        "called": escalation.current(referral) if reads_cases else None,
    }


# Paper


@requires(*LETTER_READERS)
@require_safe
def sjp_text(request, letter_id):
    """The SJP as a page; says the same as the paper."""
    return _text(request, letter_id, letters.sjp_letter)


@requires(*LETTER_READERS)
@require_safe
def referral_text(request, letter_id):
    """The referral as a page."""
    return _text(request, letter_id, lambda sjp: letters.referral_letter(_referral(sjp)))


def _referral(sjp):
    """The referral behind the letter; an emergency has none to read."""
    if sjp.referral is None:
        raise Http404
    return sjp.referral


def _text(request, letter_id, compose):
    sjp = letter_or_404(request, letter_id)
    if not may_read_clinical(request.user, sjp):
        raise NotAllowed(_("This letter holds a diagnosis. Your role does not include reading it."))
    journal.record("sjp.read", sjp, actor=request.user)
    return HttpResponse(letters.page(compose(sjp)))


@requires(*PRINTERS)
@require_POST
def print_sjp(request, letter_id):
    """One more print, counted."""
    sjp = letter_or_404(request, letter_id)
    return pdf_response(letters.print_sjp(sjp=sjp, actor=request.user, at=timezone.now()), f"sjp {sjp.number}")


@requires(*PRINTERS)
@require_POST
def print_referral(request, letter_id):
    referral = _referral(letter_or_404(request, letter_id))
    content = letters.print_referral(referral=referral, actor=request.user, at=timezone.now())
    return pdf_response(content, f"rujukan {referral.number}")


# Ends before use


@requires(*ISSUERS)
def cancel(request, letter_id):
    return _with_reason(
        request, letter_id, issuing.cancel, title=_("Cancel the letter"), done=_("The letter is cancelled.")
    )


@requires(*DESK)
def withdraw(request, letter_id):
    return _with_reason(
        request, letter_id, issuing.withdraw, title=_("Take the letter back"), done=_("The letter is taken back.")
    )


@requires(*SERVICES)
def revoke(request, letter_id):
    return _with_reason(
        request, letter_id, issuing.revoke, title=_("Revoke the letter"), done=_("The letter is revoked.")
    )


def _with_reason(request, letter_id, act, *, title, done):
    sjp = letter_or_404(request, letter_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        act(sjp=sjp, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, done)
        return redirect("referrals:letter", sjp.public_id)
    return render(request, "referrals/reason.html", {"form": form, "sjp": sjp, "title": title})


@requires(*ISSUERS)
@require_POST
def renew(request, letter_id):
    """A new SJP from the same referral, after the first expired unused."""
    sjp = letter_or_404(request, letter_id)
    try:
        new = issuing.renew(referral=_referral(sjp), actor=request.user, at=timezone.now())
    except Refused as no:
        messages.error(request, no.message)
        return redirect("referrals:letter", sjp.public_id)
    return redirect("referrals:issued", new.public_id)
