"""A family applies by itself: consent, photos one by one, check, number; then how far it is, and how to object.

Plain forms, one decision a page, no script. Nothing shown here is of another family: every page starts from the household the
session was admitted to.
"""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany
from participants import consents, documents, enrolment, guidance, portal, progress, self_service
from participants.application_forms import AppealForm, BeginForm, PhotoForm
from participants.enums import Channel, DocumentKind, EnrolmentState
from participants.models.family import OPEN_STATES
from participants.own_family import device_of, for_own_family, keep_open, mark_device

MEMBERS = (EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED)
WITH_THE_FAMILY = documents.WITH_THE_FAMILY


@for_own_family
def begin(request, household):
    """The notice on personal data, the agreement, and how the family is reached."""
    return _begin(request, household, BeginForm)


@for_own_family
def appeal(request, household):
    """The same for a family that objects to its rejection; whoever rejected it does not decide again."""
    rejected = self_service.current(household)
    if rejected is None or rejected.state != EnrolmentState.REJECTED:
        raise Http404
    enrolment.require_appeal(rejected, on=timezone.localdate())
    return _begin(request, household, AppealForm, appeal_of=rejected)


def _begin(request, household, kind, appeal_of=None):
    form = kind(request.POST or None)
    if request.method == "POST" and form.is_valid():
        values = {name: value for name, value in form.cleaned_data.items() if name != "consent"}
        answer = mark_device(request, redirect("resident:photo"))
        try:
            self_service.begin(
                household=household, device=device_of(request), appeal_of=appeal_of, at=timezone.now(), **values
            )
        except TooMany:
            raise
        except Refused as no:
            form.add_error(None, no.message)
        else:
            keep_open(request)
            return answer
    return render(request, "participants/resident/begin.html", {"form": form, "rejected": appeal_of})


@for_own_family
def withdraw(request, household):
    """The family takes back what it agreed to: what follows is said first."""
    application = self_service.current(household)
    consent = consents.in_force(application) if application else None
    if consent is None or application.state not in OPEN_STATES:
        raise Http404
    if request.method == "POST":
        consents.withdraw(enrolment=application, actor=None, at=timezone.now())
        messages.success(request, _("Your agreement is taken back. Dinas Kesehatan ends the rest within some days."))
        return redirect("resident:family")
    context = {"consent": consent, "member": application.state in MEMBERS}
    return render(request, "participants/resident/withdraw.html", context)


@for_own_family
def photo(request, household):
    """One photo: the next one that is missing, or another document (``?lain``)."""
    application = _with_the_family(household)
    if application is None:
        return redirect("resident:application")
    form = PhotoForm(request.POST, request.FILES) if request.method == "POST" else None
    if form and form.is_valid():
        try:
            self_service.attach(enrolment=application, **form.cleaned_data, at=timezone.now())
        except TooMany:
            raise
        except Refused as no:
            form.add_error("file", no.message)
        else:
            keep_open(request)
            return redirect("resident:photo")
    missing = documents.missing(application)
    if form is None and not missing and "lain" not in request.GET:
        return redirect("resident:review")
    kind = DocumentKind(form["kind"].value()) if form and "kind" not in form.errors else (missing or [None])[0]
    kind = kind or DocumentKind.OTHER
    form = form or PhotoForm(initial={"kind": kind.value})
    context = {"form": form, "kind": kind, "step": 2 if kind == DocumentKind.KK else 3}
    return render(request, "participants/resident/photo.html", context)


@for_own_family
@require_POST
def remove_photo(request, household, document_id):
    """Take a photo back before handing in, for instance because it is blurred."""
    scan = _own_scan(_with_the_family(household), document_id)
    documents.remove(document=scan)
    keep_open(request)
    return redirect("resident:review")


@for_own_family
@require_safe
def own_photo(request, household, document_id):
    """A photo, to the device it was sent from and while the application is still with the family."""
    application = _with_the_family(household)
    scan = _own_scan(application, document_id)
    if not application.device or application.device != device_of(request):
        raise Http404
    return documents.hand_out(document=scan, actor=None)


@for_own_family
def review(request, household):
    """Check, then hand in. Who presses twice is led to the number that the first press has given."""
    application = _with_the_family(household)
    if application is None:
        return redirect("resident:application")
    refusal = ""
    if request.method == "POST":
        try:
            self_service.hand_in(application=application, at=timezone.now())
            keep_open(request)
            return redirect("resident:application")
        except Refused as no:
            refusal = no.message
    context = {
        "application": application,
        "head_name": portal.mask_name(household.head.name) if household.head else "",
        "household": household,
        "scans": list(application.documents.order_by("pk")),
        "shows_photos": bool(application.device) and application.device == device_of(request),
        "missing": documents.missing(application) if application.channel == Channel.ONLINE else [],
        "is_draft": application.state == EnrolmentState.DRAFT,
        "refusal": refusal,
    }
    return render(request, "participants/resident/review.html", context)


@for_own_family
@require_safe
def application(request, household):
    """How far the application is, what was done when, what to do now and by when an answer is expected."""
    mine = self_service.current(household)
    if mine is None:
        messages.info(request, _("Your family has not applied yet."))
        return redirect("resident:begin")
    if mine.state == EnrolmentState.DRAFT:
        return redirect("resident:photo")
    until = enrolment.appeal_until(mine)
    context = {
        "application": mine,
        "stages": progress.stages(mine),
        "next_step": guidance.NEXT_FOR_APPLICATION[mine.state],
        "appeal_until": until if until and until >= timezone.localdate() and not mine.appeals.exists() else None,
        "scans": mine.documents.count(),
    }
    return render(request, "participants/resident/application.html", context)


def _with_the_family(household):
    """The application a family still has in its own hands, None when there is none."""
    found = self_service.current(household)
    return found if found and found.state in WITH_THE_FAMILY else None


def _own_scan(application, document_id):
    if application is None:
        raise Http404
    return get_object_or_404(application.documents, public_id=document_id)
