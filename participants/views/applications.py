"""Around one application: its scans, the comparison with the registry, the visit at the address, the appeal."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from participants import documents, signals
from participants import enrolment as service
from participants import field_checks as visits
from participants.application_forms import ComparisonForm, FieldCheckForm, ScanForm
from participants.enums import DocumentKind, EnrolmentState
from participants.forms import CounterAppealForm
from participants.models import Document, Enrolment
from participants.permissions import APPROVERS, DOCUMENT_READERS, REGISTRARS, SURVEYORS
from participants.views.enrolments import check_of, visible_enrolment
from participants.workflow import ENROLMENT


@requires(*DOCUMENT_READERS)
@require_safe
def document(request, document_id):
    """One scan, to whom its application is shown. On record."""
    scan = get_object_or_404(Document.objects.visible_to(request.user), public_id=document_id)
    return documents.hand_out(document=scan, actor=request.user)


@requires(*REGISTRARS, *APPROVERS)
@require_POST
def attach(request, enrolment_id):
    """A scan made at the counter, or one a family sent otherwise."""
    enrolment = visible_enrolment(request, enrolment_id)
    form = ScanForm(request.POST, request.FILES)
    if form.is_valid():
        try:
            documents.attach(enrolment=enrolment, **form.cleaned_data, actor=request.user, at=timezone.now())
            messages.success(request, _("The scan is kept with the application."))
        except Refused as no:
            messages.error(request, no.message)
    else:
        messages.error(request, " ".join(message for errors in form.errors.values() for message in errors))
    return redirect("participants:application", enrolment.public_id)


@requires(*APPROVERS)
def compare(request, enrolment_id):
    """The scans beside the registry, member by member. Passes the application on, or leads to sending it back."""
    enrolment = visible_enrolment(request, enrolment_id)
    ENROLMENT.check(enrolment, "verify", actor=request.user)
    check = check_of(enrolment.household)
    form = ComparisonForm(request.POST or None, members=check.members)
    if request.method == "POST" and form.is_valid():
        passed = "pass" in form.data
        try:
            service.compare(
                enrolment=enrolment, findings=form.findings(), actor=request.user, at=timezone.now(), passed=passed
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            if passed:
                messages.success(request, _("The comparison is recorded. Another person approves."))
                return redirect("participants:application", enrolment.public_id)
            return redirect("participants:send_back", enrolment.public_id)
    journal.record("enrolment.view", enrolment, actor=request.user)
    context = {
        "enrolment": enrolment,
        "household": enrolment.household,
        "check": check,
        "form": form,
        "scans": list(enrolment.documents.order_by("pk")),
        "signals": signals.of_household(enrolment.household),
    }
    return render(request, "participants/compare.html", context)


@requires(*SURVEYORS)
@require_safe
def field_checks(request):
    """Families to be visited, oldest first."""
    rows = (
        Enrolment.objects.visible_to(request.user)
        .filter(state=EnrolmentState.FIELD_CHECK, surveyed_at__isnull=True)
        .select_related("household__head", "household__kelurahan__parent")
    )
    page = keyset_page(rows, request.GET, keys=("pk",))
    return render(request, "participants/field_checks.html", {"page": page, "today": timezone.localdate()})


@requires(*SURVEYORS)
def field_check(request, enrolment_id):
    """The checklist for one visit."""
    enrolment = visible_enrolment(request, enrolment_id)
    ENROLMENT.check(enrolment, "survey", actor=request.user)
    form = FieldCheckForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        try:
            _record_visit(enrolment, form, request.user)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The field check is recorded. It lies before the person who approves."))
            return redirect("participants:field_checks")
    context = {"enrolment": enrolment, "household": enrolment.household, "form": form}
    return render(request, "participants/field_check.html", context)


def _record_visit(enrolment, form, actor):
    """The photo first: when it cannot be kept, nothing is recorded."""
    now = timezone.now()
    if photo := form.cleaned_data["photo"]:
        documents.attach(enrolment=enrolment, kind=DocumentKind.FIELD_PHOTO, file=photo, actor=actor, at=now)
    values = {name: form.cleaned_data[name] for name in ("lives_here", "note", "visited_on", "latitude", "longitude")}
    visits.record(enrolment=enrolment, answers=form.answers(), actor=actor, at=now, **values)


@requires(*REGISTRARS)
def appeal(request, enrolment_id):
    """The family objects at the counter: a new application, linked to the rejected one."""
    rejected = visible_enrolment(request, enrolment_id)
    service.require_appeal(rejected, on=timezone.localdate())
    form = CounterAppealForm(request.POST or None, initial={"phone": rejected.phone})
    if request.method == "POST" and form.is_valid():
        try:
            done = service.register(
                household=rejected.household,
                documents=form.documents(),
                phone=form.cleaned_data["phone"],
                statement=form.cleaned_data["statement"],
                appeal_of=rejected,
                actor=request.user,
                at=timezone.now(),
            )
            return redirect("participants:application", done.public_id)
        except Refused as no:
            form.add_error(None, no.message)
    context = {"household": rejected.household, "rejected": rejected, "form": form}
    return render(request, "participants/apply.html", context | {"check": check_of(rejected.household)})
