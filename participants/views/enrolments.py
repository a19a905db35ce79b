"""From the application at the counter to the second person's decision."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from participants import consents, documents, letters, signals
from participants import enrolment as service
from participants.application_forms import ScanForm
from participants.comparison import covered_by_jkn_sentence, differences_in_words
from participants.enums import EnrolmentState
from participants.families import view_family
from participants.filters import TO_DECIDE, EnrolmentFilter, Step
from participants.forms import ApplicationForm, ApprovalForm, ReasonForm
from participants.models import Enrolment
from participants.permissions import APPROVERS, ENROLMENT_READERS, KEEPERS, REGISTRARS, SIGNAL_READERS
from participants.rules import check_family
from participants.views.families import visible_household
from participants.views.office import application_part
from participants.workflow import ENROLMENT

DONE = {
    "send_back": gettext_lazy("The application was sent back for correction."),
    "reject": gettext_lazy("The application was rejected. The letter can be printed below."),
    "suspend": gettext_lazy("The membership is suspended."),
    "end": gettext_lazy("The membership has ended and the card is revoked."),
}


@requires(*ENROLMENT_READERS)
@require_safe
def worklist(request):
    """Oldest first: for approvers what waits for a decision, for a registration officer what the officer entered."""
    mine = request.user.has_role(*REGISTRARS)
    rows = Enrolment.objects.visible_to(request.user).select_related("household__head", "household__kelurahan__parent")
    if mine:
        rows = rows.filter(created_by=request.user).exclude(channel="LEGACY")
    narrowed = EnrolmentFilter(request.GET, queryset=rows, request=request)
    rows = narrowed.qs
    chosen = narrowed.form.cleaned_data
    if not (mine or chosen.get("state") or chosen.get("step") == Step.CONSENT):
        rows = rows.filter(state__in=TO_DECIDE)
    page = keyset_page(rows, request.GET, keys=("-pk",) if mine else ("pk",))
    return render(
        request,
        "participants/worklist.html",
        {"page": page, "filter": narrowed, "mine": mine, "today": timezone.localdate()},
    )


@requires(*REGISTRARS)
def apply(request, household_id):
    """The registry has filled in the family; the officer adds what only the counter can see."""
    household = visible_household(request, household_id)
    form = ApplicationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            done = service.register(
                household=household,
                documents=form.documents(),
                phone=form.cleaned_data["phone"],
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("participants:application", done.public_id)
        except Refused as no:
            form.add_error(None, no.message)
    return render(
        request,
        "participants/apply.html",
        {"household": household, "rejected": None, "form": form, "check": check_of(household)},
    )


@requires(*REGISTRARS)
def correct(request, enrolment_id):
    """The same form again for an application that came back."""
    enrolment = visible_enrolment(request, enrolment_id)
    first = {"phone": enrolment.phone}
    form = ApplicationForm(request.POST or None, initial=first)
    if request.method == "POST" and form.is_valid():
        try:
            service.resubmit(
                enrolment=enrolment,
                documents=form.documents(),
                phone=form.cleaned_data["phone"],
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("participants:application", enrolment.public_id)
        except Refused as no:
            form.add_error(None, no.message)
    context = {"household": enrolment.household, "rejected": None, "form": form}
    return render(request, "participants/apply.html", context | {"check": check_of(enrolment.household)})


@requires(*ENROLMENT_READERS)
@require_safe
def application(request, enrolment_id):
    """One application: where it stands, what the registry says, and what the actor may do now."""
    enrolment = visible_enrolment(request, enrolment_id)
    journal.record("enrolment.view", enrolment, actor=request.user)
    return _application_page(request, enrolment, ApprovalForm())


@requires(*KEEPERS)
@require_POST
def approve(request, enrolment_id):
    enrolment = visible_enrolment(request, enrolment_id)
    form = ApprovalForm(request.POST)
    if form.is_valid():
        try:
            service.approve(enrolment=enrolment, actor=request.user, at=timezone.now())
            messages.success(request, _("The family is a member from today. Its card is ordered."))
            return redirect("participants:application", enrolment.public_id)
        except Refused as no:
            form.add_error(None, no.message)
            enrolment.refresh_from_db()
    return _application_page(request, enrolment, form)


@requires(*APPROVERS)
@require_POST
def order_field_check(request, enrolment_id):
    enrolment = visible_enrolment(request, enrolment_id)
    service.order_field_check(enrolment=enrolment, actor=request.user, at=timezone.now())
    messages.success(request, _("A field check was asked for. Another person approves after it."))
    return redirect("participants:application", enrolment.public_id)


@requires(*KEEPERS)
@require_POST
def resume(request, enrolment_id):
    enrolment = visible_enrolment(request, enrolment_id)
    service.resume(enrolment=enrolment, actor=request.user, at=timezone.now())
    messages.success(request, _("The suspension is lifted."))
    return redirect("participants:family", enrolment.household.public_id)


@requires(*APPROVERS)
def send_back(request, enrolment_id):
    return _with_reason(request, enrolment_id, "send_back", service.send_back)


@requires(*APPROVERS)
def reject(request, enrolment_id):
    return _with_reason(request, enrolment_id, "reject", service.reject)


@requires(*KEEPERS)
def suspend(request, enrolment_id):
    return _with_reason(request, enrolment_id, "suspend", service.suspend)


@requires(*KEEPERS)
def end(request, enrolment_id):
    return _with_reason(request, enrolment_id, "end", service.end)


@requires(*ENROLMENT_READERS)
@require_safe
def receipt(request, enrolment_id):
    enrolment = visible_enrolment(request, enrolment_id)
    if not (enrolment.number and enrolment.submitted_at):
        raise Http404
    journal.record("enrolment.receipt", enrolment, actor=request.user)
    return pdf_response(letter_pdf(letters.receipt(enrolment)), f"tanda terima {enrolment.number}")


@requires(*ENROLMENT_READERS)
@require_safe
def rejection(request, enrolment_id):
    enrolment = visible_enrolment(request, enrolment_id)
    if enrolment.state != EnrolmentState.REJECTED:
        raise Http404
    journal.record("enrolment.rejection_letter", enrolment, actor=request.user)
    return pdf_response(letter_pdf(letters.rejection(enrolment)), f"penolakan {enrolment.number}")


def visible_enrolment(request, enrolment_id):
    """The application inside the user's perimeter, with whom it passed; 404 outside."""
    rows = Enrolment.objects.visible_to(request.user).select_related(
        "household__head",
        "household__kelurahan__parent",
        "appeal_of",
        *(f"{act}_by" for act in ("submitted", "verified", "surveyed", "approved", "rejected")),
    )
    return get_object_or_404(rows, public_id=enrolment_id)


