"""Rooms as programs push them, and the ward counts that follow (formats.md of BPJS Aplicares and Kemenkes SIRANAP).

A ward's count is the sum of the rooms of the vocabulary that spoke last. A room nobody spoke of for a day has no free bed:
a forgotten row must not send a patient to a bed that is gone.
"""

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from facilities import beds
from facilities.bed_keys import Rejected
from facilities.beds import MOST_BEDS, Figures
from facilities.enums import BedSource
from facilities.models import BedClass, BedRoom, Facility
from ksb.core.workflow import system_user

FORGOTTEN = timedelta(hours=24)
SHORT, LONG = 40, 100
SPLIT = ("for_men", "for_women", "for_either")
APLICARES = {
    "kapasitas": "capacity",
    "tersedia": "free",
    "tersediapria": "for_men",
    "tersediawanita": "for_women",
    "tersediapriawanita": "for_either",
}
SIRANAP = {"jumlah": "capacity", "terpakai": "occupied", "prepare": "cleaning", "antrian": "queue"}
REQUIRED = {BedSource.API: ("kapasitas", "tersedia"), BedSource.SIRANAP: ("jumlah", "terpakai")}
NUMBERS = {BedSource.API: APLICARES, BedSource.SIRANAP: SIRANAP}


def room_in(body, vocabulary):
    """``(class, code, name, Figures)`` of a body in ``vocabulary``; numbers may be texts. Raises Rejected (400)."""
    bed_class, code = place_in(body, vocabulary)
    name = _text(body, "namaruang" if vocabulary == BedSource.API else "ruang", LONG)
    numbers = {ours: _number(body, theirs, vocabulary) for theirs, ours in NUMBERS[vocabulary].items()}
    if vocabulary == BedSource.API:
        numbers["occupied"] = numbers["capacity"] - numbers.pop("free")
        if numbers["occupied"] < 0:
            raise Rejected(400, _("tersedia is more than kapasitas."))
    stated = Figures(**numbers)
    for field, sentence in stated.mistakes().items():
        raise Rejected(400, f"{field}: {sentence}")
    return bed_class, code, name, stated


def place_in(body, vocabulary):
    """The BedClass and the code of the room a body speaks of."""
    if vocabulary == BedSource.API:
        key, code = _text(body, "kodekelas", 10).upper(), _text(body, "koderuang", SHORT)
    else:
        key, code = _text(body, "id_tt", 10).zfill(4), _text(body, "ruang", LONG)
    bed_class = BedClass.objects.filter(vocabulary=vocabulary, code=key).first()
    if bed_class is None:
        raise Rejected(400, _("The class %(code)s is not known. Read the list of classes.") % {"code": key})
    return bed_class, code


def _text(body, name, longest):
    value = body.get(name)
    value = str(value).strip() if isinstance(value, str | int) and not isinstance(value, bool) else ""
    if not value or len(value) > longest or not value.isprintable():
        raise Rejected(
            400, _("%(field)s: write a text of 1 to %(longest)d characters.") % {"field": name, "longest": longest}
        )
    return value


def _number(body, name, vocabulary):
    value = body.get(name)
    if value in (None, "") and name not in REQUIRED[vocabulary]:
        return 0
    if isinstance(value, str) and value.isascii() and value.strip().isdigit() and len(value) < SHORT:
        value = int(value)
    if not isinstance(value, int) or isinstance(value, bool) or not 0 <= value <= MOST_BEDS:
        raise Rejected(
            400, _("%(field)s: write a whole number from 0 to %(most)d.") % {"field": name, "most": MOST_BEDS}
        )
    return value


def put(*, facility, body, vocabulary, at):
    """Write one room as ``body`` says at ``at``, and count its ward anew. Raises Rejected; a newer word on the room stays."""
    bed_class, code, name, stated = room_in(body, vocabulary)
    with transaction.atomic():
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        known = facility.bed_rooms.filter(bed_class=bed_class, code=code).first()
        if known is not None and known.reported_at > at:
            raise Rejected(409, _("A newer report of this room is known."))
        room = known or BedRoom(facility=facility, bed_class=bed_class, code=code)
        room.name, room.reported_at, room.reported_by = name, at, system_user()
        for field in ("capacity", "occupied", "cleaning", "queue", *SPLIT):
            setattr(room, field, getattr(stated, field) or 0)
        room.save()
        _count_anew(facility, bed_class, at=at)


def remove(*, facility, body, vocabulary, at):
    """The room is no more. Raises Rejected (404) when nobody has spoken of it."""
    bed_class, code = place_in(body, vocabulary)
    with transaction.atomic():
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        deleted, _by_model = facility.bed_rooms.filter(bed_class=bed_class, code=code, reported_at__lte=at).delete()
        if not deleted:
            raise Rejected(404, _("This room is not known."))
        _count_anew(facility, bed_class, at=at)


def _count_anew(facility, bed_class, *, at):
    """Report the sum of the rooms that ``bed_class`` belongs to, as of ``at``."""
    if not bed_class.ward:
        return
    same = {"bed_class__ward": bed_class.ward, "bed_class__vocabulary": bed_class.vocabulary}
    sums = dict.fromkeys(("capacity", "occupied", "cleaning", "queue", *SPLIT), 0)
    for room in facility.bed_rooms.filter(**same):
        forgotten = room.reported_at < at - FORGOTTEN
        sums["capacity"] += room.capacity
        sums["occupied"] += room.capacity if forgotten else room.occupied
        for field in () if forgotten else ("cleaning", "queue", *SPLIT):
            sums[field] += getattr(room, field)
    if not any(sums[group] for group in SPLIT):  # nobody says for whom, or nothing is free
        sums |= dict.fromkeys(SPLIT)
    source = BedSource(bed_class.vocabulary)
    beds.report(facility=facility, figures={bed_class.ward: Figures(**sums)}, source=source, actor=None, at=at)


def rooms(facility, vocabulary):
    """Rooms of ``facility`` in ``vocabulary``, in order."""
    found = facility.bed_rooms.filter(bed_class__vocabulary=vocabulary).select_related("bed_class")
    return found.order_by("bed_class__code", "code")
