"""Asking Dukcapil and BPJS on line, what they said, and how their servers are doing. Addresses hold opaque ids only."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from participants import answers, online
from participants.dukcapil import client as dukcapil
from participants.enums import EnrolmentState, OnlineQuestion, OnlineService
from participants.forms import OnlineForm
from participants.jkn.client import ask_membership
from participants.models import Enrolment, OnlineCheck, OnlineSource, Resident
from participants.permissions import (
    ANSWER_READERS,
    APPLICATION_ASKERS,
    ASKERS,
    FAMILY_ASKERS,
    SYNC_READERS,
    TICKET_OPENERS,
)
from participants.views.families import visible_household

FAULTS_SHOWN = 20
UNKNOWN_HERE, FAMILY_PAGE, APPLICATION = "UNKNOWN", "FAMILY", "APPLICATION"


@requires(*ASKERS)
def ask(request):
    """A NIK the registry here does not know: what does Dukcapil say?"""
    form = OnlineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        nik = form.cleaned_data["nik"]
        try:
            check = dukcapil.ask_person(
                nik=nik,
                resident=Resident.objects.filter(nik=nik).first(),
                purpose=UNKNOWN_HERE,
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("participants:online_answer", check.public_id)
        except Refused as no:
            if no.code != "not_set_up":
                raise
            form.add_error(None, no.message)
    context = {"form": form, "set_up": online.is_set_up(OnlineService.DUKCAPIL)}
    return render(request, "participants/online/ask.html", context)


@requires(*ANSWER_READERS)
@require_safe
def answer(request, check_id):
    """What was said, in a sentence, with what to do next."""
    checks = OnlineCheck.objects.visible_to(request.user).select_related("resident__household", "enrolment", "actor")
    check = get_object_or_404(checks, public_id=check_id)
    journal.record("online.view", check, actor=request.user)
    reading = answers.read(check)
    context = {
        "check": check,
        "reading": reading,
        "facts": answers.facts(check),
        "elements": answers.elements(check),
        "members": answers.members(check, _family_here(check)),
        "may_ask": request.user.has_role(*ASKERS),
        "may_open_ticket": bool(reading.ticket) and request.user.has_role(*TICKET_OPENERS),
    }
    return render(request, "participants/online/answer.html", context)


@requires(*FAMILY_ASKERS)
@require_POST
def compare(request, household_id):
    """Whether our data on a member of a family are those of Dukcapil."""
    household = visible_household(request, household_id)
    resident = _picked(household.residents.select_related("household"), request)
    if resident is None:
        messages.error(request, _("Choose the person again."))
        return redirect("participants:family", household.public_id)
    check = dukcapil.ask_whether_agrees(resident=resident, purpose=FAMILY_PAGE, actor=request.user, at=timezone.now())
    return redirect("participants:online_answer", check.public_id)


@requires(*FAMILY_ASKERS)
@require_POST
def ask_jkn(request, household_id):
    """What BPJS says today of a member of a family. The answer counts at once (``jkn.client``)."""
    household = visible_household(request, household_id)
    resident = _picked(household.residents, request)
    if resident is None:
        messages.error(request, _("Choose the person again."))
        return redirect("participants:family", household.public_id)
    check = ask_membership(resident=resident, purpose=FAMILY_PAGE, actor=request.user, at=timezone.now())
    return redirect("participants:online_answer", check.public_id)


@requires(*APPLICATION_ASKERS)
@require_POST
def ask_for_application(request, enrolment_id):
    """The family of an application as Dukcapil has it now, kept with the application. It decides nothing by itself."""
    applications = Enrolment.objects.visible_to(request.user).select_related("household__head")
    enrolment = get_object_or_404(applications, public_id=enrolment_id)
    if enrolment.state not in (EnrolmentState.SUBMITTED, EnrolmentState.CHECKING, EnrolmentState.FIELD_CHECK):
        raise Refused(_("This application does not wait for a decision: nothing needs to be asked."))
    anybody = enrolment.household.head or enrolment.household.residents.order_by("relation", "pk").first()
    if anybody is None:
        raise Refused(_("The registry knows nobody on this family card: there is no NIK to ask for."))
    check = dukcapil.ask_family(
        nik=anybody.nik,
        resident=anybody,
        enrolment=enrolment,
        purpose=APPLICATION,
        actor=request.user,
        at=timezone.now(),
    )
    return redirect("participants:online_answer", check.public_id)


@requires(*SYNC_READERS)
@require_safe
def services(request):
    """For operators: does each server answer, how much of the quota is used, what failed last. No people."""
    known = {source.name: source for source in OnlineSource.objects.visible_to(request.user)}
    now = timezone.now()
    context = {
        "services": [online.condition(service, known.get(service), at=now) for service in OnlineService],
        "faults": [{**fault, "service": OnlineService(fault["service"]).label} for fault in _faults()],
    }
    return render(request, "participants/online/services.html", context)


def _family_here(check):
    """Residents by NIK on the KK of the person asked about, for an answer on a family."""
    if check.question != OnlineQuestion.FAMILY or check.resident is None:
        return {}
    return {resident.nik: resident for resident in check.resident.household.residents.order_by("relation", "pk")}


def _faults():
    failed = OnlineCheck.objects.exclude(fault="").order_by("-pk")
    return failed.values("service", "at", "fault", "attempts", "milliseconds")[:FAULTS_SHOWN]


def _picked(residents, request):
    """The one of ``residents`` that the form names, or None."""
    pk = request.POST.get("resident", "")
    return residents.filter(pk=int(pk)).first() if pk.isascii() and pk.isdigit() and len(pk) < 19 else None
