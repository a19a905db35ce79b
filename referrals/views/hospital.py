"""The hospital desk: what is addressed to the own hospital, its answer, the patient's arrival and discharge."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.permissions import requires
from ksb.core.errors import Refused, WrongState
from ksb.core.paging import keyset_page
from referrals import hospital
from referrals.bed_holds import NO_BED
from referrals.filters import SjpFilter
from referrals.forms import AdmissionForm, DischargeForm, LetterNumberForm, RefusalForm, posted
from referrals.models import Episode, Sjp
from referrals.permissions import DESK, INBOX_READERS
from referrals.views.letters import letter_or_404

TO_ANSWER = 20
# Whoever was not answered since yesterday has come, or gone elsewhere.
WAITING_FOR = timedelta(days=1)


@requires(*INBOX_READERS)
def inbox(request):
    """Letters to the own hospital, newest first; a number or a scanned QR code leads straight to its letter."""
    own = Sjp.objects.visible_to(request.user)
    form = LetterNumberForm(posted(request))
    if form.is_valid():
        found = own.by_number_or_code(form.cleaned_data["number"]).first()
        if found:
            return redirect("referrals:letter", found.public_id)
        form.add_error("number", _("No letter with this number is addressed to your hospital. Check the number."))
    rows = SjpFilter(request.GET, queryset=own.with_names())
    page = keyset_page(rows.qs, request.GET, keys=("-pk",))
    context = {"page": page, "filter": rows, "form": form, "unanswered": _unanswered(request, own)}
    return render(request, "referrals/inbox.html", context)


def _unanswered(request, own):
    """What the desk has to answer, the most urgent first; for those who answer, on the first page only."""
    if request.GET or not request.user.has_role(*DESK):
        return []
    return own.with_names().unanswered(since=timezone.now() - WAITING_FOR)[:TO_ANSWER]


@requires(*DESK)
@require_POST
def accept(request, letter_id):
    sjp = letter_or_404(request, letter_id)
    if sjp.referral is None:
        raise WrongState(_("Nobody referred this patient: there is nothing to answer."))
    try:
        hospital.accept(referral=sjp.referral, actor=request.user, at=timezone.now())
    except Refused as no:
        if no.code != NO_BED:
            raise
        messages.error(request, no.message)
    else:
        messages.success(request, _("The patient is accepted. The Puskesmas sees it at once."))
    return redirect("referrals:letter", sjp.public_id)


@requires(*DESK)
def refuse(request, letter_id):
    sjp = letter_or_404(request, letter_id)
    form = RefusalForm(posted(request))
    if form.is_valid():
        hospital.refuse(sjp=sjp, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The referral is refused. The Puskesmas chooses another hospital."))
        return redirect("referrals:inbox")
    return render(request, "referrals/refuse.html", {"form": form, "sjp": sjp})


@requires(*DESK)
def admit(request, letter_id):
    """Identity, medical record, moment. The coverage is looked up anew and shown beside the guarantee given."""
    sjp = letter_or_404(request, letter_id)
    now = timezone.now()
    form = AdmissionForm(posted(request), now=now, service=sjp.service)
    if form.is_valid():
        try:
            hospital.admit(
                sjp=sjp,
                actor=request.user,
                at=now,
                admitted_at=form.moment(),
                identity_check=form.cleaned_data["identity_check"],
                medical_record=form.cleaned_data["medical_record"],
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The arrival is registered."))
            return redirect("referrals:letter", sjp.public_id)
    evaluation = hospital.coverage_now(sjp, at=now)
    return render(request, "referrals/admit.html", {"form": form, "sjp": sjp, "evaluation": evaluation})


@requires(*DESK)
def discharge(request, episode_id):
    own = Episode.objects.visible_to(request.user).select_related(
        "sjp__referral", "sjp__specialty", "resident", "newborn", "hospital"
    )
    episode = get_object_or_404(own, public_id=episode_id)
    now = timezone.now()
    form = DischargeForm(posted(request), now=now)
    if form.is_valid():
        try:
            hospital.discharge(
                episode=episode,
                actor=request.user,
                at=now,
                discharged_at=form.moment(),
                status=form.cleaned_data["status"],
                follow_up=form.cleaned_data["follow_up"],
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The discharge is registered. The SJP can now be claimed."))
            return redirect("referrals:letter", episode.sjp.public_id)
    return render(request, "referrals/discharge.html", {"form": form, "episode": episode, "sjp": episode.sjp})
