"""A family's way into the programme and out of it: application, the registry's check, comparison, a second person's decision.

Every change of state goes through ``workflow.ENROLMENT``. Cover itself is judged per person (``participants.eligibility``).
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.calendar import add_working_days
from ksb.core import journal, outbox
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import day as day_in_words
from ksb.core.formats import roman_month
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters, scheme_on
from ksb.core.workflow import may, system_user
from participants import cards, consents, drafts, signals
from participants.eligibility import city
from participants.enums import Channel, EnrolmentReason, EnrolmentState
from participants.families import view_family
from participants.freshness import sources
from participants.models import Enrolment
from participants.models.family import LIVE_CARDS, OPEN_STATES
from participants.permissions import KEEPERS
from participants.rules import check_family
from participants.workflow import ENROLMENT, second_person, second_person_sentence

NUMBERED = ("DFT", "KOTA")
SUBMITTED = "enrolment.submitted"  # for the floors above, which know of letters and stays
RECHECKED_AT_ONCE = 500


def register(*, household, documents, phone, actor, at, email="", appeal_of=None, statement=""):
    """Take in the application of ``household`` at the counter and submit it; returns it after the registry's check.

    ``documents`` is the checklist the clerk ticked (``{"kk": True, ...}``). ``appeal_of`` is the rejected application it objects
    to, ``statement`` what the family says. A draft the family began on line gives way. Raises Refused when the programme takes in
    nobody today, nobody on the KK lives in the city, or the family already has an application or membership.
    """
    require_can_apply(household=household, at=at)
    with transaction.atomic():
        drafts.forget(household.enrolments.filter(state=EnrolmentState.DRAFT), actor=actor)
        enrolment = create(
            household=household,
            channel=Channel.COUNTER,
            actor=actor,
            at=at,
            appeal_of=appeal_of,
            phone=phone,
            email=email,
            checklist=documents,
            statement=statement.strip(),
        )
        return submit(enrolment=enrolment, actor=actor, at=at)


def create(*, household, channel, actor, at, appeal_of=None, **values):
    """A new application in DRAFT, of whatever channel. ``actor`` None is the family itself."""
    if appeal_of is not None:
        require_appeal(appeal_of, on=timezone.localdate(at))
    sentences = {
        "one_open_enrolment_per_family": _already_open(household),
        "one_appeal_per_rejection": _("This rejection has been appealed against already."),
    }
    with refusing(sentences):
        enrolment = Enrolment.objects.create(
            household=household, channel=channel, appeal_of=appeal_of, created_by=actor or system_user(), **values
        )
    if enrolment.checklist.get("consent"):
        consents.give(enrolment=enrolment, actor=actor, at=at)
    journal.record("enrolment.create", enrolment, actor=actor, channel=str(channel), appeal=bool(appeal_of))
    return enrolment


def submit(*, enrolment, actor, at):
    """Number the application, submit it and let the registry check it. ``actor`` None is the family itself."""
    on = timezone.localdate(at)
    with transaction.atomic():
        number = enrolment.number or f"{next_number(*NUMBERED, on.year):06d}/DFT/{roman_month(on.month)}/{on.year}"
        ENROLMENT.apply(enrolment, "submit", actor=actor, at=at, update={"number": number, "due_on": None})
        signals.look_at(enrolment, on=on)
        outbox.emit(SUBMITTED, enrolment)
        return check_registry(enrolment=enrolment, at=at)


def resubmit(*, enrolment, documents, phone, actor, at):
    """Submit a corrected application again. The earlier comparison and field check no longer count."""
    fresh_start = {"phone": phone, "checklist": documents, "reason_code": "", "reason": "", "waiting_until": None}
    fresh_start |= {f"{act}_{end}": None for act in ("verified", "surveyed") for end in ("at", "by")}
    with transaction.atomic():
        ENROLMENT.apply(enrolment, "submit", actor=actor, at=at, update=fresh_start)
        if actor is not None and documents.get("consent"):  # asked anew at the counter
            consents.give(enrolment=enrolment, actor=actor, at=at)
        return check_registry(enrolment=enrolment, at=at)


def check_registry(*, enrolment, at):
    """The automatic check of a submitted application against registry and JKN lists; moves it on and returns it.

    It stays SUBMITTED while the registry's data are too old to be trusted: nobody is turned away for that. What was found is
    kept with the application.
    """
    on = timezone.localdate(at)
    check = check_family(view_family(enrolment.household, on=on, at=at))
    if check.registry_is_stale:
        return enrolment
    found = {"checklist": {**enrolment.checklist, "registry": _snapshot(check, at)}}
    if check.nobody_is_here:
        why = {"reason_code": EnrolmentReason.REGISTRY_FAULT, "reason": _nobody_here(), "due_on": None}
        return ENROLMENT.apply(enrolment, "question", actor=None, at=at, update=found | why)
    if check.waiting_until:
        if enrolment.state == EnrolmentState.WAITING:
            return enrolment
        until = {"waiting_until": check.waiting_until}
        return ENROLMENT.apply(enrolment, "wait", actor=None, at=at, update=found | until)
    due = {"waiting_until": None, "due_on": add_working_days(on, parameters_on(on).sla_verify)}
    return ENROLMENT.apply(enrolment, "confirm", actor=None, at=at, update=found | due)


def _snapshot(check, at):
    """What registry and JKN lists said on the day: decision and rule per person, without any number."""
    people = {
        str(member.resident.pk): {
            "decision": member.evaluation.decision.value,
            "obstacle": member.obstacle.rule if member.obstacle else "",
        }
        for member in check.members
    }
    return {"at": at.isoformat(), "members": people}


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


def compare(*, enrolment, findings, actor, at, passed=True):
    """Record the comparison of the scans with the registry; ``passed`` hands the application on to whoever approves it.

    ``findings`` is plain data: differences per member and of the family card, and the note that settles them.
    """
    noted = {"checklist": {**enrolment.checklist, "comparison": findings}}
    if passed:
        with refusing(two_people(), error=NotAllowed):
            return ENROLMENT.apply(enrolment, "verify", actor=actor, at=at, update=noted)
    with transaction.atomic():
        locked = Enrolment.objects.select_for_update(no_key=True, of=("self",)).get(pk=enrolment.pk)
        ENROLMENT.check(locked, "verify", actor=actor)
        second_person(locked, actor=actor)
        locked.checklist = {**locked.checklist, "comparison": findings}
        locked.save(update_fields=["checklist"])
        journal.record("enrolment.compare", locked, actor=actor)
    return locked


def approve(*, enrolment, actor, at):
    """One person has compared, another approves: the family is a member from today, its card is ordered.

    Cover stays a matter of each member: an adult without KTP-el is on the card and is not covered yet.
    """
    on = timezone.localdate(at)
    consents.require(enrolment)
    check = check_family(view_family(enrolment.household, on=on, at=at))
    _require_residents(enrolment.household, check)
    if check.registry_is_stale:
        raise Refused(_("The population registry's data are too old to decide on. Wait for the next sync."))
    if check.waiting_until:
        raise Refused(
            _("The waiting period of this family runs until %(day)s.") % {"day": day_in_words(check.waiting_until)}
        )
    if check.everybody_has_pbi:
        raise Refused(
            _("Everybody of this family is PBI: JKN covers them, the programme does not. Reject with that reason."),
            code="covered_by_jkn",
        )
    if signals.is_for_dinkes(enrolment.household) and not may(actor, KEEPERS):
        raise NotAllowed(_("A member was in a hospital when the application came in: Dinkes decides on it."))
    with transaction.atomic():
        with refusing(two_people(), error=NotAllowed):
            member = ENROLMENT.apply(
                enrolment,
                "approve",
                actor=actor,
                at=at,
                update={"registered_on": on, "reason_code": "", "reason": "", "due_on": None},
            )
        cards.order(enrolment=member, actor=None, at=at)
        _judge(member, at)
    return member


def order_field_check(*, enrolment, actor, at):
    """Somebody must look whether the family lives where it says; who asks for it does not approve it later."""
    on = timezone.localdate(at)
    again = {"surveyed_at": None, "surveyed_by": None, "due_on": add_working_days(on, parameters_on(on).sla_survey)}
    with refusing(two_people(), error=NotAllowed):
        return ENROLMENT.apply(enrolment, "order_field_check", actor=actor, at=at, update=again)


def send_back(*, enrolment, reason_code, reason, actor, at):
    """Return an application to the family with what must be corrected."""
    return _with_reason(enrolment, "send_back", reason_code, reason, actor=actor, at=at, more={"due_on": None})


def reject(*, enrolment, reason_code, reason, actor, at):
    """Refuse an application. Final; the family may appeal (``create(appeal_of=...)``) or apply anew."""
    basis = {source.kind: source.snapshot_date for source in sources(at)}
    frozen = {"checklist": {**enrolment.checklist, "basis": {k: d.isoformat() for k, d in basis.items() if d}}}
    return _with_reason(enrolment, "reject", reason_code, reason, actor=actor, at=at, more={**frozen, "due_on": None})


def suspend(*, enrolment, reason_code, reason, actor, at):
    """Nobody of the family is covered until ``resume``; its card is not valid meanwhile."""
    with transaction.atomic():
        suspended = _with_reason(enrolment, "suspend", reason_code, reason, actor=actor, at=at)
        _judge(suspended, at)
    return suspended


def resume(*, enrolment, actor, at):
    """Lift a suspension."""
    cleared = {"suspended_at": None, "suspended_by": None, "reason_code": "", "reason": ""}
    with transaction.atomic():
        resumed = ENROLMENT.apply(enrolment, "resume", actor=actor, at=at, update=cleared)
        _judge(resumed, at)
    return resumed


def end(*, enrolment, reason_code, reason, actor, at):
    """End a membership for good, with today as its last day, and revoke the card. ``actor`` None is the night's sync."""
    with transaction.atomic():
        ended = _with_reason(
            enrolment, "end", reason_code, reason, actor=actor, at=at, more={"ended_on": timezone.localdate(at)}
        )
        card = ended.household.cards.filter(state__in=LIVE_CARDS).first()
        if card:
            cards.CARD.apply(card, "revoke", actor=actor, at=at)
        _judge(ended, at)
    return ended


