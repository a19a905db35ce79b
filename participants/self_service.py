"""A family applies by itself, after ``portal.admit`` has let it in. The same checks and states as at the counter.

The account of the system stands in the stamps; the journal says that nobody of the staff was there.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core.errors import Refused
from ksb.core.ratelimit import hit
from participants import consents, documents, enrolment
from participants.enums import Channel, EnrolmentState
from participants.models import Enrolment
from participants.models.family import OPEN_STATES

HOUR = 3600
UPLOADS_PER_HOUR = 30
BEGINNINGS_PER_DAY = 10
CONSENT = {"consent": True, "online": True}


def begin(*, household, phone, email, device, at, appeal_of=None, statement=""):
    """Open the family's draft, or go on with the one there is. ``device`` is a keyed hash. Returns the Enrolment.

    Raises Refused when the programme takes in nobody today, nobody on the KK lives in the city, or the family is registered.
    """
    hit("portal.begin", household.pk, limit=BEGINNINGS_PER_DAY, seconds=24 * HOUR, now=at)
    enrolment.require_can_apply(household=household, at=at)
    contact = {"phone": phone, "email": email, "device": device}
    if appeal_of is not None:
        contact["statement"] = statement.strip()
    with transaction.atomic():
        draft = (
            household.enrolments.select_for_update(no_key=True, of=("self",))
            .filter(state=EnrolmentState.DRAFT, channel=Channel.ONLINE)
            .first()
        )
        if draft is None:
            return enrolment.create(
                household=household,
                channel=Channel.ONLINE,
                actor=None,
                at=at,
                appeal_of=appeal_of,
                checklist=CONSENT,
                **contact,
            )
        for name, value in contact.items():
            setattr(draft, name, value)
        draft.save(update_fields=list(contact))
    return draft


def attach(*, enrolment, kind, file, at):
    """Keep a photo of a document. Raises TooMany above the hourly limit, Refused with what to hand in instead."""
    hit("portal.upload", enrolment.household_id, limit=UPLOADS_PER_HOUR, seconds=HOUR, now=at)
    return documents.attach(enrolment=enrolment, kind=kind, file=file, actor=None, at=at)


def hand_in(*, application, at):
    """Submit a draft, or an application that came back. Raises Refused while a scan is missing or nobody may apply."""
    enrolment.require_can_apply(household=application.household, at=at)
    if consents.withdrawn(application):
        raise Refused(
            _("The agreement on personal data was taken back. At the registration counter you can agree again.")
        )
    missing = documents.missing(application)
    if missing and application.channel == Channel.ONLINE:
        raise Refused(
            _("A photo is missing: %(names)s.") % {"names": ", ".join(str(kind.label) for kind in missing)},
            code="missing_document",
        )
    if application.state == EnrolmentState.NEEDS_CORRECTION:
        return enrolment.resubmit(
            enrolment=application, documents=application.checklist, phone=application.phone, actor=None, at=at
        )
    return enrolment.submit(enrolment=application, actor=None, at=at)


def current(household):
    """The family's open application or membership, else its last one that was refused; None when it never applied."""
    mine = Enrolment.objects.filter(household=household)
    return (
        mine.filter(state__in=OPEN_STATES).order_by("-pk").first()
        or mine.filter(state=EnrolmentState.REJECTED).order_by("-pk").first()
    )
