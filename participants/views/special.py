"""Special covers and events: registers, new entries, the second person's decision."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_POST, require_safe

from facilities.models import Region
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from participants.models import SpecialCover, SpecialEvent
from participants.permissions import SPECIAL_DECIDERS, SPECIAL_READERS, SPECIAL_WRITERS
from participants.special import covers, events
from participants.special.forms import ExplanationForm, IdentityForm, PeopleForm, SpecialCoverForm, SpecialEventForm
from participants.workflow import SPECIAL_COVER, SPECIAL_EVENT

SHOWN_PEOPLE = 100
DONE = {
    "approve": gettext_lazy("In force from its first day."),
    "refuse": gettext_lazy("Refused. Nothing was put in force."),
    "end": gettext_lazy("Ended with today."),
}


@requires(*SPECIAL_READERS)
@require_safe
def special_covers(request):
    """The register, newest first."""
    rows = SpecialCover.objects.visible_to(request.user)
    page = keyset_page(rows, request.GET, keys=("-pk",))
    context = {"page": page, "may_write": request.user.has_role(*SPECIAL_WRITERS)}
    return render(request, "participants/special/covers.html", context)


@requires(*SPECIAL_WRITERS)
def new_special_cover(request):
    form = SpecialCoverForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            special = covers.propose(actor=request.user, at=timezone.now(), **form.told())
            messages.success(request, _("Entered. Another person puts it in force."))
            return redirect("participants:special_cover", special.public_id)
        except Refused as no:
            form.add_error("nik" if no.code == "nik" else None, no.message)
    return render(request, "participants/special/new_cover.html", {"form": form})


@requires(*SPECIAL_READERS)
@require_safe
def special_cover(request, special_id):
    special = _cover(request, special_id)
    now = timezone.now()
    journal.record("special_cover.view", special, actor=request.user)
    context = {
        "special": special,
        "decision": covers.decision(special, on=timezone.localdate(now), at=now),
        "may_identify": covers.may_identify(special, request.user),
        **_moves(SPECIAL_COVER, special, request.user),
    }
    return render(request, "participants/special/cover.html", context)


@requires(*SPECIAL_DECIDERS)
@require_POST
def approve_special_cover(request, special_id):
    special = covers.approve(special=_cover(request, special_id), actor=request.user, at=timezone.now())
    messages.success(request, DONE["approve"])
    return redirect("participants:special_cover", special.public_id)


@requires(*SPECIAL_DECIDERS)
def close_special_cover(request, special_id, move):
    """Refuse or end, with the explanation."""
    special = _cover(request, special_id)

    def act(reason):
        service = {"refuse": covers.refuse, "end": covers.end}[move]
        service(special=special, reason=reason, actor=request.user, at=timezone.now())
        return redirect("participants:special_cover", special.public_id)

    return _explained(request, SPECIAL_COVER[move], special, act)


@requires(*SPECIAL_DECIDERS)
def identify_special_cover(request, special_id):
    """The NIK of somebody entered without one: the person's letters and claims follow."""
    special = _cover(request, special_id)
    form = IdentityForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            covers.identify(special=special, nik=form.cleaned_data["nik"], actor=request.user, at=timezone.now())
            messages.success(request, _("The person is known. Letters and claims follow within minutes."))
            return redirect("participants:special_cover", special.public_id)
        except Refused as no:
            if no.code != "nik":
                raise
            form.add_error("nik", no.message)
    return render(request, "participants/special/identify.html", {"form": form, "special": special})


@requires(*SPECIAL_READERS)
@require_safe
def special_events(request):
    """All events, newest first."""
    page = keyset_page(SpecialEvent.objects.visible_to(request.user), request.GET, keys=("-pk",))
    context = {"page": page, "may_write": request.user.has_role(*SPECIAL_DECIDERS)}
    return render(request, "participants/special/events.html", context)


@requires(*SPECIAL_DECIDERS)
def new_special_event(request):
    form = SpecialEventForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        event = events.propose(actor=request.user, **form.cleaned_data)
        messages.success(request, _("Entered. Another person puts it in force."))
        return redirect("participants:special_event", event.public_id)
    return render(request, "participants/special/new_event.html", {"form": form})


@requires(*SPECIAL_READERS)
@require_safe
def special_event(request, event_id):
    return _event_page(request, _event(request, event_id), PeopleForm())


@requires(*SPECIAL_DECIDERS)
@require_POST
def approve_special_event(request, event_id):
    event = events.approve(event=_event(request, event_id), actor=request.user, at=timezone.now())
    messages.success(request, DONE["approve"])
    return redirect("participants:special_event", event.public_id)


@requires(*SPECIAL_DECIDERS)
def close_special_event(request, event_id, move):
    """Refuse or end, with the explanation."""
    event = _event(request, event_id)

    def act(reason):
        service = {"refuse": events.refuse, "end": events.end}[move]
        service(event=event, reason=reason, actor=request.user, at=timezone.now())
        return redirect("participants:special_event", event.public_id)

    return _explained(request, SPECIAL_EVENT[move], event, act)


@requires(*SPECIAL_WRITERS)
@require_POST
def list_event_people(request, event_id):
    event = _event(request, event_id)
    form = PeopleForm(request.POST)
    if not form.is_valid():
        return _event_page(request, event, form)
    niks = form.cleaned_data["niks"]
    added, unknown = events.list_people(event=event, niks=niks, actor=request.user, at=timezone.now())
    messages.success(request, ngettext("%(n)d person was added.", "%(n)d people were added.", added) % {"n": added})
    if unknown:
        lines = ", ".join(map(str, unknown))
        messages.warning(request, _("The registry does not know the NIK in these lines: %(lines)s.") % {"lines": lines})
    return redirect("participants:special_event", event.public_id)


def _cover(request, special_id):
    rows = SpecialCover.objects.visible_to(request.user).select_related(
        "resident__household", "created_by", "approved_by", "refused_by", "ended_by", "identified_by"
    )
    return get_object_or_404(rows, public_id=special_id)


def _event(request, event_id):
    rows = SpecialEvent.objects.visible_to(request.user).select_related(
        "created_by", "approved_by", "refused_by", "ended_by"
    )
    return get_object_or_404(rows, public_id=event_id)


def _moves(workflow, thing, user):
    own = thing.created_by_id == user.pk
    moves = {move.name: move for move in workflow.allowed(thing, user)}
    return {"moves": moves, "own": own and "approve" in moves}


def _event_page(request, event, form):
    people = event.people.select_related("resident").order_by("-pk")[: SHOWN_PEOPLE + 1]
    journal.record("special_event.view", event, actor=request.user)
    context = {
        "event": event,
        "area": Region.objects.filter(code__in=event.area).select_related("parent").order_by("parent__name", "name"),
        "people": list(people)[:SHOWN_PEOPLE],
        "more": len(people) > SHOWN_PEOPLE,
        "form": form,
        "may_list": event.state in ("PROPOSED", "APPROVED") and request.user.has_role(*SPECIAL_WRITERS),
        **_moves(SPECIAL_EVENT, event, request.user),
    }
    return render(request, "participants/special/event.html", context)


def _explained(request, move, thing, act):
    """One page for moves that need an explanation."""
    form = ExplanationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done = act(form.cleaned_data["reason"])
        messages.success(request, DONE[move.name])
        return done
    context = {"form": form, "move": move, "thing": thing, "is_event": isinstance(thing, SpecialEvent)}
    return render(request, "participants/special/close.html", context)
