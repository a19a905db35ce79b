"""The verifiers: decrees, ties to hospitals, absences, open work."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from verification import team
from verification.forms import AbsenceForm, AppointForm, ConflictForm
from verification.models import Absence, Conflict
from verification.permissions import COORDINATION, TEAM_READERS
from verification.reports import open_work
from verification.views.loading import load_verifier


@requires(*TEAM_READERS)
@require_safe
def people(request):
    """Everybody who verifies, with decree, ties, absence and open claims."""
    found = list(team.verifiers(on=timezone.localdate()))
    loads = open_work()
    rows = [(person, loads.get(person.pk, 0)) for person in found]
    return render(request, "verification/team.html", {"rows": rows, "today": timezone.localdate()})


@requires(*TEAM_READERS)
@require_safe
def person(request, verifier_id):
    return _page(request, load_verifier(verifier_id, on=timezone.localdate()))


def _page(request, verifier, **forms):
    keeps = request.user.has_role(*COORDINATION)
    context = {
        "person": verifier,
        "appointments": list(verifier.appointments.order_by("-valid")),
        "conflicts": list(verifier.conflicts.select_related("hospital").order_by("ended_at", "pk")),
        "absences": list(verifier.absences.order_by("-days")[:20]),
        "appoint_form": forms.get("appoint", AppointForm()) if keeps else None,
        "conflict_form": forms.get("conflict", ConflictForm()) if keeps else None,
        "absence_form": forms.get("absence", AbsenceForm()) if keeps else None,
    }
    return render(request, "verification/person.html", context)


def _done(request, verifier, words):
    messages.success(request, words)
    return redirect("verification:person", verifier.pk)


@requires(*COORDINATION)
@require_POST
def appoint(request, verifier_id):
    verifier, form = load_verifier(verifier_id, on=timezone.localdate()), AppointForm(request.POST)
    if form.is_valid():
        kind, decree = form.cleaned_data["kind"], form.cleaned_data["decree"]
        try:
            team.appoint(
                verifier=verifier, kind=kind, decree=decree, period=form.period, actor=request.user, at=timezone.now()
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _done(request, verifier, _("The appointment was recorded."))
    return _page(request, verifier, appoint=form)


@requires(*COORDINATION)
@require_POST
def tie(request, verifier_id):
    """Record a tie to a hospital."""
    verifier, form = load_verifier(verifier_id, on=timezone.localdate()), ConflictForm(request.POST)
    if form.is_valid():
        try:
            team.record_conflict(verifier=verifier, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _done(request, verifier, _("The tie was recorded; open work on this hospital was handed over."))
    return _page(request, verifier, conflict=form)


@requires(*COORDINATION)
@require_POST
def absent(request, verifier_id):
    """Record days away."""
    verifier, form = load_verifier(verifier_id, on=timezone.localdate()), AbsenceForm(request.POST)
    if form.is_valid():
        reason = form.cleaned_data["reason"]
        team.record_absence(verifier=verifier, period=form.period, reason=reason, actor=request.user, at=timezone.now())
        return _done(request, verifier, _("The absence was recorded; open work is handed over on its first day."))
    return _page(request, verifier, absence=form)


@requires(*COORDINATION)
@require_POST
def end_tie(request, conflict_id):
    conflict = get_object_or_404(Conflict.objects.visible_to(request.user).select_related("verifier"), pk=conflict_id)
    return _ended(request, conflict.verifier, lambda: team.end_conflict(
        conflict=conflict, actor=request.user, at=timezone.now()
    ))  # fmt: skip


@requires(*COORDINATION)
@require_POST
def end_absence(request, absence_id):
    absence = get_object_or_404(Absence.objects.visible_to(request.user).select_related("verifier"), pk=absence_id)
    return _ended(request, absence.verifier, lambda: team.end_absence(
        absence=absence, actor=request.user, at=timezone.now()
    ))  # fmt: skip


def _ended(request, verifier, act):
    try:
        act()
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("verification:person", verifier.pk)
    return _done(request, verifier, _("The entry was ended. It stays on record."))
