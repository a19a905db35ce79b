"""Large files on their way in: pieces from a browser with JavaScript, and a page that follows them."""

import datetime

from django.http import JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from claims import deliveries
from claims.permissions import BILLERS
from claims.views.loading import load_delivery
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.refusals import as_json, status_of

# After this the page says that the worker may be away.
PATIENCE = datetime.timedelta(minutes=3)


@requires(*BILLERS)
@require_safe
def delivery(request, delivery_id):
    """How far it is, and what became of it. Follows by itself; without JavaScript it is reloaded."""
    found = load_delivery(request, delivery_id)
    waits = found.is_whole and not found.finished_at
    late = waits and not found.stage and timezone.now() - found.created_at > PATIENCE
    return render(request, "claims/delivery.html", {"delivery": found, "waits": waits, "late": late})


@requires(*BILLERS)
@require_http_methods(["PUT"])
def piece(request, delivery_id):
    """Take the piece that begins at byte ``Upload-Offset``. Answers how many bytes are here now."""
    found = load_delivery(request, delivery_id)
    offset = request.headers.get("Upload-Offset", "")
    if not (offset.isascii() and offset.isdigit() and len(offset) < 12):
        return JsonResponse({"received": found.received}, status=400)
    try:
        found = deliveries.append(delivery=found, offset=int(offset), content=request.body, actor=request.user)
    except Refused as no:
        return JsonResponse({**as_json(no), "received": found.received}, status=status_of(no))
    return JsonResponse({"received": found.received, "page": found.get_absolute_url()})
