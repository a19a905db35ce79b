"""The Puskesmas clerk's journey: find the patient, refer, check, issue. Works with the keyboard alone and without JavaScript.

Addresses carry the look-up's opaque id only; what was typed waits in the draft on the server.
"""

from datetime import timedelta

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import Service, WardType
from facilities.models import Membership
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany
from ksb.core.scheme import Parameters, scheme_on
from participants import answers, online
from participants.eligibility import evaluate, family_view
from participants.enums import CardState, OnlineService
from participants.jkn.client import ask_membership
from participants.lookups import look_up
from participants.models import Lookup
from participants.schemes import suspension
from referrals import cases, coverage, drafts, escalation, finding, issuing, routing, rules
from referrals.forms import PatientForm, ReferralForm, RoutingForm, posted
from referrals.models import Draft, Escalation, Sjp
from referrals.models.examination import EXAMINED
from referrals.permissions import ISSUERS, puskesmas_of

SHOWN_TODAY = 20
SENT_BACK_DAYS = timedelta(days=14)
# A hospital that has not answered since yesterday is no longer waited for.
WAITING_FOR = timedelta(days=1)


# 1 Find the patient


@requires(*ISSUERS)
def search(request):
    """What the patient brings in, opaque id out. Below: what waits for this Puskesmas, and what it issued today."""
    form, ask_for = PatientForm(posted(request), first=True), ""
    if form.is_valid():
        if form.is_newborn:
            return redirect("referrals:newborns")
        typed = form.cleaned_data["nik"]
        try:
            lookup, whole_family = finding.find(typed, actor=request.user, at=timezone.now())
        except TooMany:
            raise
        except Refused as no:
            form.add_error("nik", no.message)
            ask_for = online.number_to_ask_for(typed.value, no)
        else:
            if whole_family:
                messages.info(request, _("Found by the family's card. Choose the patient among its members."))
            return redirect("referrals:patient", lookup.pk)
    return render(request, "referrals/search.html", {"form": form, "ask_for": ask_for, **_desk(request)})


def _desk(request):
    """The start page's lists, what is most urgent first."""
    now = timezone.now()
    today = timezone.localdate(now)
    own = Sjp.objects.visible_to(request.user).with_names().order_by("-pk")
    return {
        "today": [sjp for sjp in own[:SHOWN_TODAY] if sjp.valid_from == today],
        "sent_back": own.sent_back(since=today - SENT_BACK_DAYS)[:SHOWN_TODAY],
        "unanswered": own.unanswered(since=now - WAITING_FOR)[:SHOWN_TODAY],
        "escalations": Escalation.objects.visible_to(request.user).recent(since=now - WAITING_FOR)[:SHOWN_TODAY],
        "suspended": suspension(today),
    }


def _lookup(request, lookup_id):
    """The clerk's own look-up of today; anything else does not exist."""
    own = Lookup.objects.visible_to(request.user).filter(actor=request.user)
    return get_object_or_404(own.select_related("resident__household__kelurahan__parent", "special"), pk=lookup_id)


@requires(*ISSUERS)
@require_safe
def patient(request, lookup_id):
    """Person, family, and the decision with every reason."""
    lookup = _lookup(request, lookup_id)
    now = timezone.now()
    if lookup.special:
        return _registered(request, lookup, at=now)
    family = family_view(lookup.resident, on=timezone.localdate(now), at=now)
    evaluation = family.member(lookup.resident).evaluation
    context = {
        "form": PatientForm(),
        "lookup": lookup,
        "resident": lookup.resident,
        "evaluation": evaluation,
        "advice": coverage.advice(evaluation),
        "may_complement": evaluation.decision in coverage.BY_JKN,
        "may_ask_jkn": online.is_set_up(OnlineService.JKN),
        "checked_at": now,
        "family": family,
        "card": lookup.resident.household.cards.filter(state=CardState.ACTIVE).first(),
        "own_id": puskesmas_of(request.user).pk,
        "open_letters": Sjp.objects.unused().of_patient(resident=lookup.resident).with_names().order_by("-pk")[:5],
    }
    return render(request, "referrals/patient.html", context)


def _registered(request, lookup, *, at):
    """The same for somebody without NIK: what the register of special covers says (rule C24)."""
    evaluation = evaluate(lookup.special, on=timezone.localdate(at), at=at)
    open_letters = Sjp.objects.unused().of_patient(resident=None, special=lookup.special).with_names()
    context = {
        "form": PatientForm(),
        "lookup": lookup,
        "special": lookup.special,
        "evaluation": evaluation,
        "own_id": puskesmas_of(request.user).pk,
        "open_letters": open_letters.order_by("-pk")[:5],
        "checked_at": at,
    }
    return render(request, "referrals/registered.html", context)


def _family_lookup(request, lookup_id):
    """A look-up that leads to a family: not that of somebody without NIK."""
    lookup = _lookup(request, lookup_id)
    if lookup.resident is None:
        raise Http404
    return lookup


