"""A family's way into the programme and out of it: application at the counter, the registry's check, a second person's decision.

Every change of state goes through ``workflow.ENROLMENT``. Cover itself is judged per person (``participants.eligibility``).
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import day as day_in_words
from ksb.core.formats import roman_month
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.scheme import scheme_on
from participants import cards
from participants.enums import Channel, EnrolmentReason, EnrolmentState
from participants.families import view_family
from participants.models import Enrolment
from participants.models.family import LIVE_CARDS, OPEN_STATES
from participants.rules import check_family
from participants.workflow import ENROLMENT, second_person_sentence

NUMBERED = ("DFT", "KOTA")
RECHECKED_AT_ONCE = 500


def register(*, household, documents, phone, actor, at):
    """Take in the application of ``household`` and submit it; returns the Enrolment after the registry's check.

    ``documents`` is the checklist the clerk ticked (``{"kk": True, ...}``). Raises Refused when the programme takes in
    nobody today, nobody on the KK lives in the city, or the family already has an application or membership.
    """
    on = timezone.localdate(at)
    _require_open_registration(on)
    _require_residents(household, check_family(view_family(household, on=on, at=at)))
    with transaction.atomic():
        with refusing({"one_open_enrolment_per_family": _already_open(household)}):
            enrolment = Enrolment.objects.create(
                household=household,
                channel=Channel.COUNTER,
                number=f"{next_number(*NUMBERED, on.year):06d}/DFT/{roman_month(on.month)}/{on.year}",
                phone=phone,
                checklist=documents,
                created_by=actor,
            )
        journal.record("enrolment.create", enrolment, actor=actor)
        ENROLMENT.apply(enrolment, "submit", actor=actor, at=at)
        return check_registry(enrolment=enrolment, at=at)


def resubmit(*, enrolment, documents, phone, actor, at):
    """Submit a corrected application again. The earlier field check no longer counts."""
    fresh_start = {"phone": phone, "checklist": documents, "reason_code": "", "reason": "", "waiting_until": None}
    fresh_start |= {"verified_at": None, "verified_by": None}
    with transaction.atomic():
        ENROLMENT.apply(enrolment, "submit", actor=actor, at=at, update=fresh_start)
        return check_registry(enrolment=enrolment, at=at)


def check_registry(*, enrolment, at):
    """The automatic check of a submitted application against registry and JKN lists; moves it on and returns it.

    It stays SUBMITTED while the registry's data are too old to be trusted: nobody is turned away for that.
    """
    on = timezone.localdate(at)
    check = check_family(view_family(enrolment.household, on=on, at=at))
    if check.registry_is_stale:
        return enrolment
    if check.nobody_is_here:
        why = {"reason_code": EnrolmentReason.REGISTRY_FAULT, "reason": _nobody_here()}
        return ENROLMENT.apply(enrolment, "question", actor=None, at=at, update=why)
    if check.waiting_until:
        until = {"waiting_until": check.waiting_until}
        if enrolment.state == EnrolmentState.WAITING:
            return enrolment
        return ENROLMENT.apply(enrolment, "wait", actor=None, at=at, update=until)
    return ENROLMENT.apply(enrolment, "confirm", actor=None, at=at, update={"waiting_until": None})


def recheck(*, at):
    """The night's part: applications held by an old registry, and waiting periods that are over. Returns how many moved."""
    on = timezone.localdate(at)
    held = Enrolment.objects.filter(state=EnrolmentState.SUBMITTED)
    over = Enrolment.objects.filter(state=EnrolmentState.WAITING, waiting_until__lte=on)
    moved = 0
    for queryset in (held, over):
        for enrolment in queryset.select_related("household").order_by("pk")[:RECHECKED_AT_ONCE]:
            before = enrolment.state
            moved += check_registry(enrolment=enrolment, at=at).state != before
    return moved


