"""The addresses of BPJS Aplicares and of SIRANAP, answered by us: a hospital changes the address, the cons-id and the secret.

Answers are in Aplicares' envelope, ``{"metadata": {"code": 1, "message": "OK"}}``; a code other than 1 is the HTTP status.
"""

import json
from functools import wraps

from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import JsonResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt

from facilities import bed_keys, bed_push
from facilities.bed_keys import Rejected
from facilities.enums import BedSource
from facilities.models import BedClass
from ksb.core.errors import Refused
from ksb.core.ratelimit import TooMany
from ksb.core.refusals import headers_of, status_of

LARGEST_BODY = 64 * 1024
MOST_ROWS = 1_000


def signed(*methods):
    """Decorator of a view ``(request, key, moment, **names)`` that returns rows, or nothing, or raises Refused."""

    def decorate(act):
        @csrf_exempt  # the signature says who asks; no cookie is looked at
        @login_not_required
        @never_cache
        @wraps(act)
        def view(request, **names):
            now = timezone.now()
            try:
                if request.method not in methods:
                    raise Rejected(405, _("Use %(methods)s.") % {"methods": ", ".join(methods)})
                key, moment = bed_keys.authenticate(request, at=now)
                with transaction.atomic():
                    if request.method != "GET":
                        bed_keys.take_once(request, key, at=now)
                    return _envelope(act(request, key, moment, **names))
            except Refused as no:
                return _refusal(no)

        return view

    return decorate


def _envelope(rows):
    if rows is None:
        return JsonResponse({"metadata": {"code": 1, "message": "OK"}})
    listed, total = rows
    return JsonResponse({"metadata": {"code": 1, "message": "OK", "totalitems": total}, "response": {"list": listed}})


def _refusal(no):
    status = no.status if isinstance(no, Rejected) else 400 if not isinstance(no, TooMany) else status_of(no)
    told = {"metadata": {"code": status, "message": str(no.message)}}
    return JsonResponse(told, status=status, headers=headers_of(no))


def _own(key, ppk):
    """A hospital speaks for itself only, under its Ministry code or the BPJS code its key was issued with."""
    if ppk.upper() not in {key.facility.code, key.ppk_code} - {""}:
        raise Rejected(403, _("This cons-id belongs to another hospital."))
    return key.facility


def _body(request):
    """The JSON of the body, whatever content type it says it has (V-Claim programs say form data)."""
    if len(request.body) > LARGEST_BODY:
        raise Rejected(413, _("The body is too large. Send one room at a time."))
    try:
        found = json.loads(request.body)
        json.dumps(found, ensure_ascii=False).encode()
    except (ValueError, RecursionError) as error:
        raise Rejected(400, _("The body is no JSON.")) from error
    if not isinstance(found, dict):
        raise Rejected(400, _("Send one room as an object."))
    return found


@signed("POST")
def aplicares_put(request, key, moment, ppk):
    """``/rest/bed/create/`` and ``/rest/bed/update/``: both write the room, whether it was known or not."""
    bed_push.put(facility=_own(key, ppk), body=_body(request), vocabulary=BedSource.API, at=moment)


@signed("POST")
def aplicares_delete(request, key, moment, ppk):
    bed_push.remove(facility=_own(key, ppk), body=_body(request), vocabulary=BedSource.API, at=moment)


@signed("GET")
def aplicares_read(request, key, moment, ppk, start, limit):
    """Rooms from row ``start`` (1 is the first), at most ``limit``."""
    found = bed_push.rooms(_own(key, ppk), BedSource.API)
    first = max(min(start, MOST_ROWS), 1) - 1
    page = found[first : first + min(limit, MOST_ROWS)]
    return [_aplicares_row(n, room, ppk) for n, room in enumerate(page, start=first + 1)], found.count()


def _aplicares_row(number, room, ppk):
    return {
        "kodeppk": ppk,
        "kodekelas": room.bed_class.code,
        "namakelas": room.bed_class.name,
        "koderuang": room.code,
        "namaruang": room.name,
        "kapasitas": room.capacity,
        "tersedia": room.capacity - room.occupied,
        "tersediapria": room.for_men,
        "tersediawanita": room.for_women,
        "tersediapriawanita": room.for_either,
        "rownumber": number,
        "lastupdate": f"{timezone.localtime(room.reported_at):%Y-%m-%d %H:%M:%S}",
    }


@signed("GET")
def aplicares_classes(request, key, moment):
    """The classes a program may use; the list is Dinkes' and may grow."""
    rows = [
        {"kodekelas": code, "namakelas": name}
        for code, name in BedClass.objects.filter(vocabulary=BedSource.API).values_list("code", "name")
    ]
    return rows, len(rows)


@signed("GET", "POST", "PUT", "DELETE")
def siranap(request, key, moment):
    """One address for all: POST and PUT write a room, DELETE takes it away, GET lists them."""
    if request.method == "GET":
        rows = [_siranap_row(room) for room in bed_push.rooms(key.facility, BedSource.SIRANAP)[:MOST_ROWS]]
        return rows, len(rows)
    act = bed_push.remove if request.method == "DELETE" else bed_push.put
    return act(facility=key.facility, body=_body(request), vocabulary=BedSource.SIRANAP, at=moment)


def _siranap_row(room):
    return {
        "id_tt": room.bed_class.code,
        "ruang": room.name,
        "jumlah": room.capacity,
        "terpakai": room.occupied,
        "prepare": room.cleaning,
        "antrian": room.queue,
        "tglupdate": f"{timezone.localtime(room.reported_at):%Y-%m-%d %H:%M:%S}",
    }
