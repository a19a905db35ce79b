"""The month's file is handed in."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from claims import deliveries
from claims.enums import DeliveryKind
from claims.forms import HandInForm
from claims.intake import FileRefused, take_in
from claims.permissions import BILLERS
from claims.views.speaking import speak
from facilities.models import Facility
from facilities.permissions import requires
from ksb.core.errors import Refused

SHOWN_LINES = 200
# About half a second; more rows are taken in by a worker, with progress on a page of its own.
MOST_ROWS_AT_ONCE = 2000


@requires(*BILLERS)
def hand_in(request):
    """Check an e-Klaim file without keeping it, or hand it in."""
    hospitals = Facility.objects.visible_to(request.user).filter(pk__in=request.user.facility_ids(*BILLERS))
    form = HandInForm(request.POST or None, request.FILES or None, hospitals=hospitals.order_by("name"))
    result = None
    if request.method == "POST" and form.is_valid():
        rehearsal = "check" in request.POST
        try:
            if not rehearsal and _is_large(form.cleaned_data["file"]):
                return redirect("claims:delivery", _leave(form, request.user).public_id)
            result = _take_in(form, request.user, dry_run=rehearsal)
        except FileRefused as refusal:
            form.add_error("file", refusal.message)
            result = refusal.result
        except Refused as refusal:
            speak(form, refusal, "file")
        else:
            if result.batch:
                messages.success(request, _said(result))
                return redirect("claims:batch", result.batch.public_id)
            if not rehearsal:
                form.add_error(
                    "file", _("No row of this file could be taken. Correct the rows and hand the file in again.")
                )
    context = {
        "form": form,
        "result": result,
        "lines": _lines_with_findings(result),
        "shown_lines": SHOWN_LINES,
    }
    return render(request, "claims/hand_in.html", context)


def _said(result):
    if result.replaced or result.unchanged:
        return _(
            "The file was taken in: %(replaced)d corrected rows, %(unchanged)d known already. "
            "Look at what the rules found, then submit."
        ) % {"replaced": result.replaced, "unchanged": result.unchanged}
    return _("The file was taken in. Look at what the rules found, then submit.")


def _is_large(file):
    """Whether the file has more rows than a request should wait for."""
    ends = sum(max(piece.count(b"\n"), piece.count(b"\r")) for piece in file.chunks())
    file.seek(0)
    return ends > MOST_ROWS_AT_ONCE


def _leave(form, actor):
    return deliveries.receive(
        kind=DeliveryKind.EKLAIM,
        hospital=form.cleaned_data["hospital"],
        file=form.cleaned_data["file"],
        actor=actor,
        at=timezone.now(),
    )


def _take_in(form, actor, *, dry_run):
    file = form.cleaned_data["file"]
    return take_in(
        file=file,
        file_name=file.name,
        hospital=form.cleaned_data["hospital"],
        actor=actor,
        at=timezone.now(),
        dry_run=dry_run,
    )


def _lines_with_findings(result):
    """The first lines on which anything was found, refused ones first."""
    if result is None:
        return []
    found = [line for line in result.lines if line.findings]
    return sorted(found, key=lambda line: (line.status != "REFUSED", line.line))[:SHOWN_LINES]