def approve(*, enrolment, actor, at):
    """A second person has compared the documents with the registry: the family is a member from today, its card is ordered."""
    on = timezone.localdate(at)
    check = check_family(view_family(enrolment.household, on=on, at=at))
    _require_residents(enrolment.household, check)
    if check.registry_is_stale:
        raise Refused(_("The population registry's data are too old to decide on. Wait for the next sync."))
    if check.waiting_until:
        raise Refused(
            _("The waiting period of this family runs until %(day)s.") % {"day": day_in_words(check.waiting_until)}
        )
    with transaction.atomic():
        with refusing(_two_people(), error=NotAllowed):
            member = ENROLMENT.apply(
                enrolment,
                "approve",
                actor=actor,
                at=at,
                update={"registered_on": on, "reason_code": "", "reason": ""},
            )
        cards.order(enrolment=member, actor=None, at=at)
    return member


def order_field_check(*, enrolment, actor, at):
    """Somebody must look whether the family lives where it says; who asks for it does not approve it later."""
    with refusing(_two_people(), error=NotAllowed):
        return ENROLMENT.apply(enrolment, "order_field_check", actor=actor, at=at)


def send_back(*, enrolment, reason_code, reason, actor, at):
    """Return an application to the counter with what must be corrected."""
    return _with_reason(enrolment, "send_back", reason_code, reason, actor=actor, at=at)


def reject(*, enrolment, reason_code, reason, actor, at):
    """Refuse an application. Final; the family may apply anew."""
    return _with_reason(enrolment, "reject", reason_code, reason, actor=actor, at=at)


def suspend(*, enrolment, reason_code, reason, actor, at):
    """Nobody of the family is covered until ``resume``; its card is not valid meanwhile."""
    return _with_reason(enrolment, "suspend", reason_code, reason, actor=actor, at=at)


def resume(*, enrolment, actor, at):
    """Lift a suspension."""
    cleared = {"suspended_at": None, "suspended_by": None, "reason_code": "", "reason": ""}
    return ENROLMENT.apply(enrolment, "resume", actor=actor, at=at, update=cleared)


def end(*, enrolment, reason_code, reason, actor, at):
    """End a membership for good, with today as its last day, and revoke the card. ``actor`` None is the night's sync."""
    with transaction.atomic():
        ended = _with_reason(
            enrolment, "end", reason_code, reason, actor=actor, at=at, more={"ended_on": timezone.localdate(at)}
        )
        card = ended.household.cards.filter(state__in=LIVE_CARDS).first()
        if card:
            cards.CARD.apply(card, "revoke", actor=actor, at=at)
    return ended


def _with_reason(enrolment, move, reason_code, reason, *, actor, at, more=None):
    written = {"reason_code": reason_code, "reason": reason.strip(), **(more or {})}
    return ENROLMENT.apply(enrolment, move, actor=actor, at=at, data={"reason_code": str(reason_code)}, update=written)


def _require_open_registration(on):
    scheme = scheme_on(on)
    if scheme is None or not (scheme.parameters.open and scheme.parameters.registration_open):
        raise Refused(_("The programme registers no families at present."))


def _require_residents(household, check):
    if household.dissolved_on:
        raise Refused(
            _("This family card was dissolved on %(day)s. Ask the family for the new one.")
            % {"day": day_in_words(household.dissolved_on)}
        )
    if check.nobody_is_here:
        raise Refused(_nobody_here())


def _nobody_here():
    return _("Nobody on this family card is an active resident of Kota Bekasi. The family goes to Disdukcapil first.")


def _already_open(household):
    """What the database's refusal of a second application means for this family."""
    current = Enrolment.objects.filter(household=household, state__in=OPEN_STATES).first()
    if current is None:
        return _("This family already has an application or a membership.")
    if current.state in (EnrolmentState.ACTIVE, EnrolmentState.SUSPENDED):
        return _("This family has been registered since %(day)s (%(state)s). Nothing needs to be entered again.") % {
            "day": day_in_words(current.registered_on),
            "state": current.get_state_display(),
        }
    return _("An application of this family is already under way (%(number)s, %(state)s).") % {
        "number": current.number,
        "state": current.get_state_display(),
    }


def _two_people():
    pairs = ("submitted_by_is_not_approved_by", "created_by_is_not_approved_by")
    pairs += ("verified_by_is_not_approved_by", "submitted_by_is_not_verified_by")
    return {f"enrolment_{pair}": second_person_sentence() for pair in pairs}
