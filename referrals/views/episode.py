"""One patient at the hospital: arrival, the episode's page, discharge, medical summary, and the ways on and back."""

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
from referrals import back_referral, control, hospital, hospital_letters, letters, resume, visits
from referrals.enums import EpisodeState, SjpState
from referrals.episode_forms import (
    AdmissionForm,
    BackReferralForm,
    ControlForm,
    DischargeForm,
    InternalReferralForm,
    ResumeForm,
)
from referrals.forms import posted
from referrals.models import ControlLetter, Episode, Resume
from referrals.permissions import BACK_READERS, DESK, SERVICES, TREATMENT_READERS, may_read_clinical
from referrals.views.letters import letter_or_404
from referrals.workflow import EPISODE, SJP
from referrals.workflow.who import may_discharge


def episode_or_404(request, episode_id):
    """The episode, inside the perimeter of whoever asks."""
    found = Episode.objects.visible_to(request.user).select_related(
        *("sjp__referral", "sjp__specialty", "sjp__diagnosis", "sjp__puskesmas"),
        *("specialty", "resident", "newborn", "special", "hospital"),
    )
    return get_object_or_404(found, public_id=episode_id)


@requires(*DESK)
def admit(request, letter_id):
    """Identity, medical record, moment. The coverage is looked up anew and shown beside the guarantee given."""
    sjp = letter_or_404(request, letter_id)
    now = timezone.now()
    today = timezone.localdate(now)
    ways = visits.invitations(sjp, today) if sjp.state == SjpState.USED else ()
    known = {"medical_record": hospital.record_number(sjp)}
    form = AdmissionForm(posted(request), now=now, sjp=sjp, invitations=ways, initial=known)
    if form.is_valid():
        try:
            hospital.admit(
                sjp=sjp,
                actor=request.user,
                at=now,
                admitted_at=form.moment(),
                identity_check=form.cleaned_data["identity_check"],
                medical_record=form.cleaned_data["medical_record"],
                doctor_name=form.cleaned_data["doctor_name"],
                ward=form.cleaned_data.get("ward", ""),
                invitation=form.invited_by(),
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The arrival is registered."))
            return redirect("referrals:letter", sjp.public_id)
    context = {
        "form": form,
        "sjp": sjp,
        "evaluation": hospital.coverage_now(sjp, at=now),
        "elsewhere": list(hospital.elsewhere_on(sjp, today)[:5]),
    }
    return render(request, "referrals/admit.html", context)


@requires(*TREATMENT_READERS)
@require_safe
def episode(request, episode_id):
    """Everything about one visit or stay, and what can be written now."""
    found = episode_or_404(request, episode_id)
    journal.record("episode.read", found, actor=request.user)
    writes = request.user.has_role(*DESK)
    summary = Resume.objects.filter(episode=found).select_related("diagnosis").first()
    context = {
        "episode": found,
        "sjp": found.sjp,
        "summary": summary,
        "missing": resume.missing(summary, found) if found.state == EpisodeState.DISCHARGED else [],
        "due": resume.due(found) if found.state == EpisodeState.DISCHARGED else None,
        "moves": {
            move.name
            for move in EPISODE.allowed(found, request.user)
            if move.name != "discharge" or may_discharge(found.sjp, request.user)
        },
        "controls": [
            (letter, writes and letter.state == "ISSUED")
            for letter in ControlLetter.objects.filter(episode=found).select_related("specialty").order_by("pk")
        ],
        "internal": list(found.internal_referrals.select_related("specialty", "visit").order_by("pk")),
        "back_letter": getattr(found, "back_referral", None),
        "may_write": writes,
        "may_call_back": writes and found.sjp.state == SjpState.USED,
        "may_finish": writes and found.state != EpisodeState.IN_CARE and bool(_finishing(found.sjp, request.user)),
        "may_send_back": writes and found.state != EpisodeState.IN_CARE and not found.death_time,
    }
    return render(request, "referrals/episode.html", context)


def _finishing(sjp, user):
    return [move for move in SJP.allowed(sjp, user) if move.name == "finish"]


@requires(*DESK, *SERVICES)
def discharge(request, episode_id):
    found = episode_or_404(request, episode_id)
    now = timezone.now()
    form = DischargeForm(posted(request), now=now)
    if form.is_valid():
        data = form.cleaned_data
        try:
            done = hospital.discharge(
                episode=found,
                actor=request.user,
                at=now,
                discharged_at=form.moment(),
                status=data["status"],
                follow_up=data["follow_up"],
                next_step=data["next_step"],
                condition=data["condition"],
                death_time=form.death_time(),
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The discharge is registered. Write the medical summary next."))
            return redirect("referrals:episode", done.public_id)
    return render(request, "referrals/discharge.html", {"form": form, "episode": found, "sjp": found.sjp})


@requires(*DESK)
@require_POST
def finish(request, episode_id):
    """No further visit under the letter."""
    found = episode_or_404(request, episode_id)
    visits.finish(sjp=found.sjp, actor=request.user, at=timezone.now())
    messages.success(request, _("The service is finished. The SJP can now be claimed."))
    return redirect("referrals:episode", found.public_id)


# The medical summary


@requires(*DESK)
def write_resume(request, episode_id):
    """Saved in pieces; the second button completes it."""
    found = episode_or_404(request, episode_id)
    now = timezone.now()
    summary = Resume.objects.filter(episode=found).select_related("diagnosis").first()
    form = ResumeForm(
        posted(request),
        hospital=found.hospital,
        on=timezone.localdate(now),
        initial=_pieces(summary) if summary else {"doctor_name": found.doctor_name},
    )
    if form.is_valid():
        try:
            resume.save(episode=found, actor=request.user, at=now, **form.cleaned_data)
            if "complete" in request.POST:
                resume.complete(episode=found, actor=request.user, at=now)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(
                request,
                _("The medical summary is complete.") if "complete" in request.POST else _("The summary is kept."),
            )
            return redirect("referrals:episode", found.public_id)
    context = {"form": form, "episode": found, "sjp": found.sjp, "due": _due(found)}
    return render(request, "referrals/resume.html", context)


def _due(found):
    return resume.due(found) if found.discharged_at else None


def _pieces(summary):
    return {name: getattr(summary, name) for name in resume.PIECES}


def _complete_resume(request, episode_id):
    """The completed summary of an episode; 404 while it is not."""
    found = episode_or_404(request, episode_id)
    summary = get_object_or_404(Resume.objects.select_related("episode__sjp", "episode__hospital"), episode=found)
    if found.state != EpisodeState.COMPLETE:
        raise Http404
    if not may_read_clinical(request.user, found.sjp):
        raise NotAllowed(_("This letter holds a diagnosis. Your role does not include reading it."))
    return summary


@requires(*TREATMENT_READERS)
@require_safe
def resume_text(request, episode_id):
    summary = _complete_resume(request, episode_id)
    journal.record("resume.read", summary, actor=request.user)
    return HttpResponse(letters.page(hospital_letters.resume_letter(summary)))


@requires(*DESK)
@require_POST
def print_resume(request, episode_id):
    summary = _complete_resume(request, episode_id)
    content = hospital_letters.print_resume(resume=summary, actor=request.user, at=timezone.now())
    return pdf_response(content, f"resume {summary.episode.sjp.number}")


# The ways on and back


@requires(*DESK)
def write_control(request, episode_id):
    found = episode_or_404(request, episode_id)
    now = timezone.now()
    form = ControlForm(
        posted(request), hospital=found.hospital, on=timezone.localdate(now), initial=_treating(found, clinic=True)
    )
    return _write(
        request,
        found,
        form,
        lambda: control.write(episode=found, actor=request.user, at=now, **form.cleaned_data),
        title=_("Control letter"),
        done=_("The control letter is written. Print it for the patient."),
        last=control.last_day(found.sjp, timezone.localdate(now)),
    )


@requires(*DESK)
def refer_internally(request, episode_id):
    found = episode_or_404(request, episode_id)
    now = timezone.now()
    form = InternalReferralForm(
        posted(request), hospital=found.hospital, on=timezone.localdate(now), initial=_treating(found)
    )
    return _write(
        request,
        found,
        form,
        lambda: control.refer_internally(episode=found, actor=request.user, at=now, **form.cleaned_data),
        title=_("Refer to another clinic"),
        done=_("The patient is referred to the other clinic under the same SJP."),
    )


@requires(*DESK)
def send_back(request, episode_id):
    found = episode_or_404(request, episode_id)
    now = timezone.now()
    summary = Resume.objects.filter(episode=found).select_related("diagnosis").first()
    form = BackReferralForm(
        posted(request),
        hospital=found.hospital,
        on=timezone.localdate(now),
        initial={
            "puskesmas": found.sjp.puskesmas_id,
            "diagnosis": (summary and summary.diagnosis) or found.sjp.diagnosis,
            "other_diagnoses": summary.other_diagnoses if summary else [],
            "procedures": summary.procedures if summary else [],
            "condition": found.get_condition_display(),
            "doctor_name": found.doctor_name or (summary.doctor_name if summary else ""),
        },
    )
    return _write(
        request,
        found,
        form,
        lambda: back_referral.send(episode=found, actor=request.user, at=now, **form.cleaned_data),
        title=_("Refer back to the Puskesmas"),
        done=_("The back-referral is sent. The Puskesmas sees it at once."),
    )


def _treating(found, *, clinic=False):
    initial = {"doctor_name": found.doctor_name}
    return initial | {"specialty": found.clinic} if clinic else initial


def _write(request, found, form, act, *, title, done, last=None):
    """A form about an episode that ends on the episode's page."""
    if form.is_valid():
        try:
            act()
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, done)
            return redirect("referrals:episode", found.public_id)
    context = {"form": form, "episode": found, "sjp": found.sjp, "title": title, "last": last}
    return render(request, "referrals/write.html", context)


# Control letters


def _control_or_404(request, control_id):
    own = ControlLetter.objects.visible_to(request.user).with_names().select_related("episode")
    return get_object_or_404(own, public_id=control_id)


@requires(*BACK_READERS)
@require_safe
def control_text(request, control_id):
    """Letter L4 as a page. It names clinic and reason, and so a good deal of the illness."""
    letter = _control_or_404(request, control_id)
    if not may_read_clinical(request.user, letter):
        raise NotAllowed(_("This letter holds a diagnosis. Your role does not include reading it."))
    journal.record("control.read", letter, actor=request.user)
    return HttpResponse(letters.page(hospital_letters.control_letter(letter)))


@requires(*DESK)
@require_POST
def print_control(request, control_id):
    letter = _control_or_404(request, control_id)
    content = hospital_letters.print_control(control=letter, actor=request.user, at=timezone.now())
    return pdf_response(content, f"surat kontrol {letter.number}")


@requires(*DESK)
@require_POST
def cancel_control(request, control_id):
    letter = _control_or_404(request, control_id)
    control.cancel(letter=letter, actor=request.user, at=timezone.now())
    messages.success(request, _("The control letter is cancelled."))
    return redirect("referrals:episode", letter.episode.public_id)