@requires(*ISSUERS)
@require_POST
def member(request, lookup_id):
    """Turn to another member of the family on the screen: a look-up of its own, without typing the NIK."""
    lookup = _family_lookup(request, lookup_id)
    pk = request.POST.get("member", "")
    family = lookup.resident.household.residents
    other = get_object_or_404(family, pk=pk if pk.isascii() and pk.isdigit() and len(pk) < 19 else 0)
    found = look_up(
        nik=other.nik, actor=request.user, purpose=finding.PURPOSE, at=timezone.now(), service=Service.OUTPATIENT
    )
    return redirect("referrals:patient", found.pk)


@requires(*ISSUERS)
@require_POST
def ask_jkn(request, lookup_id):
    """What does BPJS say today? The answer counts at once; without one the page stays as it is."""
    lookup = _family_lookup(request, lookup_id)
    check = ask_membership(resident=lookup.resident, purpose=finding.PURPOSE, actor=request.user, at=timezone.now())
    reading = answers.read(check)
    messages.info(request, f"{reading.title}. {reading.advice}")
    return redirect("referrals:patient", lookup.pk)


# 2 Refer


@requires(*ISSUERS)
def refer(request, lookup_id):
    """Examination, diagnosis, hospital on one page. The small buttons keep what was typed and come back to their place."""
    lookup = _lookup(request, lookup_id)
    now = timezone.now()
    draft = drafts.begin(lookup, actor=request.user, at=now, answers={"doctor_name": _usual_doctor(request)})
    if draft.sjp_id:
        return redirect("referrals:issued", draft.sjp.public_id)
    if request.method == "POST":
        drafts.keep(draft, request.POST)
        place = request.POST.get("show")
        if place in ("diagnoses", "hospitals"):
            return redirect(f"{request.path}#{place}")
        form = _referral_form(request, draft, at=now, bound=True)
        if place == "officer":
            asked = _ask_officer(request, draft, form, at=now)
            if asked is not None:
                return redirect("referrals:escalation", asked.public_id)
        elif form.is_valid() and _is_guaranteed(lookup.person, form, at=now):
            return redirect("referrals:check", lookup.pk)
    else:
        form = _referral_form(request, draft, at=now)
    context = {"form": form, "lookup": lookup, "resident": lookup.person, "earlier": draft.earlier}
    return render(request, "referrals/refer.html", context)


def _is_guaranteed(resident, form, *, at):
    """False with the rule's sentence beside the field, for a service the scheme guarantees to nobody (rule C30)."""
    asked = {name: form.cleaned_data[name] for name in ("service", "exclusion")}
    if not asked["exclusion"]:
        return True
    evaluation = evaluate(resident, on=timezone.localdate(at), facility=form.cleaned_data["hospital"], at=at, **asked)
    excluded = [reason.message for reason in evaluation.applying if reason.rule == "C30"]
    if excluded:
        form.add_error("exclusion", f"{excluded[0]} {EXCLUDED}")
    return not excluded


EXCLUDED = gettext_lazy("No letter is issued. Tell the patient that the programme does not pay for it.")
NEEDED_BY_OFFICER = ("complaint", "findings", "diagnosis", "service", "ward", "specialty")


def _ask_officer(request, draft, form, *, at):
    """No hospital has a bed: the duty officer of Dinkes gets the case. Returns the Escalation, or None with form errors."""
    if any(name in form.errors for name in NEEDED_BY_OFFICER):
        return None
    lookup, on = draft.lookup, timezone.localdate(at)
    facts = {name: form.cleaned_data[name] for name in NEEDED_BY_OFFICER}
    if not form.may_ask_officer:
        form.add_error(
            "hospital", _("A hospital of the list may have a bed: choose it. The duty officer comes after that.")
        )
        return None
    if not evaluate(lookup.person, on=on, service=facts["service"], at=at).covered:
        form.add_error(None, _("The patient is not covered for this service."))
        return None
    facts["ward"] = rules.ward_for(facts["service"], facts["ward"])
    try:
        return escalation.ask(
            draft=draft,
            actor=request.user,
            at=at,
            resident=lookup.resident,
            special=lookup.special,
            puskesmas=puskesmas_of(request.user),
            **facts,
        )
    except Refused as no:
        form.add_error(None, no.message)
        return None


def _referral_form(request, draft, *, at, bound=False):
    answers = draft.answers
    found, parameters = _routing_list(request, answers, at=at, history=cases.history(draft, at=at))
    data = {"data": answers} if bound else {"initial": answers}
    return ReferralForm(found=found, parameters=parameters, **data)


def _routing_list(request, answers, *, at, history=None):
    """Options for the specialty and service in ``answers``; none until both are chosen."""
    on = timezone.localdate(at)
    scheme = scheme_on(on)
    parameters = scheme.parameters if scheme else Parameters()
    question = RoutingForm({name: answers.get(name) for name in RoutingForm.base_fields})
    puskesmas = puskesmas_of(request.user)
    if not question.is_valid():
        return [], parameters
    about = question.cleaned_data | {"puskesmas": puskesmas, "on": on, "at": at, "history": history}
    return routing.options(**about, parameters=parameters), parameters


