"""Handing a desk over to the next shift: open matters list themselves, the rest is said in words and read by name."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import FacilityKind
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from referrals import today
from referrals.enums import Shift
from referrals.models import Handover
from referrals.permissions import DESKS

# The hour a shift begins; before the first it is still night.
SHIFTS = ((7, Shift.MORNING), (14, Shift.AFTERNOON), (21, Shift.NIGHT))


def shift_at(moment):
    """The shift that runs at ``moment``."""
    hour = timezone.localtime(moment).hour
    return next((shift for start, shift in reversed(SHIFTS) if hour >= start), Shift.NIGHT)


def write(*, facility, shift, text, actor, at):
    """Leave a note for the next shift, with the counts of what is open now. Returns the Handover."""
    if facility.pk not in actor.facility_ids(*DESKS):
        raise NotAllowed(_("You hand over your own desk only."))
    if not text.strip():
        raise Refused(_("Write what the next shift must know, or that there is nothing."))
    with transaction.atomic():
        note = Handover.objects.create(
            facility=facility,
            shift=shift,
            text=text.strip(),
            matters=matters_of(facility, actor, at=at),
            written_at=at,
            written_by=actor,
        )
        journal.record("handover.write", note, actor=actor)
    return note


def matters_of(facility, actor, *, at):
    """What is open at the desk of ``facility`` at ``at``: ``{kind: count}``, each count at most ``today.MANY``."""
    page = today.of_puskesmas if facility.kind == FacilityKind.PUSKESMAS else today.of_hospital
    return {section.code: section.size for section in page(actor, at=at) if section.size}


def read(*, note, actor, at):
    """The next shift has read the note. Not who wrote it, and only the first reader is named."""
    if note.facility_id not in actor.facility_ids(*DESKS):
        raise NotAllowed(_("You take over your own desk only."))
    with transaction.atomic():
        fresh = Handover.objects.select_for_update(no_key=True, of=("self",)).get(pk=note.pk)
        if fresh.read_at:
            raise WrongState(_("A colleague has already taken over."))
        if fresh.written_by_id == actor.pk:
            raise Refused(_("Somebody else takes over: you wrote this note."))
        fresh.read_at, fresh.read_by = at, actor
        fresh.save(update_fields=["read_at", "read_by"])
        journal.record("handover.read", fresh, actor=actor)
    return fresh
