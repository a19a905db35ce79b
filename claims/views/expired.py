"""What has expired: shown to the hospital as lost, and how it may still be paid."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import expired
from claims.permissions import LIST_READERS
from facilities.permissions import requires
from ksb.core.paging import keyset_page

SHOWN = 100


@requires(*LIST_READERS)
@require_safe
def expired_list(request):
    """Claims that came too late, and finished care nobody claimed in time."""
    today = timezone.localdate()
    rows = expired.episodes(request.user, on=today).select_related("sjp", "resident", "newborn", "hospital")
    context = {
        "claims": expired.claims(request.user)[:SHOWN],
        "page": keyset_page(rows, request.GET, keys=("-admitted_at", "-pk")),
        "one_hospital": request.user.facility is not None,
    }
    return render(request, "claims/expired.html", context)
