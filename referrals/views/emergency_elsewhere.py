"""A Puskesmas or Dinkes reports for a hospital without an account. Domain.md B10: any hospital, also outside the city."""

from functools import partial

from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone

from facilities.enums import Service
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany
from participants.eligibility import evaluate
from participants.models import Lookup
from referrals import coverage
from referrals.emergency import elsewhere
from referrals.emergency_forms import ElsewhereForm, NikForm
from referrals.forms import posted
from referrals.models import EmergencyNotice
from referrals.permissions import NOTICE_OFFICERS
from referrals.views.emergency import PURPOSE, emergency_look_up, report_page


@requires(*NOTICE_OFFICERS)
def begin_elsewhere(request):
    """NIK in, opaque id out."""
    form = NikForm(posted(request))
    if form.is_valid():
        try:
            return redirect("referrals:report_elsewhere", emergency_look_up(request, form.cleaned_data["nik"]).pk)
        except TooMany:
            raise
        except Refused as no:
            form.add_error("nik", no.message)
    return render(request, "referrals/emergency_elsewhere.html", {"form": form})


@requires(*NOTICE_OFFICERS)
def report_elsewhere(request, lookup_id):
    """Whether covered, with every reason; below the report, with the hospital chosen or written down."""
    own = Lookup.objects.visible_to(request.user).filter(actor=request.user, purpose=PURPOSE, special=None)
    lookup = get_object_or_404(own.select_related("resident__household__kelurahan__parent"), pk=lookup_id)
    now, resident = timezone.now(), lookup.resident
    evaluation = evaluate(resident, on=timezone.localdate(now), service=Service.EMERGENCY, at=now)
    context = {
        "resident": resident,
        "evaluation": evaluation,
        "advice": coverage.advice(evaluation),
        "running": EmergencyNotice.objects.visible_to(request.user).open().filter(resident=resident).first(),
    }
    return _report(request, resident, context, now)


@requires(*NOTICE_OFFICERS)
def report_unknown_elsewhere(request):
    """A patient whom nobody knows at a hospital without an account: described, identified later."""
    return _report(request, None, {"resident": None, "evaluation": None}, timezone.now())


def _report(request, resident, context, now):
    context["begins_at"] = "referrals:begin_elsewhere"
    form = ElsewhereForm(posted(request), now=now, known=resident is not None)
    return report_page(request, form, resident, context, now, hospital=partial(_hospital, request, form, now))


def _hospital(request, form, now):
    told = form.cleaned_data
    if told["hospital"]:
        return told["hospital"]
    return elsewhere.enter_hospital(
        name=told["hospital_name"], address=told["hospital_address"], actor=request.user, at=now
    )
