"""Haemodialysis and other series at the hospital desk: who comes this week, each session, the next letter. Domain.md B13."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.dates import WEEKDAYS_ABBR
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from referrals import rules
from referrals import series as programmes
from referrals.forms import posted
from referrals.models import Series, Session
from referrals.permissions import DESK, SERIES_READERS
from referrals.series_forms import RenewalForm, SeriesEndForm, SeriesForm, SessionForm
from referrals.views.letters import letter_or_404

SHOWN_SESSIONS = 60


@requires(*SERIES_READERS)
@require_safe
def series_list(request):
    """Running series with how far the week is and when the letter ends."""
    today = timezone.localdate()
    running = Series.objects.visible_to(request.user).running().with_progress(rules.monday(today))
    page = keyset_page(running.select_related("resident", "hospital"), request.GET, keys=("-pk",))
    renewed_from = today + programmes.RENEW_FROM
    return render(request, "referrals/series_list.html", {"page": page, "today": today, "renewed_from": renewed_from})


def series_or_404(request, series_id):
    own = Series.objects.visible_to(request.user)
    return get_object_or_404(own.select_related("resident", "hospital", "puskesmas", "diagnosis"), public_id=series_id)


@requires(*SERIES_READERS)
@require_safe
def series(request, series_id):
    """One programme: schedule, letters, sessions."""
    found = series_or_404(request, series_id)
    journal.record("series.read", found, actor=request.user)
    now = timezone.now()
    letter = programmes.current_letter(found)
    own = found.is_running and found.hospital_id in request.user.facility_ids(*DESK)
    sessions = Session.objects.filter(sjp__series=found).select_related("episode", "sjp").order_by("-day")
    context = {
        "series": found,
        "days": ", ".join(str(WEEKDAYS_ABBR[day - 1]) for day in found.weekdays),
        "letters": found.letters.order_by("-pk"),
        "sessions": sessions[:SHOWN_SESSIONS],
        "evaluation": programmes.coverage_now(found, at=now) if own else None,
        "own": own,
        "may_renew": own and programmes.may_renew(letter, on=timezone.localdate(now)),
    }
    return render(request, "referrals/series.html", context)


@requires(*DESK)
def begin_series(request, letter_id):
    """Open the programme on the letter the patient has brought."""
    sjp = letter_or_404(request, letter_id)
    kinds = programmes.KINDS.get(sjp.service, ())
    initial = {"diagnosis": sjp.diagnosis_id}
    form = SeriesForm(posted(request), kinds=kinds, initial=initial)
    if form.is_valid():
        try:
            opened = programmes.begin(sjp=sjp, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The series is opened. Register each session here."))
            return redirect("referrals:series", opened.public_id)
    title = _("Open a series of sessions")
    return render(request, "referrals/series_form.html", {"form": form, "sjp": sjp, "title": title})


def _act(request, series_id, form, act, *, title, done):
    """One act on a series with its form; a refusal stands above the fields and nothing has changed."""
    found = series_or_404(request, series_id)
    if form.is_valid():
        try:
            act(found, form)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, done)
            return redirect("referrals:series", found.public_id)
    evaluation = programmes.coverage_now(found, at=timezone.now())
    context = {"form": form, "series": found, "title": title, "evaluation": evaluation}
    return render(request, "referrals/series_act.html", context)


@requires(*DESK)
def register_session(request, series_id):
    now = timezone.now()

    def act(found, form):
        programmes.register(
            series=found,
            actor=request.user,
            at=now,
            identity_check=form.cleaned_data["identity_check"],
            started_at=form.moment(),
            ended_at=form.ended_at(),
            medical_record=form.cleaned_data["medical_record"],
        )

    form = SessionForm(posted(request), now=now)
    return _act(request, series_id, form, act, title=_("Register a session"), done=_("The session is registered."))


@requires(*DESK)
def renew_series(request, series_id):
    def act(found, form):
        programmes.renew(series=found, actor=request.user, at=timezone.now(), **form.cleaned_data)

    form = RenewalForm(posted(request))
    return _act(request, series_id, form, act, title=_("Write the next letter"), done=_("The next letter is written."))


@requires(*DESK)
def end_series(request, series_id):
    def act(found, form):
        programmes.end(series=found, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])

    form = SeriesEndForm(posted(request))
    return _act(request, series_id, form, act, title=_("End the series"), done=_("The series has ended."))
