"""Outbreaks and disasters by decree (rule C25, domain.md B27): entered by one, put in force by another, ended by decree."""

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, WrongState
from ksb.core.integrity import refusing
from participants.eligibility import city
from participants.enums import SpecialState
from participants.models import EventPerson, Resident, SpecialEvent
from participants.workflow import SPECIAL_EVENT, written_yourself

_TOUCHED = """
    SELECT resident_id FROM participants_eventperson WHERE event_id = %(event)s
    UNION
    SELECT r.id FROM participants_resident r JOIN participants_specialevent e ON r.kelurahan_id = ANY (e.area)
     WHERE e.id = %(event)s AND e.whole_area"""


def propose(*, actor, **told):
    """Enter an event: ``sort, name, decree, decree_on, funding, area, whole_area, valid_from, valid_until``."""
    with transaction.atomic():
        event = SpecialEvent.objects.create(created_by=actor, **told)
        journal.record("special_event.propose", event, actor=actor, name=event.name)
    return event


def approve(*, event, actor, at):
    """Put the event in force; not by who entered it."""
    sentence = {"specialevent_created_by_is_not_approved_by": written_yourself()}
    with transaction.atomic(), refusing(sentence, error=NotAllowed):
        event = SPECIAL_EVENT.apply(event, "approve", actor=actor, at=at)
        _judge_later(event, actor)
    return event


def refuse(*, event, reason, actor, at):
    """Not put in force, and why."""
    return SPECIAL_EVENT.apply(event, "refuse", actor=actor, at=at, update={"reason": reason.strip()})


def end(*, event, reason, actor, at):
    """The event ends with today, or on the last day it had already."""
    on = timezone.localdate(at)
    last = max(event.valid_from, min(on, event.valid_until or on))
    with transaction.atomic():
        event = SPECIAL_EVENT.apply(
            event, "end", actor=actor, at=at, update={"reason": reason.strip(), "valid_until": last}
        )
        _judge_later(event, actor)
    return event


def list_people(*, event, niks, actor, at):
    """Put the residents with ``niks`` on the list of victims. Returns ``(added, unknown)``: a number, and places in the list
    (from 1) whose NIK the registry does not know.
    """
    with transaction.atomic():
        event = SpecialEvent.objects.select_for_update(no_key=True).get(pk=event.pk)
        if event.state not in (SpecialState.PROPOSED, SpecialState.APPROVED):
            raise WrongState(_("The event has ended. Nobody can be added to its list."))
        known = dict(Resident.objects.filter(nik__in=niks).values_list("nik", "pk"))
        before = event.people.count()
        EventPerson.objects.bulk_create(
            (EventPerson(event=event, resident_id=pk, listed_at=at, listed_by=actor) for pk in known.values()),
            ignore_conflicts=True,
        )
        added = event.people.count() - before
        journal.record("special_event.list", event, actor=actor, added=added)
        if event.state == SpecialState.APPROVED:
            city.refresh(known.values(), on=timezone.localdate(at), at=at)
    return added, [place for place, nik in enumerate(niks, start=1) if nik not in known]


def touched(event_id):
    """Ids of everybody the event speaks of."""
    with connection.cursor() as cursor:
        cursor.execute(_TOUCHED, {"event": event_id})
        return [pk for (pk,) in cursor.fetchall()]


def _judge_later(event, actor):
    from participants.tasks import judge_event

    transaction.on_commit(lambda: judge_event.delay(event.pk, actor.pk), robust=True)
