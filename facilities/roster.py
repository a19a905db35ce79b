"""Doctors come to a hospital, change their name or licence, and leave. The hospital keeps its own roster, Dinkes any."""

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.translation import gettext as _

from facilities.models import Doctor
from facilities.network import plain
from facilities.permissions import KEEPERS, ROSTER_KEEPERS, check
from ksb.core import journal
from ksb.core.errors import NotAllowed
from ksb.core.integrity import refusing


def taken():
    return {"one_licence_once_per_hospital": _("A doctor with this SIP is on the roster already.")}


def enter(*, facility, name, registration, specialty, valid, actor):
    """Put a doctor on the roster. Raises Refused when the licence stands there already."""
    _check(actor, facility)
    with transaction.atomic(), refusing(taken()):
        doctor = Doctor.objects.create(
            facility=facility,
            name=name,
            registration=registration,
            specialty=specialty,
            valid=valid,
            created_by=actor,
        )
        journal.record("doctor.enter", facility, actor=actor, doctor=name, registration=registration)
    return doctor


def change(*, doctor, values, actor):
    """Write ``values`` (name, registration, specialty, valid) where they differ."""
    with transaction.atomic(), refusing(taken()):
        doctor = (
            Doctor.objects.select_for_update(of=("self",)).select_related("facility", "specialty").get(pk=doctor.pk)
        )
        _check(actor, doctor.facility)
        changes, named = {}, doctor.name
        for field, new in values.items():
            old = getattr(doctor, field)
            if old != new:
                changes[field] = [_kept(old), _kept(new)]
                setattr(doctor, field, new)
        if changes:
            doctor.save(update_fields=list(changes))
            journal.record("doctor.change", doctor.facility, actor=actor, doctor=named, changes=changes)
    return doctor


def _kept(value):
    """Days as two ISO texts, everything else as it is."""
    if isinstance(value, DateRange):
        return [day.isoformat() if day else None for day in (value.lower, value.upper)]
    return plain(value)


def _check(actor, facility):
    check(actor, ROSTER_KEEPERS)
    if not actor.has_role(*KEEPERS) and facility.pk not in actor.facility_ids(*ROSTER_KEEPERS):
        raise NotAllowed(_("This is the roster of another hospital."))