def _judge(enrolment, at):
    """The family's cover follows its membership at once, in the lists too."""
    city.refresh_family(enrolment.household, on=timezone.localdate(at), at=at)


def _with_reason(enrolment, move, reason_code, reason, *, actor, at, more=None):
    written = {"reason_code": reason_code, "reason": reason.strip(), **(more or {})}
    return ENROLMENT.apply(enrolment, move, actor=actor, at=at, data={"reason_code": str(reason_code)}, update=written)


def require_can_apply(*, household, at):
    """Raise Refused when the programme takes in nobody today or nobody on the KK lives in the city."""
    on = timezone.localdate(at)
    _require_open_registration(on)
    _require_residents(household, check_family(view_family(household, on=on, at=at)))


def require_appeal(rejected, *, on):
    """Raise Refused unless ``rejected`` can be appealed against on that day. Anybody may apply anew at any time."""
    until = appeal_until(rejected)
    if until is None:
        raise Refused(_("Only a rejected application can be appealed against."))
    if on > until:
        raise Refused(
            _("The time to appeal ended on %(day)s. The family may apply anew at any time.")
            % {"day": day_in_words(until)}
        )


def appeal_until(enrolment):
    """Last day of an appeal against a rejected application, None when it is not rejected."""
    if enrolment.state != EnrolmentState.REJECTED:
        return None
    day = timezone.localdate(enrolment.rejected_at)
    return day + datetime.timedelta(days=parameters_on(day).dispute_days)


def parameters_on(on):
    """Parameters of the scheme in force, the defaults when there is none."""
    scheme = scheme_on(on)
    return scheme.parameters if scheme else Parameters()


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


def two_people():
    pairs = ("submitted_by_is_not_approved_by", "created_by_is_not_approved_by")
    pairs += ("verified_by_is_not_approved_by", "submitted_by_is_not_verified_by")
    pairs += ("surveyed_by_is_not_approved_by", "submitted_by_is_not_surveyed_by")
    return {f"enrolment_{pair}": second_person_sentence() for pair in pairs}
