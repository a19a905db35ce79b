"""What waits for Dinkes: letters beyond the limits of the scheme, and more days for letters in use. Domain.md SM5, B14."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from referrals import approval, extension, limits
from referrals.approval_forms import APPROVE, DecisionForm, ExtensionForm
from referrals.enums import EpisodeState, ExtensionState, SjpState
from referrals.forms import posted
from referrals.models import Episode, Extension, Sjp
from referrals.permissions import DESK, SERVICES
from referrals.views.letters import letter_or_404

SHOWN_EXTENSIONS = 50


@requires(*SERVICES)
@require_safe
def approvals(request):
    """The queue, what must be answered first on top. What is late says so."""
    waiting = Sjp.objects.visible_to(request.user).filter(state=SjpState.WAITING).with_names()
    extensions = Extension.objects.visible_to(request.user).to_answer()
    context = {
        "page": keyset_page(waiting.select_related("issuing_hospital"), request.GET, keys=("valid_until", "pk")),
        "extensions": extensions.select_related("sjp__resident", "sjp__newborn", "sjp__special", "sjp__hospital")[
            :SHOWN_EXTENSIONS
        ],
        "today": timezone.localdate(),
    }
    return render(request, "referrals/approvals.html", context)


@requires(*SERVICES)
def decide(request, letter_id):
    """One request with everything the decision needs; yes or no with a reason."""
    sjp = letter_or_404(request, letter_id)
    if sjp.state != SjpState.WAITING and request.method != "POST":
        return redirect("referrals:letter", sjp.public_id)
    form = DecisionForm(posted(request))
    refusal = None
    if form.is_valid():
        try:
            return _answer(request, sjp, form.cleaned_data)
        except Refused as no:
            refusal = no
    return _decision_page(request, sjp, form, refusal)


def _answer(request, sjp, answer):
    now = timezone.now()
    if answer["answer"] == APPROVE:
        sjp = approval.approve(sjp=sjp, actor=request.user, at=now)
        messages.success(request, _("The letter is issued: %(number)s.") % {"number": sjp.number})
    else:
        approval.decline(sjp=sjp, actor=request.user, at=now, reason=answer["reason"])
        messages.success(request, _("The request is declined."))
    return redirect("referrals:approvals")


def _decision_page(request, sjp, form, refusal):
    now = timezone.now()
    journal.record("sjp.read", sjp, actor=request.user)
    context = {
        "sjp": sjp,
        "referral": sjp.referral,
        "form": form,
        "refusal": refusal,
        "evaluation": approval.coverage_now(sjp, at=now),
        "letters_this_year": limits.letters_of_the_year(sjp, on=timezone.localdate(now)),
        "proofs": sjp.proofs.order_by("pk"),
        "late": timezone.localdate(now) > sjp.valid_until,
    }
    return render(request, "referrals/decide.html", context, status=409 if refusal else 200)


# Extensions


@requires(*DESK)
def extend(request, letter_id):
    """The hospital asks for more days before the last one is over."""
    sjp = letter_or_404(request, letter_id)
    form = ExtensionForm(posted(request))
    if form.is_valid():
        try:
            extension.request(sjp=sjp, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The request is with Dinkes. The answer appears on this page."))
            return redirect("referrals:letter", sjp.public_id)
    context = {"form": form, "sjp": sjp, "until": extension.until_for(sjp)}
    return render(request, "referrals/extend.html", context)


@requires(*SERVICES)
def decide_extension(request, extension_id):
    """One request for more days: the stay, the reason, yes or no."""
    own = Extension.objects.visible_to(request.user).select_related(
        *(
            "sjp__resident",
            "sjp__newborn",
            "sjp__special",
            "sjp__hospital",
            "sjp__specialty",
            "sjp__diagnosis",
            "requested_by",
        )
    )
    asked = get_object_or_404(own, public_id=extension_id)
    if asked.state != ExtensionState.WAITING and request.method != "POST":
        return redirect("referrals:letter", asked.sjp.public_id)
    form = DecisionForm(posted(request))
    refusal = None
    if form.is_valid():
        try:
            return _answer_extension(request, asked, form.cleaned_data)
        except Refused as no:
            refusal = no
    journal.record("extension.read", asked, actor=request.user)
    stay = Episode.objects.filter(sjp=asked.sjp, state=EpisodeState.IN_CARE).first()
    context = {"asked": asked, "sjp": asked.sjp, "stay": stay, "form": form, "refusal": refusal}
    return render(request, "referrals/decide_extension.html", context, status=409 if refusal else 200)


def _answer_extension(request, asked, answer):
    now = timezone.now()
    if answer["answer"] == APPROVE:
        extension.grant(extension=asked, actor=request.user, at=now)
        messages.success(request, _("The letter is extended."))
    else:
        extension.decline(extension=asked, actor=request.user, at=now, reason=answer["reason"])
        messages.success(request, _("The request is declined."))
    return redirect("referrals:approvals")
