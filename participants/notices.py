"""What families and the offices of registration are told. ``@follows`` names the journalled act; see docs/notices.md."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from facilities.notices import mail_of
from ksb.core.notices.kinds import kind
from ksb.core.notices.senders import addresses
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows
from ksb.core.workflow import system_user
from participants.models import Card, Enrolment, SyncRun
from participants.permissions import OPERATORS

# Families: in their own page, and to the telephone or mailbox they left with the application.

APPROVED = kind(
    "enrolment.approved",
    sentiment="ok",
    text=_("Application %(number)s is approved. KTP and KK are enough until the card is ready."),
    message=_(
        "Jamkesda Kota Bekasi: application %(number)s is approved. KTP and KK are enough for treatment until the card is ready. "
        "%(site)s"
    ),
)
REJECTED = kind(
    "enrolment.rejected",
    sentiment="bad",
    text=_("Application %(number)s is rejected. The letter of rejection says why and how to appeal."),
    message=_("Jamkesda Kota Bekasi: application %(number)s is rejected. Read why and how to appeal: %(site)s"),
)
SENT_BACK = kind(
    "enrolment.sent_back",
    sentiment="warn",
    text=_("Application %(number)s needs a correction."),
    message=_("Jamkesda Kota Bekasi: application %(number)s needs a correction. What is missing: %(site)s"),
)
WAITING = kind(
    "enrolment.waiting",
    text=_("Application %(number)s is in order. The waiting period runs until %(until_on)s."),
    message=_(
        "Jamkesda Kota Bekasi: application %(number)s is in order. The waiting period runs until %(until_on)s. %(site)s"
    ),
)
CARD_READY = kind(
    "card.ready",
    sentiment="ok",
    text=_("The card %(card)s can be collected: %(place)s."),
    message=_("Jamkesda Kota Bekasi: your Kartu Sehat can be collected: %(place)s. Bring KTP and KK. Free of charge."),
)


@follows("enrolment.approve")
def approved(event):
    _decided(APPROVED, event)


@follows("enrolment.reject")
def rejected(event):
    _decided(REJECTED, event)


@follows("enrolment.send_back")
def sent_back(event):
    _decided(SENT_BACK, event)


@follows("enrolment.question")
def questioned(event):
    """The registry found something that the family has to correct."""
    _decided(SENT_BACK, event)


@follows("enrolment.wait")
def waiting(event):
    _decided(WAITING, event)


def _decided(decision, event):
    """An application may be sent back more than once: each time is news."""
    enrolment = Enrolment.objects.select_related("household").get(pk=event.object_id)
    until = {"until_on": enrolment.waiting_until} if enrolment.waiting_until else {}
    if decision is WAITING and not until:
        return  # the period ended before this was told
    tell(
        decision,
        to=To(party=enrolment.household),
        about=enrolment,
        params={"number": enrolment.number, "site": family_page(), **until},
        once=event.pk,
        at=timezone.now(),
        addresses=addresses(phone=enrolment.phone, email=enrolment.email),
    )


@follows("card.make_ready")
def card_ready(event):
    card = Card.objects.select_related("household", "batch__place").get(pk=event.object_id)
    tell(
        CARD_READY,
        to=To(party=card.household),
        about=card,
        params={"card": card.number, "place": card.batch.place.name},
        at=timezone.now(),
        addresses=addresses_of(card.household),
    )


def addresses_of(household):
    """The ways to a family: what it left with its newest application."""
    newest = household.enrolments.order_by("-pk").values("phone", "email").first()
    return addresses(**newest) if newest else []


def family_page():
    return settings.PUBLIC_ADDRESS + reverse("resident:check")


# Offices: files that need somebody

FILE_HELD = kind(
    "sync.held",
    sentiment="bad",
    text=_("The file %(file)s changes more than usual and waits for two approvals."),
    message=_("KSB: the file %(file)s changes more than usual and waits for two approvals."),
    route="participants:sync_run",
)
FILE_FAILED = kind(
    "sync.failed",
    sentiment="bad",
    text=_("The file %(file)s could not be taken in."),
    message=_("KSB: the file %(file)s could not be taken in."),
    route="participants:sync_run",
)


@follows("sync.hold")
def file_held(event):
    _about_file(FILE_HELD, event, OPERATORS)


@follows("sync.fail")
def file_failed(event):
    _about_file(FILE_FAILED, event, OPERATORS)


@follows("sync.refuse")
def file_refused(event):
    """By a rule; of a refusal by a person that person's office knows."""
    run = SyncRun.objects.get(pk=event.object_id)
    if event.payload["actor"] is None:
        _about_file(FILE_FAILED, event, (Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR))
    else:
        settle(run, at=timezone.now(), actor=system_user(), kinds=[FILE_HELD])


@follows("sync.second")
def file_approved(event):
    settle(SyncRun.objects.get(pk=event.object_id), at=timezone.now(), actor=system_user(), kinds=[FILE_HELD])


@follows("sync.again")
def file_taken_up_again(event):
    settle(SyncRun.objects.get(pk=event.object_id), at=timezone.now(), actor=system_user(), kinds=[FILE_FAILED])


def _about_file(what, event, roles):
    run = SyncRun.objects.get(pk=event.object_id)
    for role in roles:
        tell(
            what,
            to=To(role=role),
            about=run,
            link=run.pk,
            params={"file": run.file_name},
            once=event.pk,
            at=timezone.now(),
            addresses=mail_of(role, at=timezone.now()),
        )
