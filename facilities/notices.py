"""Ways to the people of a desk, and what is told of contracts. ``@handles`` names the event; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from facilities.models import Contract, Facility, User
from ksb.core.notices.enums import Channel
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, tell
from ksb.core.outbox import handles

CONTRACT_ENDING = kind(
    "contract.ending",
    sentiment="warn",
    text=_("The agreement %(number)s with %(hospital)s ends on %(last_on)s."),
    message=_("KSB: the agreement %(number)s with %(hospital)s ends on %(last_on)s."),
)

BEDS_OLD = kind(
    "beds.old",
    sentiment="warn",
    text=_("%(hospital)s has not renewed its bed counts."),
    route="facilities:beds",
    by_link=False,
)
HOSPITAL_SILENT = kind(
    "beds.silent",
    sentiment="warn",
    text=_("%(hospital)s has not renewed its bed counts."),
    route="facilities:beds_silent",
    by_link=False,
)


def mail_of(role, facility_id=None, *, at):
    """``(Channel.EMAIL, address)`` of everybody who holds ``role`` on the day of ``at``: at a facility, or in the city."""
    day = timezone.localdate(at)
    held = User.memberships.rel.related_model.objects.in_force(day).filter(role=role, facility=facility_id)
    people = User.objects.filter(is_active=True, memberships__in=held).exclude(email="").order_by("email")
    return [(Channel.EMAIL, address) for address in people.values_list("email", flat=True).distinct()]


@handles("contract.ending")
def contract_ending(event):
    """Dinkes and the hospital's director, once for each threshold of days that is passed (domain.md B25)."""
    contract = Contract.objects.select_related("facility").get(pk=event.object_id)
    now = timezone.now()
    for role, place in ((Role.DINKES_SERVICES, None), (Role.HOSPITAL_DIRECTOR, contract.facility_id)):
        tell(
            CONTRACT_ENDING,
            to=To(role=role, facility_id=place),
            about=contract,
            link="",
            params={"number": contract.number, "hospital": contract.facility.name, "last_on": event.payload["ends"]},
            once=event.pk,
            at=now,
            addresses=mail_of(role, place, at=now),
        )


@handles("beds.stale")
def beds_stale(event):
    """The hospital's desk and Dinkes, once a day while it lasts (domain.md B15)."""
    hospital = Facility.objects.get(pk=event.object_id)
    desks = ((BEDS_OLD, Role.HOSPITAL_DESK, hospital.pk), (HOSPITAL_SILENT, Role.DINKES_SERVICES, None))
    for what, role, place in desks:
        tell(
            what,
            to=To(role=role, facility_id=place),
            about=hospital,
            params={"hospital": hospital.name},
            once=event.payload["day"],
            at=timezone.now(),
        )
