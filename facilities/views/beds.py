"""Screens of beds: the hospital's desk, and Dinkes watching who reports."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from facilities import bed_board, bed_keys, beds
from facilities.bed_forms import BedKeyForm, ward_forms
from facilities.bed_history import occupancy_chart
from facilities.enums import BedSource, WardType
from facilities.models import BedKey, Facility
from facilities.permissions import BED_DESK, BED_KEY_KEEPERS, BED_READERS, BED_WATCHERS, requires
from ksb.core.errors import Refused


@requires(*BED_READERS)
def desk(request):
    """All wards of the own hospital on one page: what is known, how old it is, and the form that says it anew."""
    hospital = get_object_or_404(Facility, pk__in=request.user.facility_ids(*BED_READERS)[:1])
    may_report = request.user.has_role(*BED_DESK)
    data = request.POST if request.method == "POST" and may_report else None
    counts = list(hospital.bed_counts.select_related("reported_by"))
    known, others = ward_forms(data, counts=counts, wards=WardType)
    now = timezone.now()
    if data is not None and all(form.is_valid() for form in (*known, *others)):
        figures = {form.ward: form.stated for form in (*known, *others) if form.stated}
        if _report(request, hospital, figures, now):
            return redirect("facilities:beds")
    context = {
        "hospital": hospital,
        "wards": bed_board.wards(counts, at=now),
        "holds": beds.running_holds(hospital),
        "known": known,
        "others": others,
        "others_open": not known or any(form.is_bound and (form.errors or form.has_changed()) for form in others),
        "forms": [*known, *others],
        "wrong_form": next((form for form in (*known, *others) if form.is_bound and form.errors), None),
        "may_report": may_report,
        "chart": occupancy_chart(hospital, until=timezone.localdate(now)),
    }
    return render(request, "facilities/beds.html", context)


def _report(request, hospital, figures, now):
    if not figures:
        messages.error(request, _("Nothing was filled in. Write the beds of at least one ward."))
        return False
    try:
        written = beds.report(facility=hospital, figures=figures, source=BedSource.MANUAL, actor=request.user, at=now)
    except Refused as no:
        messages.error(request, no.message)
        return False
    told = ngettext("Beds of %(n)d ward are written down.", "Beds of %(n)d wards are written down.", len(written))
    messages.success(request, told % {"n": len(written)})
    return True


@requires(*BED_DESK)
@require_POST
def confirm(request):
    """One click: nothing has changed, every count is as good as new."""
    hospital = get_object_or_404(Facility, pk__in=request.user.facility_ids(*BED_DESK)[:1])
    beds.confirm(facility=hospital, actor=request.user, at=timezone.now())
    messages.success(request, _("Confirmed: nothing has changed."))
    return redirect("facilities:beds")


@requires(*BED_WATCHERS)
@require_safe
def silent(request):
    """Contracted hospitals whose counts are old, the longest silent first."""
    now = timezone.now()
    context = {
        "silent": bed_board.silent(at=now),
        "minutes": bed_board.stale_after(timezone.localdate(now)),
        "now": now,
    }
    return render(request, "facilities/beds_silent.html", context)


NEW_KEY = "new_bed_key"


@requires(*BED_KEY_KEEPERS)
@never_cache
def keys(request):
    """Keys of hospitals' programs. A new secret is shown once, on the page that follows its making."""
    visible = BedKey.objects.visible_to(request.user)
    form = BedKeyForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        key, _secret = bed_keys.issue(
            facility=form.cleaned_data["hospital"],
            ppk_code=form.cleaned_data["ppk_code"],
            actor=request.user,
            at=timezone.now(),
        )
        request.session[NEW_KEY] = key.pk
        return redirect("facilities:bed_keys")
    new = visible.living().filter(pk=request.session.pop(NEW_KEY, None)).select_related("facility").first()
    context = {
        "form": form,
        "new": new,
        "secret": bed_keys.secret_of(new) if new else "",
        "keys": visible.living().select_related("facility", "issued_by").order_by("facility__name"),
    }
    return render(request, "facilities/bed_keys.html", context)


@requires(*BED_KEY_KEEPERS)
@require_POST
def revoke_key(request, key_id):
    key = get_object_or_404(BedKey.objects.visible_to(request.user), pk=key_id)
    bed_keys.revoke(key=key, actor=request.user, at=timezone.now())
    messages.success(request, _("The key is revoked. The program of this hospital cannot push beds any more."))
    return redirect("facilities:bed_keys")
