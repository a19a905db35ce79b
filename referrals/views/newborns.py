"""Births at the desks: recording, the child's page, the request for its SJP and the Puskesmas' answer. Domain.md B4."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import Service
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.letters import pdf_response
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import TooMany
from participants import newborns as births
from participants.eligibility import thaw
from participants.enums import Decision
from participants.lookups import look_up
from participants.models import Newborn
from participants.newborn_letters import print_reminder
from participants.permissions import BIRTH_READERS, BIRTH_RECORDERS
from referrals import newborns
from referrals.filters import NewbornFilter
from referrals.forms import ReasonForm, posted
from referrals.models import NewbornRequest, Sjp
from referrals.newborn_forms import BirthForm, NewbornRequestForm, is_same_name
from referrals.permissions import ISSUERS, REQUEST_READERS

PURPOSE = "NEWBORN"
SHOWN_REQUESTS = 50


@requires(*BIRTH_READERS)
@require_safe
def newborn_list(request):
    """Children of the own desk, newest first; what waits for an answer or a reminder is on top."""
    rows = Newborn.objects.visible_to(request.user).select_related("facility", "puskesmas")
    narrowed = NewbornFilter(request.GET, queryset=rows)
    waiting = NewbornRequest.objects.visible_to(request.user).open().select_related("newborn", "hospital")
    clinical = request.user.has_role(*REQUEST_READERS)
    context = {
        "page": keyset_page(narrowed.qs, request.GET, keys=("-pk",)),
        "filter": narrowed,
        "waiting": waiting.order_by("pk")[:SHOWN_REQUESTS] if clinical else [],
        "may_record": request.user.has_role(*BIRTH_RECORDERS),
    }
    return render(request, "referrals/newborns.html", context)


@requires(*BIRTH_RECORDERS)
def record(request):
    """One page; the parents are looked up, which is on record. The decision follows on the child's page."""
    place = _place(request)
    now = timezone.now()
    initial = {"place": place.name, **({"puskesmas": place} if place.kind == "PUSKESMAS" else {})}
    form = BirthForm(posted(request), now=now, initial=initial, place=place, on=timezone.localdate(now))
    if form.is_valid():
        try:
            newborn = _record(request, form, place, now)
        except TooMany:
            raise
        except Refused as no:
            form.add_error(None, no.message)
        else:
            if newborn is not None:
                messages.success(request, _("The birth is recorded."))
                return redirect("referrals:newborn", newborn.public_id)
    return render(request, "referrals/record_newborn.html", {"form": form})


def _record(request, form, place, now):
    """The Newborn, or None with the form saying what is wrong with a parent."""
    facts = form.facts()
    born_on = timezone.localdate(facts["birth_time"])
    mother = _parent(request, facts["mother_nik"], born_on, now)
    father = _parent(request, form.cleaned_data["father_nik"], born_on, now)
    if mother and not is_same_name(facts["mother_name"], mother.name):
        form.add_error("mother_nik", _("This NIK belongs to another name. Compare both with the mother's KTP."))
    if mother and mother.sex != 2:
        form.add_error("mother_nik", _("This NIK is not a woman's. Write the father's NIK in its own field."))
    if form.cleaned_data["father_nik"] and (father is None or father.sex != 1):
        form.add_error("father_nik", _("This NIK is not that of a man in the registry of Kota Bekasi."))
    if not form.is_valid():
        return None
    return births.record(actor=request.user, at=now, facility=place, mother=mother, father=father, **facts)


def _parent(request, nik, born_on, now):
    """The Resident with ``nik``, looked up and on record; None where there is none."""
    if not nik:
        return None
    try:
        found = look_up(nik=nik, actor=request.user, purpose=PURPOSE, at=now, on=born_on, service=Service.NEWBORN)
    except Refused as no:
        if no.code != "C02":
            raise
        return None
    return found.resident


def _place(request):
    """Where the user records births."""
    return get_object_or_404(Facility, pk__in=request.user.facility_ids(*BIRTH_RECORDERS)[:1])


def newborn_or_404(request, newborn_id):
    own = Newborn.objects.visible_to(request.user)
    return get_object_or_404(
        own.select_related("mother", "father", "facility", "puskesmas", "resident"), public_id=newborn_id
    )


