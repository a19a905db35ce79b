"""What has expired: shown to the hospital as lost, and how it may still be paid."""

from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from claims import expired
from claims.permissions import BILLING, LIST_READERS
from facilities.enums import Role
from facilities.permissions import requires
from ksb.core.paging import keyset_page

SHOWN = 100
# The other offices see claims, not the care of patients.
SEE_CARE = (*BILLING, Role.DINKES_SERVICES, Role.AUDITOR)


@requires(*LIST_READERS)
@require_safe
def expired_list(request):
    """Claims that came too late, and finished care nobody claimed in time."""
    today = timezone.localdate()
    rows = expired.episodes(request.user, on=today).select_related("sjp", "resident", "newborn", "hospital")
    late = list(expired.claims(request.user)[: SHOWN + 1])
    context = {
        "claims": late[:SHOWN],
        "shown": SHOWN if len(late) > SHOWN else 0,
        "sees_care": request.user.has_role(*SEE_CARE),
        "page": keyset_page(rows, request.GET, keys=("-admitted_at", "-pk")),
        "one_hospital": request.user.facility is not None,
    }
    return render(request, "claims/expired.html", context)