def check_of(household):
    """What registry and JKN lists say of a family now."""
    now = timezone.now()
    return check_family(view_family(household, on=timezone.localdate(now), at=now))


def _application_page(request, enrolment, form):
    moves = {move.name: move for move in ENROLMENT.allowed(enrolment, request.user)}
    check = check_of(enrolment.household)
    context = {
        "enrolment": enrolment,
        "household": enrolment.household,
        "check": check,
        "form": form,
        "moves": moves,
        "documents": [words for key, words in letters.DOCUMENTS.items() if enrolment.checklist.get(key)],
        "application_online": application_part(enrolment, request.user),
        "own": request.user.pk in (enrolment.submitted_by_id, enrolment.verified_by_id, enrolment.surveyed_by_id),
        "compared": differences_in_words(enrolment, check),
        "scans": list(enrolment.documents.order_by("pk")),
        "consents": enrolment.consents.select_related("given_by").order_by("-pk"),
        "consent_withdrawn": consents.withdrawn(enrolment),
        "signals": signals.of_household(enrolment.household) if request.user.has_role(*SIGNAL_READERS) else [],
        "visits": list(enrolment.field_checks.select_related("recorded_by").order_by("-pk")),
        "scan_form": ScanForm() if enrolment.state in documents.OPEN else None,
        "appeal_until": _appeal_until(enrolment, request.user),
        "today": timezone.localdate(),
        "may_attach": request.user.has_role(*REGISTRARS, *APPROVERS),
        "just_submitted": enrolment.submitted_by_id == request.user.pk
        and enrolment.state in (EnrolmentState.SUBMITTED, EnrolmentState.CHECKING, EnrolmentState.WAITING),
    }
    return render(request, "participants/application.html", context)


def _appeal_until(enrolment, user):
    """Last day on which the user may take in an appeal, None otherwise."""
    until = service.appeal_until(enrolment)
    open_to_appeal = until and until >= timezone.localdate() and not enrolment.appeals.exists()
    return until if open_to_appeal and user.has_role(*REGISTRARS) else None


def _proposed(move, enrolment):
    """What the form already says: the differences that were found, or that JKN covers everybody."""
    if move == "send_back":
        lines = differences_in_words(enrolment, check_of(enrolment.household))
        return {"reason_code": "DOCUMENTS_DIFFER", "reason": "; ".join(lines)[:255]} if lines else {}
    if move == "reject" and check_of(enrolment.household).everybody_has_pbi:
        return {"reason_code": "COVERED_BY_JKN", "reason": covered_by_jkn_sentence()}
    return {}


def _with_reason(request, enrolment_id, move, act):
    """One page for every move that needs a reason: the form, then the service."""
    enrolment = visible_enrolment(request, enrolment_id)
    form = ReasonForm(request.POST or None, move=move, initial=_proposed(move, enrolment))
    if request.method == "POST" and form.is_valid():
        try:
            act(enrolment=enrolment, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, DONE[move])
            if move in ("suspend", "end"):
                return redirect("participants:family", enrolment.household.public_id)
            return redirect("participants:application", enrolment.public_id)
    context = {"enrolment": enrolment, "household": enrolment.household, "form": form, "move": ENROLMENT[move]}
    return render(request, "participants/reason.html", context)
