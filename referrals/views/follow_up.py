"""The Puskesmas afterwards: back-referrals, the chronic programme, patients who did not come."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.letters import pdf_response
from ksb.core.paging import keyset_page
from referrals import back_referral, hospital_letters, letters, missed
from referrals.filters import BackReferralFilter
from referrals.follow_up_forms import CallForm, VisitForm
from referrals.forms import ReasonForm, posted
from referrals.models import BackReferral, ControlLetter, Sjp
from referrals.permissions import BACK_READERS, PRINTERS, PUSKESMAS, may_read_clinical
from referrals.workflow import BACK_REFERRAL


def _back_or_404(request, back_id):
    return get_object_or_404(BackReferral.objects.visible_to(request.user).with_names(), public_id=back_id)


@requires(*BACK_READERS)
@require_safe
def back_referrals(request):
    """Back-referrals to the own Puskesmas, or from the own hospital, newest first."""
    rows = BackReferralFilter(request.GET, queryset=BackReferral.objects.visible_to(request.user).with_names())
    page = keyset_page(rows.qs, request.GET, keys=("-pk",))
    return render(request, "referrals/back_referrals.html", {"page": page, "filter": rows})


@requires(*PUSKESMAS)
@require_safe
def chronic(request):
    """Who is followed by the own Puskesmas for a chronic disease, the next one due first."""
    own = BackReferral.objects.visible_to(request.user).followed().exclude(programme="").with_names()
    rows = BackReferralFilter(request.GET, queryset=own.filter(due_on__isnull=False))
    page = keyset_page(rows.qs, request.GET, keys=("due_on", "pk"))
    undated = list(own.filter(due_on=None).order_by("pk")[:50])
    context = {"page": page, "filter": rows, "undated": undated, "today": timezone.localdate()}
    return render(request, "referrals/chronic.html", context)


@requires(*BACK_READERS)
@require_safe
def back(request, back_id):
    """The letter, the patient's visits, and for the Puskesmas what to do next."""
    letter = _back_or_404(request, back_id)
    journal.record("back_referral.read", letter, actor=request.user)
    return _back_page(request, letter, VisitForm(initial={"visited_on": timezone.localdate()}))


@requires(*PUSKESMAS)
@require_POST
def record_visit(request, back_id):
    """One visit; what is wrong with it is said on the letter's page."""
    letter = _back_or_404(request, back_id)
    form = VisitForm(request.POST)
    if form.is_valid():
        try:
            back_referral.record_visit(letter=letter, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except WrongState:
            raise
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The visit is recorded."))
            return redirect("referrals:back", letter.public_id)
    return _back_page(request, letter, form)


def _back_page(request, letter, form):
    own = request.user.has_role(*PUSKESMAS)
    context = {
        "form": form,
        "letter": letter,
        "facts": letter.letter,
        "visits": list(letter.visits.select_related("recorded_by")),
        "moves": {move.name for move in BACK_REFERRAL.allowed(letter, request.user)} if own else set(),
        "may_print": request.user.has_role(*PRINTERS),
    }
    return render(request, "referrals/back.html", context)


@requires(*PUSKESMAS)
@require_POST
def accept_back(request, back_id):
    letter = _back_or_404(request, back_id)
    back_referral.accept(letter=letter, actor=request.user, at=timezone.now())
    messages.success(request, _("The patient is taken over. Record the first visit here."))
    return redirect("referrals:back", letter.public_id)


@requires(*PUSKESMAS)
def end_back(request, back_id):
    letter = _back_or_404(request, back_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        back_referral.end(letter=letter, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        messages.success(request, _("The follow-up has ended."))
        return redirect("referrals:back", letter.public_id)
    return render(request, "referrals/end_back.html", {"form": form, "letter": letter})


@requires(*BACK_READERS)
@require_safe
def back_text(request, back_id):
    """Letter L3 as a page; says the same as the paper."""
    letter = _back_or_404(request, back_id)
    if not may_read_clinical(request.user, letter):
        raise NotAllowed(_("This letter holds a diagnosis. Your role does not include reading it."))
    journal.record("back_referral.read", letter, actor=request.user)
    return HttpResponse(letters.page(hospital_letters.back_referral_letter(letter)))


@requires(*PRINTERS)
@require_POST
def print_back(request, back_id):
    letter = _back_or_404(request, back_id)
    content = hospital_letters.print_back_referral(letter=letter, actor=request.user, at=timezone.now())
    return pdf_response(content, f"rujuk balik {letter.number}")


# Patients who did not come


@requires(*PUSKESMAS)
def missed_letter(request, letter_id):
    """What came of calling the patient of an unused letter."""
    sjp = get_object_or_404(Sjp.objects.visible_to(request.user).with_names(), public_id=letter_id)
    return _call(request, sjp, {"sjp": sjp}, day=sjp.valid_until)


@requires(*PUSKESMAS)
def missed_control(request, control_id):
    """The same for a control date."""
    letter = get_object_or_404(ControlLetter.objects.visible_to(request.user).with_names(), public_id=control_id)
    return _call(request, letter, {"control": letter}, day=letter.control_on)


def _call(request, paper, about, *, day):
    form = CallForm(posted(request))
    if form.is_valid():
        try:
            missed.record_call(actor=request.user, at=timezone.now(), **about, **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The call is written down."))
            return redirect("referrals:today")
    calls = list(paper.missed_calls.select_related("called_by"))
    context = {"form": form, "paper": paper, "day": day, "calls": calls, "phone": missed.phone_of(paper)}
    return render(request, "referrals/call.html", context)
