"""Facilities enter the network, and what is known of them changes; every change is journalled with the old and the new value."""

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import Facility
from facilities.permissions import KEEPERS, check
from ksb.core import journal
from ksb.core.integrity import refusing

TAKEN = "facilities_facility_code_key"


def create(*, values, actor):
    """A new facility; ``values`` by field name, ``specialties`` with it. Raises Refused when the code is taken."""
    check(actor, KEEPERS)
    values = dict(values)
    specialties = values.pop("specialties", ())
    with transaction.atomic():
        with refusing({TAKEN: _("A facility with this code is in the network already.")}):
            facility = Facility.objects.create(**values)
        facility.specialties.set(specialties)
        journal.record("facility.create", facility, actor=actor, code=facility.code, name=facility.name)
    return facility


def change(*, facility, values, actor):
    """Write ``values`` where they differ. Returns the names of the fields that changed."""
    check(actor, KEEPERS)
    values = dict(values)
    with transaction.atomic():
        facility = Facility.objects.select_for_update().get(pk=facility.pk)
        changes = _specialties(facility, values.pop("specialties", None))
        for name, new in values.items():
            old = getattr(facility, name)
            if old != new:
                changes[name] = [plain(old), plain(new)]
                setattr(facility, name, new)
        if changes:
            facility.save(update_fields=[name for name in changes if name != "specialties"])
            journal.record("facility.change", facility, actor=actor, changes=changes)
    return list(changes)


def _specialties(facility, chosen):
    if chosen is None:
        return {}
    old = sorted(facility.specialties.values_list("pk", flat=True))
    new = sorted(specialty.pk for specialty in chosen)
    if old == new:
        return {}
    facility.specialties.set(chosen)
    return {"specialties": [old, new]}


def plain(value):
    """A field's value as the journal keeps it: plain JSON, related rows by their name."""
    if value is None or isinstance(value, bool | int | str | list):
        return value
    return str(value)
