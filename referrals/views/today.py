"""The desk's day: what is before it, the note between shifts, and finding a patient of the own letters."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import FacilityKind
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import TooMany
from referrals import handover, own_patients, today
from referrals.follow_up_forms import HandoverForm, OwnPatientForm
from referrals.forms import posted
from referrals.models import Handover
from referrals.permissions import DESKS


def _sections(user, now):
    page = today.of_puskesmas if user.facility.kind == FacilityKind.PUSKESMAS else today.of_hospital
    return page(user, at=now)


@requires(*DESKS)
@require_safe
def desk(request):
    """Open matters as lists, and above them the last note nobody has taken over."""
    now = timezone.now()
    note = Handover.objects.visible_to(request.user).select_related("written_by", "read_by").order_by("-pk").first()
    sections = _sections(request.user, now)
    context = {
        "sections": [section for section in sections if section.rows],
        "quiet": [section.title for section in sections if not section.rows],
        "note": note if note and not note.read_at else None,
        "may_read": note is not None and note.written_by_id != request.user.pk,
        "today": timezone.localdate(now),
        "form": OwnPatientForm(),
    }
    return render(request, "referrals/today.html", context)


@requires(*DESKS)
def find_own(request):
    """Patients of the own letters by name, NIK or medical record number. A POST, so that nothing personal is in an address."""
    form = OwnPatientForm(posted(request))
    found = None
    if form.is_valid():
        try:
            found = own_patients.find(query=form.cleaned_data["query"], actor=request.user, at=timezone.now())
        except TooMany:
            raise
        except Refused as no:
            form.add_error("query", no.message)
    return render(request, "referrals/find_own.html", {"form": form, "found": found, "most": own_patients.MOST})


@requires(*DESKS)
def handovers(request):
    """Write the note of the shift that ends; below it the earlier ones, with who has read them."""
    now = timezone.now()
    form = HandoverForm(posted(request), initial={"shift": handover.shift_at(now)})
    if form.is_valid():
        try:
            handover.write(facility=request.user.facility, actor=request.user, at=now, **form.cleaned_data)
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The note waits for the next shift."))
            return redirect("referrals:handovers")
    notes = Handover.objects.visible_to(request.user).select_related("written_by", "read_by")
    page = keyset_page(notes, request.GET, keys=("-pk",), size=20)
    sections = _sections(request.user, now)
    titles = {section.code: section.title for section in sections}
    for note in page:
        note.told = [(titles.get(code, code), count) for code, count in note.matters.items()]
    context = {"form": form, "page": page, "sections": [section for section in sections if section.rows]}
    return render(request, "referrals/handovers.html", context)


@requires(*DESKS)
@require_POST
def read_handover(request, handover_id):
    note = get_object_or_404(Handover.objects.visible_to(request.user), public_id=handover_id)
    handover.read(note=note, actor=request.user, at=timezone.now())
    messages.success(request, _("You have taken over."))
    return redirect("referrals:handovers")
