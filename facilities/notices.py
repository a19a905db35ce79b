"""Ways to the people of a desk, and what is told of contracts and beds. ``@handles`` names the event; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities import bed_board
from facilities.enums import Role
from facilities.models import Contract, Facility, User
from ksb.core.models import Notice
from ksb.core.notices.enums import Channel
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, tell
from ksb.core.outbox import handles
from ksb.core.workflow import system_user

CONTRACT_ENDING = kind(
    "contract.ending",
    sentiment="warn",
    route="facilities:contract",
    text=_("The agreement %(number)s with %(hospital)s ends on %(last_on)s."),
    message=_("KSB: the agreement %(number)s with %(hospital)s ends on %(last_on)s."),
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
            params={"number": contract.number, "hospital": contract.facility.name, "last_on": event.payload["ends"]},
            once=event.pk,
            at=now,
            addresses=mail_of(role, place, at=now),
        )


BEDS_OLD = kind(
    "beds.stale",
    sentiment="warn",
    text=_("Your bed counts are old or missing. No patient is led to you until you report them."),
    route="facilities:beds",
    by_link=False,
)
HOSPITAL_SILENT = kind(
    "beds.silent",
    sentiment="warn",
    text=_("%(hospital)s does not report its beds in time."),
    route="facilities:beds_silent",
    by_link=False,
)


@handles("beds.stale")
def beds_stale(event):
    """The hospital's desk, which can mend it with one click, and Dinkes, once a day each (domain.md B15)."""
    hospital = Facility.objects.get(pk=event.object_id)
    now, day = timezone.now(), event.payload["day"]
    tell(BEDS_OLD, to=To(role=Role.HOSPITAL_DESK, facility_id=hospital.pk), about=hospital, link="", once=day, at=now)
    params = {"hospital": hospital.name}
    tell(HOSPITAL_SILENT, to=To(role=Role.DINKES_SERVICES), about=hospital, link="", params=params, once=day, at=now)


def settle_silence(*, at):
    """Hospitals whose counts are fresh again need no reminder, nor does Dinkes of them. Returns the number of notices."""
    told = Notice.objects.unread().filter(
        about_type=Facility._meta.label_lower, kind__in=[BEDS_OLD.code, HOSPITAL_SILENT.code], told__lte=at
    )
    if not told.exists():
        return 0
    still = [silence.hospital.pk for silence in bed_board.silent(at=at)]
    return told.exclude(about_id__in=still).update(read_at=at, read_by=system_user())
