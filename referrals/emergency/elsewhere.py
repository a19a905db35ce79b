"""Emergencies at hospitals without an account: the family or the hospital tells a Puskesmas or Dinkes, who report for it.

What the hospital's desk would do afterwards (answer, hand in papers) the reporting desk does; Dinkes registers the discharge.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import FacilityKind, Ownership, Role
from facilities.models import Facility, Membership
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.numbering import next_number
from referrals.workflow.who import CLERK, SERVICES

UNLISTED = "LUAR"


def without_account(*, on):
    """Hospitals of the network where nobody could report on the day ``on``."""
    desks = Membership.objects.in_force(on).filter(role=Role.HOSPITAL_DESK).values("facility")
    return Facility.objects.hospitals().filter(active=True).exclude(pk__in=desks).order_by("name")


def enter_hospital(*, name, address, actor, at):
    """A hospital that nobody has heard of yet: known by its name until Dinkes completes it. The same name is one hospital.

    Its code is of a series of its own (``LUAR2600001``) until Dinkes writes that of the Ministry.
    """
    name = " ".join(name.split())
    known = Facility.objects.hospitals().filter(name__iexact=name).first()
    if known is not None:
        return known
    year = timezone.localdate(at).year
    with transaction.atomic():
        place = Facility.objects.create(
            code=f"{UNLISTED}{year % 100:02d}{next_number('FASKES', UNLISTED, year):05d}",
            name=name,
            address=address.strip(),
            kind=FacilityKind.HOSPITAL,
            ownership=Ownership.PRIVATE,
            in_city=False,
        )
        journal.record("facility.unlisted", place, actor=actor, code=place.code, name=place.name)
    return place


def check_reporter(hospital, *, actor, on):
    """The Puskesmas in whose name ``actor`` reports for ``hospital``, None for Dinkes. Raises NotAllowed or Refused."""
    if not actor.has_role(*CLERK, *SERVICES):
        raise NotAllowed(_("A clerk of a Puskesmas or Dinkes reports for a hospital without an account."))
    if not without_account(on=on).filter(pk=hospital.pk).exists():
        raise Refused(_("%(hospital)s has an account: its own desk reports.") % {"hospital": hospital})
    return Facility.objects.filter(pk__in=actor.facility_ids(*CLERK)[:1]).first()
