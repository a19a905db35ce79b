"""What verifiers and the signatories of a BAHV are told. ``@follows`` names the journalled act; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from facilities.notices import mail_of
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows
from ksb.core.workflow import system_user
from verification.models import Assignment, Bahv

ASSIGNED = kind(
    "batch.assigned",
    text=_("Batch %(number)s of %(hospital)s is assigned to you."),
    route="verification:batch",
)
TO_SIGN = kind(
    "bahv.to_sign",
    sentiment="warn",
    text=_("BAHV %(number)s waits for your signature."),
    message=_("KSB: BAHV %(number)s waits for your signature."),
    route="verification:bahv",
)


@follows("assignment.create")
def assigned(event):
    found = Assignment.objects.select_related("batch__hospital", "verifier").get(pk=event.object_id)
    tell(
        ASSIGNED,
        to=To(user=found.verifier),
        about=found,
        link=found.batch.public_id,
        params={"number": found.batch.number, "hospital": found.batch.hospital.name},
        at=timezone.now(),
    )


@follows("bahv.draw")
def drawn(event):
    bahv = _bahv(event)
    place = bahv.batch.hospital_id
    _ask(
        bahv,
        To(role=Role.HOSPITAL_DIRECTOR, facility_id=place),
        event,
        mail_of(Role.HOSPITAL_DIRECTOR, place, at=timezone.now()),
    )


@follows("bahv.sign_hospital")
def signed_by_the_hospital(event):
    bahv = _bahv(event)
    settle(bahv, at=timezone.now(), actor=system_user(), kinds=[TO_SIGN])
    for found in bahv.batch.assignments.filter(ended_at__isnull=True).select_related("verifier"):
        _ask(bahv, To(user=found.verifier), event)


@follows("bahv.sign_verifier")
def signed_by_the_verifier(event):
    bahv = _bahv(event)
    settle(bahv, at=timezone.now(), actor=system_user(), kinds=[TO_SIGN])
    _ask(bahv, To(role=Role.DINKES_SERVICES), event)


@follows("bahv.approve")
def approved(event):
    settle(_bahv(event), at=timezone.now(), actor=system_user(), kinds=[TO_SIGN])


def _bahv(event):
    return Bahv.objects.select_related("batch").get(pk=event.object_id)


def _ask(bahv, to, event, addresses=()):
    tell(TO_SIGN, to=to, about=bahv, params={"number": bahv.number}, at=timezone.now(), addresses=addresses)