def _usual_doctor(request):
    """The doctor of the clerk's last letter, else the one doctor of the Puskesmas."""
    last = Sjp.objects.filter(issued_by=request.user).select_related("referral").order_by("-pk").first()
    if last:
        return last.referral.doctor_name
    doctors = Membership.objects.in_force(timezone.localdate()).filter(
        role="PUSKESMAS_DOCTOR", facility=puskesmas_of(request.user)
    )
    names = {str(doctor.user) for doctor in doctors.select_related("user")[:2]}
    return names.pop() if len(names) == 1 else ""


@requires(*ISSUERS)
@require_safe
def find_diagnosis(request):
    """ICD-10 radios for ``?query=``: a fragment for htmx, a page of its own for everybody else. Nothing personal in it."""
    answers = {name: request.GET.get(name, "")[:80].replace("\x00", "") for name in ("query", "diagnosis")}
    form = ReferralForm(found=[], parameters=None, initial=answers)
    template = "referrals/parts/diagnoses.html" if request.htmx else "referrals/find_diagnosis.html"
    return render(request, template, {"form": form})


@requires(*ISSUERS)
@require_safe
def find_hospital(request):
    """The routing list for ``?specialty=&service=``, with why each hospital stands where it stands."""
    question = RoutingForm(request.GET or None, initial={"service": Service.OUTPATIENT})
    answers = {name: request.GET.get(name) for name in ("service", "ward", "specialty", "hospital")}
    found, parameters = _routing_list(request, answers, at=timezone.now())
    context = {"question": question, "form": ReferralForm(found=found, parameters=parameters, initial=answers)}
    template = "referrals/parts/hospitals.html" if request.htmx else "referrals/find_hospital.html"
    return render(request, template, context)


# 3 Check, 4 Issue


@requires(*ISSUERS)
def check(request, lookup_id):
    """Everything once more on one page; the button issues. Repeated, by a double click or a second tab, it changes nothing."""
    lookup = _lookup(request, lookup_id)
    now = timezone.now()
    draft = get_object_or_404(Draft.objects.visible_to(request.user), pk=lookup.pk)
    if draft.sjp_id:
        return redirect("referrals:issued", draft.sjp.public_id)
    form = _referral_form(request, draft, at=now, bound=True)
    if not form.is_valid():
        return redirect("referrals:refer", lookup.pk)
    refusal = None
    if request.method == "POST":
        if request.POST.get("answers") != drafts.digest(draft):
            refusal = Refused(_("The answers were changed in another window. Check them again before issuing."))
        else:
            try:
                sjp = _issue(request, draft, form.cleaned_data, at=now)
                return redirect("referrals:issued", sjp.public_id)
            except coverage.NotCovered:
                messages.error(request, _("No letter was issued: the patient is not covered for this service."))
                return redirect("referrals:patient", lookup.pk)
            except Refused as no:
                refusal = no
    return _check_page(request, lookup, draft, form, refusal, at=now)


def _issue(request, draft, answers, *, at):
    return issuing.issue(
        resident=draft.lookup.resident,
        special=draft.lookup.special,
        actor=request.user,
        at=at,
        puskesmas=puskesmas_of(request.user),
        draft=draft,
        examined={name: answers[name] for name in EXAMINED},
        **{name: answers[name] for name in drafts.FIELDS if name not in ("query", *EXAMINED)},
    )


def _check_page(request, lookup, draft, form, refusal, *, at):
    on = timezone.localdate(at)
    answers = form.cleaned_data
    evaluation = evaluate(lookup.person, on=on, service=answers["service"], facility=answers["hospital"], at=at)
    context = {
        "lookup": lookup,
        "resident": lookup.person,
        "evaluation": evaluation,
        "option": next(o for o in form.suitable if o.hospital == answers["hospital"]),
        "answers": answers,
        "service": Service(answers["service"]).label,
        "reason": dict(form.fields["reason"].choices)[answers["reason"]],
        "measured": form.answered(),
        "ward": _ward_label(answers),
        "pass_over_reason": dict(form.fields["pass_over_reason"].choices)[answers["pass_over_reason"]],
        "valid_until": rules.last_day(answers["service"], on, form.parameters),
        "digest": drafts.digest(draft),
        "refusal": refusal,
    }
    return render(request, "referrals/check.html", context, status=409 if refusal else 200)


def _ward_label(answers):
    ward = rules.ward_for(answers["service"], answers["ward"])
    return WardType(ward).label if ward else ""


@requires(*ISSUERS)
@require_safe
def issued(request, letter_id):
    """The number, what it is good for, and the print buttons."""
    sjp = get_object_or_404(Sjp.objects.visible_to(request.user).with_names(), public_id=letter_id)
    return render(request, "referrals/issued.html", {"sjp": sjp})
