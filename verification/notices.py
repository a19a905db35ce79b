"""What verifiers and the signatories of a BAHV are told. ``@follows`` names the journalled act; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from facilities.enums import Role
from facilities.notices import mail_of
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, settle, tell
from ksb.core.outbox import follows
from ksb.core.workflow import system_user
from verification.enums import ReadingState
from verification.models import Assignment, Bahv, Dispute, Question, SecondReading

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

ASKED = kind(
    "question.asked",
    sentiment="warn",
    text=_("The verifier asks about a claim of batch %(batch)s. Answer until %(due_on)s."),
    message=_("KSB: the verifier asks about a claim of batch %(batch)s. Answer until %(due_on)s."),
    route="verification:question",
)
DUE = kind(
    "question.due",
    sentiment="bad",
    text=_("The answer about a claim of batch %(batch)s is due on %(due_on)s; without one it is rejected."),
    message=_("KSB: the answer about a claim of batch %(batch)s is due on %(due_on)s."),
    route="verification:question",
)
ANSWERED = kind(
    "question.answered",
    text=_("%(hospital)s has answered question %(number)s."),
    route="verification:claim",
)
DECIDED = kind(
    "claims.not_granted",
    sentiment="warn",
    text=_("Claims of batch %(number)s were rejected or approved in part. The letters stand beside each claim."),
    route="claims:batch",
)
READ_AGAIN = kind(
    "reading.given",
    text=_("A claim of %(hospital)s waits for your second reading."),
    route="verification:claim",
)
DISAGREED = kind(
    "reading.disagreed",
    sentiment="warn",
    text=_("Two readers disagree about a claim of %(hospital)s: you decide."),
    route="verification:reading",
)
DISPUTED = kind(
    "dispute.filed",
    sentiment="warn",
    text=_("%(hospital)s disputes a decision: name the panel."),
    route="verification:dispute",
)
ON_PANEL = kind(
    "dispute.panel",
    text=_("You sit on the panel of dispute %(number)s, to be ruled until %(due_on)s."),
    route="verification:dispute",
)
TO_CONFIRM = kind(
    "dispute.ruled",
    text=_("The ruling on dispute %(number)s waits for you to confirm it."),
    route="verification:dispute",
)
RULED = kind(
    "dispute.decided",
    text=_("Dispute %(number)s is decided."),
    message=_("KSB: dispute %(number)s is decided."),
    route="verification:dispute",
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


def _hospital(claim):
    return claim.batch.hospital.name


@follows("question.ask")
def asked(event):
    question = Question.objects.select_related("claim__batch").get(pk=event.object_id)
    tell_biller(ASKED, question, at=timezone.now())


def tell_biller(what, question, *, at):
    """Tell the hospital's billing desk of an open question, inside and by mail."""
    place = question.claim.hospital_id
    tell(
        what,
        to=To(role=Role.HOSPITAL_BILLER, facility_id=place),
        about=question,
        params={"batch": question.claim.batch.number, "due_on": question.due_on},
        at=at,
        addresses=mail_of(Role.HOSPITAL_BILLER, place, at=at),
    )


@follows("question.answer")
def answered(event):
    question = Question.objects.select_related("claim__batch__hospital", "asked_by").get(pk=event.object_id)
    settle(question, at=timezone.now(), actor=system_user(), kinds=[ASKED, DUE])
    tell(
        ANSWERED,
        to=To(user=question.asked_by),
        about=question,
        link=question.claim.public_id,
        params={"hospital": _hospital(question.claim), "number": question.number},
        at=timezone.now(),
    )


@follows("claim.reject")
def rejected(event):
    _not_granted(event)


@follows("claim.approve_part")
def adjusted(event):
    _not_granted(event)


@follows("claim.lapse")
def lapsed(event):
    _not_granted(event)


def _not_granted(event):
    """Once for a batch, however many of its claims."""
    batch = Claim.objects.select_related("batch").get(pk=event.object_id).batch
    tell(
        DECIDED,
        to=To(role=Role.HOSPITAL_BILLER, facility_id=batch.hospital_id),
        about=batch,
        params={"number": batch.number},
        at=timezone.now(),
    )


@follows("reading.give")
def read_again(event):
    reading = _reading(event)
    tell(
        READ_AGAIN,
        to=To(user=reading.reader),
        about=reading,
        link=reading.claim.public_id,
        params={"hospital": _hospital(reading.claim)},
        at=timezone.now(),
    )


@follows("reading.read")
def read(event):
    reading = _reading(event)
    settle(reading, at=timezone.now(), actor=system_user(), kinds=[READ_AGAIN])
    if reading.state == ReadingState.DISAGREED:
        tell(
            DISAGREED,
            to=To(role=Role.VERIFIER_COORDINATOR),
            about=reading,
            params={"hospital": _hospital(reading.claim)},
            at=timezone.now(),
        )


@follows("reading.resolve")
def resolved(event):
    settle(_reading(event), at=timezone.now(), actor=system_user(), kinds=[DISAGREED])


def _reading(event):
    return SecondReading.objects.select_related("claim__batch__hospital", "reader").get(pk=event.object_id)


@follows("dispute.file")
def disputed(event):
    dispute = _dispute(event)
    tell(
        DISPUTED,
        to=To(role=Role.VERIFIER_COORDINATOR),
        about=dispute,
        params={"hospital": _hospital(dispute.claim)},
        at=timezone.now(),
    )


@follows("dispute.name_panel")
def panel_named(event):
    dispute = _dispute(event)
    settle(dispute, at=timezone.now(), actor=system_user(), kinds=[DISPUTED])
    params = {"number": dispute.number, "due_on": dispute.due_on}
    for person in (dispute.doctor, dispute.officer):
        tell(ON_PANEL, to=To(user=person), about=dispute, params=params, at=timezone.now())


@follows("dispute.rule")
def ruled(event):
    dispute = _dispute(event)
    moment = dispute.ruled_at.isoformat() if dispute.ruled_at else ""
    params = {"number": dispute.number}
    tell(TO_CONFIRM, to=To(user=dispute.officer), about=dispute, params=params, at=timezone.now(), once=moment)


@follows("dispute.confirm")
def decided(event):
    dispute = _dispute(event)
    settle(dispute, at=timezone.now(), actor=system_user(), kinds=[ON_PANEL, TO_CONFIRM])
    place = dispute.claim.hospital_id
    for role in (Role.HOSPITAL_DIRECTOR, Role.HOSPITAL_BILLER):
        tell(
            RULED,
            to=To(role=role, facility_id=place),
            about=dispute,
            params={"number": dispute.number},
            at=timezone.now(),
            addresses=mail_of(role, place, at=timezone.now()),
        )


def _dispute(event):
    found = Dispute.objects.select_related("claim__batch__hospital", "doctor", "officer")
    return found.get(pk=event.object_id)
