"""Kind, class and owner of a facility change by decree on a day. The days before keep what was true on them."""

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import Facility, Standing
from facilities.permissions import KEEPERS, check
from ksb.core import formats, journal
from ksb.core.errors import Refused

FIELDS = ("kind", "hospital_class", "ownership", "tariff_code")

_SETTLE = """
    UPDATE facilities_facility f
       SET kind = s.kind, hospital_class = s.hospital_class, ownership = s.ownership, tariff_code = s.tariff_code
      FROM facilities_standing s
     WHERE s.facility_id = f.id AND s.days @> %(day)s::date
       AND (f.kind, f.hospital_class, f.ownership, f.tariff_code)
           IS DISTINCT FROM (s.kind, s.hospital_class, s.ownership, s.tariff_code)"""


def change(*, facility, day, values, decree, actor, at):
    """From ``day`` on the facility is what ``values`` say (some of FIELDS). Returns the new Standing.

    Raises Refused when nothing changes, or when a change on a later day is known already.
    """
    check(actor, KEEPERS)
    with transaction.atomic():
        facility = Facility.objects.select_for_update().get(pk=facility.pk)
        former = facility.standing_on(day)
        becomes = {name: values.get(name, getattr(former, name)) for name in FIELDS}
        was = {name: getattr(former, name) for name in FIELDS}
        if becomes == was:
            raise Refused(_("Nothing changes: this is what the facility is on that day already."))
        _refuse_before_a_later_change(facility, day)
        _cut(facility, day, was, actor)
        standing = Standing.objects.create(
            facility=facility, days=DateRange(day, None), decree=decree, created_by=actor, **becomes
        )
        changes = {name: [was[name], becomes[name]] for name in FIELDS if was[name] != becomes[name]}
        journal.record("facility.standing", facility, actor=actor, day=str(day), decree=decree, changes=changes)
        settle(on=timezone.localdate(at))
    return standing


def _refuse_before_a_later_change(facility, day):
    later = facility.standings.filter(days__startswith__gt=day).order_by("days").first()
    if later:
        raise Refused(
            _("A change on %(day)s is known already. Choose a later day.") % {"day": formats.day(later.days.lower)}
        )


def _cut(facility, day, was, actor):
    """What was true ends the day before; a change of the very same day is corrected by the new one."""
    facility.standings.filter(days__startswith=day).delete()
    known = facility.standings.filter(days__contains=day).first()
    if known:
        known.days = DateRange(known.days.lower, day)
        known.save(update_fields=["days"])
    elif not facility.standings.exists():
        Standing.objects.create(facility=facility, days=DateRange(None, day), created_by=actor, **was)


def settle(*, on):
    """Write what is true on the day ``on`` into the facilities themselves. Returns how many changed. Runs every night."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"day": on})
        return cursor.rowcount
