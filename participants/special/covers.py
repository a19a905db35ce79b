"""The register of people covered on the recommendation of Dinsos (rule C24): one person enters, another puts in force.

Who has no NIK is known by the number of the register; no NIK is made up.
"""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal, outbox, ratelimit
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.formats import roman_month
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from participants.eligibility import city, evaluate, evaluate_special
from participants.enums import SpecialGroup, SpecialState
from participants.lookups import HOUR, LOOK_UP_ROLES, PER_HOUR
from participants.models import Lookup, Resident, SpecialCover
from participants.permissions import SPECIAL_DECIDERS
from participants.workflow import SPECIAL_COVER, written_yourself

SERIES = ("KHS", "KOTA")
IDENTIFIED = "special.identified"
WAS_IN_FORCE = (SpecialState.APPROVED, SpecialState.ENDED)


def propose(*, group, nik, name, sex, birth_date, letter, valid_from, valid_until, actor, at):
    """Enter a person with the letter that recommends them. Returns the SpecialCover, not yet in force.

    ``nik`` is empty for a person without one, whose ``name``, ``sex`` and ``birth_date`` are then needed. ``letter`` has
    ``letter_number``, ``letter_on`` and ``letter_text``. Raises Refused with code ``nik`` when the registry knows no such NIK.
    """
    person = _resident(nik) if nik else None
    if person is None and group != SpecialGroup.NO_NIK:
        raise Refused(_("Write the NIK, or choose that the person has none."), code="nik")
    who = {"name": name, "sex": sex, "birth_date": birth_date}
    if person:
        who = {"resident": person, "name": person.name, "sex": person.sex, "birth_date": person.birth_date}
    on = timezone.localdate(at)
    with transaction.atomic():
        special = SpecialCover.objects.create(
            number=f"{next_number(*SERIES, on.year):06d}/KHS/{roman_month(on.month)}/{on.year}",
            group=group,
            valid_from=valid_from,
            valid_until=valid_until,
            created_by=actor,
            **who,
            **letter,
        )
        journal.record("special_cover.propose", special, actor=actor, group=group)
    return special


def _resident(nik):
    person = Resident.objects.filter(nik=nik).first()
    if person is None:
        raise Refused(_("The population registry knows no such NIK. Check it digit by digit."), code="nik")
    return person


def approve(*, special, actor, at):
    """Put the cover in force; not by who entered it."""
    sentence = {"specialcover_created_by_is_not_approved_by": written_yourself()}
    with transaction.atomic(), refusing(sentence, error=NotAllowed):
        special = SPECIAL_COVER.apply(special, "approve", actor=actor, at=at)
        _judge(special, at)
    return special


def refuse(*, special, reason, actor, at):
    """Not put in force, and why."""
    return SPECIAL_COVER.apply(special, "refuse", actor=actor, at=at, update={"reason": reason.strip()})


def end(*, special, reason, actor, at):
    """The cover ends with today."""
    on = timezone.localdate(at)
    last = max(special.valid_from, min(on, special.valid_until))
    with transaction.atomic():
        special = SPECIAL_COVER.apply(
            special, "end", actor=actor, at=at, update={"reason": reason.strip(), "valid_until": last}
        )
        _judge(special, at)
    return special


def may_identify(special, actor):
    """Whether ``actor`` may say who the person of this cover is, for the page."""
    known = special.group == SpecialGroup.NO_NIK and special.state in WAS_IN_FORCE
    return known and actor.has_role(*SPECIAL_DECIDERS) and actor.pk != special.created_by_id


def identify(*, special, nik, actor, at):
    """Who was entered without NIK is the person with ``nik``: letters and claims follow (outbox). A wrong answer is replaced.

    Raises NotAllowed, also for who entered the person; WrongState before the cover is in force; Refused with code ``nik``
    (unknown, of the other sex). A cover that has ended may still be answered: its letters and claims follow the person.
    """
    if not actor.has_role(*SPECIAL_DECIDERS):
        raise NotAllowed(_("Only Dinkes says who a person of this register is."))
    if actor.pk == special.created_by_id:
        raise NotAllowed(written_yourself())
    person = _resident(nik)
    with transaction.atomic():
        special = SpecialCover.objects.select_for_update(no_key=True, of=("self",)).get(pk=special.pk)
        if special.group != SpecialGroup.NO_NIK:
            raise WrongState(_("This person was entered by the NIK."))
        if special.state not in WAS_IN_FORCE:
            raise WrongState(_("This cover was never in force: there is nobody to be named."))
        if person.sex != special.sex:
            raise Refused(_("The person with this NIK is of the other sex than the one in the register."), code="nik")
        named_before = special.resident_id
        special.resident, special.identified_at, special.identified_by = person, at, actor
        special.save(update_fields=["resident", "identified_at", "identified_by"])
        journal.record("special_cover.identify", special, actor=actor, resident=person.pk)
        outbox.emit(IDENTIFIED, special)
        city.refresh([pk for pk in (named_before, person.pk) if pk], on=timezone.localdate(at), at=at)
    return special


def look_up(*, number, actor, purpose, at):
    """Find somebody without NIK by the number of the register: limited and journalled as every look-up is.

    Returns the Lookup, with the decision as ``lookup.evaluation``. Raises NotAllowed, TooMany, and Refused: ``not_found``, or
    ``identified`` for whom the NIK is known.
    """
    if not actor.has_role(*LOOK_UP_ROLES):
        raise NotAllowed(_("Your role does not include looking people up."))
    ratelimit.hit("lookup", actor.pk, limit=PER_HOUR, seconds=HOUR, now=at)
    special = SpecialCover.objects.filter(number=number, group=SpecialGroup.NO_NIK).first()
    if special is None:
        journal.record("lookup.unknown", actor=actor, purpose=purpose)
        raise Refused(
            _("The register of special covers holds no person without NIK under this number."), code="not_found"
        )
    if special.resident_id:
        raise Refused(_("This person is known by now. Look the person up by the NIK."), code="identified")
    evaluation = decision(special, on=timezone.localdate(at), at=at)
    with transaction.atomic():
        lookup = Lookup.objects.create(
            actor=actor, special=special, purpose=purpose, at=at, decision=evaluation.decision
        )
        journal.record("lookup.made", special, actor=actor, purpose=purpose, lookup=str(lookup.pk))
    lookup.evaluation = evaluation
    return lookup


def decision(special, *, on, at):
    """What the programme says of the person today: by NIK, or by the register where there is none."""
    if special.resident:
        return evaluate(special.resident, on=on, at=at)
    return evaluate_special(special, on=on, at=at)


def _judge(special, at):
    if special.resident_id:
        city.refresh([special.resident_id], on=timezone.localdate(at), at=at)
