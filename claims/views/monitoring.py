"""``GET /vclaim-rest/Monitoring/Klaim/...`` for a hospital's program, signed as a V-Claim request; the own hospital only."""

import datetime

from django.contrib.auth.decorators import login_not_required
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from claims import monitoring
from facilities import bed_keys
from facilities.bed_keys import Rejected
from facilities.enums import CareType
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany
from ksb.core.refusals import headers_of, status_of


@login_not_required
@never_cache
@require_safe
def claim_status(request, discharged_on, care_type, status):
    """Claims by day of discharge (``yyyy-mm-dd``), care type (1 inpatient, 2 outpatient) and status (1, 2, 3)."""
    try:
        key, _moment = bed_keys.authenticate(request, at=timezone.now())
        found = monitoring.claims_of(key.facility, **_asked(discharged_on, care_type, status))
        journal.record("claims.monitor", key.facility, actor=None, day=discharged_on, rows=len(found))
    except Refused as no:
        return _refusal(no)
    if not found:
        return _answer(201, _("There is no claim for this day, service and status."), None)
    return _answer(200, "OK", {"klaim": found})


def _asked(discharged_on, care_type, status):
    try:
        day = datetime.date.fromisoformat(discharged_on)
    except ValueError as error:
        raise Rejected(400, _("Write the day as yyyy-mm-dd.")) from error
    if care_type not in CareType.values or status not in (1, 2, 3):
        raise Rejected(400, _("JnsPelayanan is 1 or 2, Status is 1, 2 or 3."))
    return {"discharged_on": day, "care_type": care_type, "status": status}


def _refusal(no):
    status = no.status if isinstance(no, Rejected) else status_of(no) if isinstance(no, TooMany) else 400
    return _answer(status, str(no.message), None, status=status, headers=headers_of(no))


def _answer(code, message, response, **how):
    """V-Claim's envelope: the code is text there."""
    return JsonResponse({"metaData": {"code": str(code), "message": message}, "response": response}, **how)
