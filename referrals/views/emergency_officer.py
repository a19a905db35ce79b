"""The officer's answers to an emergency notice: Dinkes, or the Puskesmas of the patient. Domain.md B10 steps 4 and 5."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.permissions import requires
from ksb.core.errors import NotAllowed, Refused
from referrals.emergency import deciding
from referrals.emergency_forms import DeclineForm, PermitForm, QuestionForm
from referrals.forms import posted
from referrals.permissions import NOTICE_OFFICERS, SERVICES
from referrals.views.emergency import notice_or_404, notice_page
from referrals.workflow import EMERGENCY


@requires(*NOTICE_OFFICERS)
@require_POST
def approve_emergency(request, emergency_id):
    """Issue the letter; a refusal is said on the page of the case."""
    notice = notice_or_404(request, emergency_id)
    try:
        sjp = deciding.approve(notice=notice, actor=request.user, at=timezone.now())
    except NotAllowed:
        raise
    except Refused as no:
        notice.refresh_from_db()
        return notice_page(request, notice, refusal=no)
    messages.success(request, _("SJP %(number)s is issued.") % {"number": sjp.number})
    return redirect("referrals:emergency", notice.public_id)


@requires(*SERVICES)
def permit_emergency(request, emergency_id):
    """The special permit for a late report."""
    notice = notice_or_404(request, emergency_id)
    form = PermitForm(posted(request))
    if form.is_valid():
        try:
            sjp = deciding.permit(
                notice=notice, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now()
            )
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("SJP %(number)s is issued.") % {"number": sjp.number})
            return redirect("referrals:emergency", notice.public_id)
    context = {"form": form, "notice": notice, "title": _("Special permit"), "button": _("Issue the SJP")}
    return render(request, "referrals/emergency_act.html", context)


@requires(*NOTICE_OFFICERS)
def ask_emergency(request, emergency_id):
    """What is missing, and until when the hospital answers."""
    notice = notice_or_404(request, emergency_id)
    now = timezone.now()
    form = QuestionForm(posted(request), now=now)
    if form.is_valid():
        deciding.ask(
            notice=notice, question=form.cleaned_data["question"], until=form.until(), actor=request.user, at=now
        )
        messages.success(request, _("The question is with the hospital."))
        return redirect("referrals:emergency", notice.public_id)
    context = {"form": form, "notice": notice, "title": _("Ask for data"), "button": _("Send the question")}
    return render(request, "referrals/emergency_act.html", context)


@requires(*NOTICE_OFFICERS)
def decline_emergency(request, emergency_id):
    """No guarantee, and why. The hospital's desk tells the patient."""
    notice = notice_or_404(request, emergency_id)
    steps = [move for move in EMERGENCY.allowed(notice, request.user) if move.name in deciding.DECLINES]
    form = DeclineForm(posted(request), steps=steps)
    if form.is_valid():
        try:
            deciding.decline(notice=notice, **form.cleaned_data, actor=request.user, at=timezone.now())
        except NotAllowed:
            raise
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The notice is declined. The hospital reads the reason."))
            return redirect("referrals:emergency", notice.public_id)
    context = {"form": form, "notice": notice, "title": _("Decline"), "button": _("Decline"), "bad": True}
    return render(request, "referrals/emergency_act.html", context)