@requires(*BIRTH_READERS)
@require_safe
def newborn(request, newborn_id):
    """Whose child, the decision with its reasons, what the family does next, and the letters."""
    child = newborn_or_404(request, newborn_id)
    journal.record("newborn.view", child, actor=request.user)
    on = timezone.localdate()
    is_ours = child.decision.get("decision") not in births.BY_JKN and on <= births.cover_ends(child)
    may_ask = child.awaits_nik and is_ours and request.user.has_role(*BIRTH_RECORDERS)
    context = {
        "newborn": child,
        "decision": Decision(child.decision["decision"]) if child.decision else None,
        "reasons": thaw(child.decision) if child.decision else [],
        "next_step": births.next_step(child),
        "cover_ends": births.cover_ends(child),
        "requests": _requests(request, child),
        "letters": Sjp.objects.visible_to(request.user).filter(newborn=child).with_names().order_by("-pk"),
        "may_ask": may_ask,
        "may_remind": child.state == "RECORDED" and child.reminders and request.user.has_role(*BIRTH_RECORDERS),
    }
    return render(request, "referrals/newborn.html", context)


def _requests(request, child):
    if not request.user.has_role(*REQUEST_READERS):
        return []
    own = NewbornRequest.objects.visible_to(request.user).filter(newborn=child)
    return list(own.select_related("hospital", "puskesmas").order_by("-pk"))


@requires(*BIRTH_RECORDERS)
@require_POST
def remind(request, newborn_id):
    """Print the reminder for the parents; it counts as handed over."""
    child = newborn_or_404(request, newborn_id)
    content = print_reminder(newborn=child, actor=request.user, at=timezone.now())
    return pdf_response(content, f"pengingat {child.pk}")


@requires(*BIRTH_RECORDERS)
def request_sjp(request, newborn_id):
    """What was found; the Puskesmas that follows the child answers. Its own clerk goes straight on to the answer."""
    child = newborn_or_404(request, newborn_id)
    now = timezone.now()
    place = _place(request)
    own = place if place.kind == "HOSPITAL" else None
    form = NewbornRequestForm(
        posted(request),
        on=timezone.localdate(now),
        late=newborns.is_late(child, at=now),
        own_hospital=own,
        initial={"doctor_name": child.doctor_name},
    )
    if form.is_valid():
        answers = {"hospital": own, **form.cleaned_data}
        try:
            asked = newborns.request(newborn=child, actor=request.user, at=now, **answers)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The request is with %(puskesmas)s.") % {"puskesmas": child.puskesmas})
            return redirect("referrals:newborn_request", asked.public_id)
    return render(request, "referrals/request_newborn_sjp.html", {"form": form, "newborn": child})


def _request_or_404(request, request_id):
    own = NewbornRequest.objects.visible_to(request.user).select_related(
        *("newborn__mother", "newborn__father", "newborn__facility", "newborn__resident"),
        *("puskesmas", "hospital", "specialty", "diagnosis", "sjp", "requested_by", "declined_by"),
    )
    return get_object_or_404(own, public_id=request_id)


@requires(*REQUEST_READERS)
@require_safe
def newborn_request(request, request_id):
    """One request with the decision a letter would rest on now; the clerk of the Puskesmas issues or declines."""
    return _request_page(request, _request_or_404(request, request_id))


def _request_page(request, asked, refusal=None):
    journal.record("newborn.request_read", asked, actor=request.user)
    context = {
        "asked": asked,
        "newborn": asked.newborn,
        "evaluation": births.decide(asked.newborn, at=timezone.now(), facility=asked.hospital),
        "may_answer": asked.is_open and request.user.has_role(*ISSUERS),
        "refusal": refusal,
    }
    return render(request, "referrals/newborn_request.html", context, status=409 if refusal else 200)


@requires(*ISSUERS)
@require_POST
def issue_newborn_sjp(request, request_id):
    asked = _request_or_404(request, request_id)
    try:
        sjp = newborns.issue(asked=asked, actor=request.user, at=timezone.now())
    except Refused as no:
        return _request_page(request, asked, refusal=no)
    return redirect("referrals:issued", sjp.public_id)


@requires(*ISSUERS)
def decline_newborn_sjp(request, request_id):
    asked = _request_or_404(request, request_id)
    form = ReasonForm(posted(request))
    if form.is_valid():
        newborns.decline(asked=asked, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("The request is declined."))
        return redirect("referrals:newborn_request", asked.public_id)
    return render(request, "referrals/decline_newborn_sjp.html", {"form": form, "asked": asked})
