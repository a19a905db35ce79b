"""Rows of JKN lists without an exact NIK: a person says who it is (domain.md B7 step 3). Nothing excludes anybody by itself.

What is accepted opens an interval that carries the reviewer, and the card number leads to the same person in every later list.
"""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import journal, outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.locks import advisory_lock
from participants.enums import CoverageSource, JknAnswer, ResidentStatus, SyncKind
from participants.jkn.sync import LEARNED, LOCK
from participants.models import JknCandidate, OtherCoverage, Resident, SyncRun
from participants.permissions import JKN_REVIEWERS

SHOWN = 6
NIK_REGION_AND_BIRTH = 12


def candidates(row):
    """People of the registry who may be behind ``row``: of the same name, or with a NIK of the same place and day of birth.

    Each with what differs, the likeliest first, at most six. Two look-ups by index.
    """
    people = Resident.objects.select_related("household__kelurahan").exclude(status=ResidentStatus.GONE)
    found = {person.pk: person for person in people.filter(name=row.name.upper())[:SHOWN]} if row.name else {}
    if len(row.nik) == 16:
        start, words = row.nik[:NIK_REGION_AND_BIRTH], row.name.upper().split()[:1]
        near = people.filter(nik__startswith=start, name__startswith=words[0] if words else "")[:SHOWN]
        found |= {person.pk: person for person in near}
    if row.resident_id and row.resident_id not in found:
        found[row.resident_id] = people.filter(pk=row.resident_id).first() or row.resident
    pairs = [(person, differences(row, person)) for person in found.values()]
    return sorted(pairs, key=lambda pair: (len(pair[1]), pair[0].pk))[:SHOWN]


def differences(row, person):
    """Names of what the list and the registry say differently: ``name``, ``birth``, ``nik``."""
    found = set()
    if row.name.upper() != person.name:
        found.add("name")
    if row.birth_date and row.birth_date != person.birth_date:
        found.add("birth")
    if row.nik != person.nik:
        found.add("nik")
    return found


def decide(*, row, answer, actor, at, resident=None):
    """Write down who ``row`` is about; returns the row. ``resident`` is named with the answer SAME.

    Who says UNSURE leaves the row to somebody else. Raises NotAllowed, WrongState when another was faster, and Refused
    (nobody named, a list is being taken in).
    """
    if not actor.has_role(*JKN_REVIEWERS):
        raise NotAllowed(_("Your role does not include judging rows of JKN lists."))
    if answer not in JknAnswer.values:
        raise Refused(_("Say whether this is the same person."))
    if answer == JknAnswer.SAME and resident is None:
        raise Refused(_("Choose the person the row is about."))
    with advisory_lock(LOCK) as free:
        if not free:
            raise Refused(_("A JKN list is being taken in. Decide again in a few minutes."), code="busy")
        with transaction.atomic():
            row = JknCandidate.objects.select_for_update(no_key=True, of=("self",)).get(pk=row.pk)
            if row.answer in (JknAnswer.SAME, JknAnswer.OTHER):
                raise WrongState(_("Somebody else has decided on this row already."))
            row.answer, row.decided_at, row.decided_by = answer, at, actor
            if answer == JknAnswer.SAME:
                row.resident = resident
            row.save(update_fields=["answer", "decided_at", "decided_by", "resident"])
            journal.record("jkn.review", row, actor=actor, answer=answer)
            if answer == JknAnswer.SAME:
                _open(row, at)
    return row


def _open(row, at):
    """The interval the row speaks of, unless the list has one of this person by an exact row. Nothing without its days."""
    known = OtherCoverage.objects.filter(resident=row.resident, source=row.source, open=True)
    if row.valid_from is None or known.exists():
        return
    last = SyncRun.objects.last_applied(SyncKind.JKN, row.source)
    still_listed = last is None or row.seen_on is None or row.seen_on >= last.snapshot_date
    OtherCoverage.objects.create(
        resident=row.resident,
        source=row.source,
        card_number=row.card_number,
        segment=row.segment,
        status=row.status,
        valid_from=row.valid_from,
        valid_to=row.valid_to if still_listed else _last_day(row),
        known_from=at,
        open=still_listed,
        listed=still_listed,
        run=row.run,
        review=row,
    )
    outbox.emit(LEARNED, row.run)


def _last_day(row):
    """Of a row that later lists no longer have: the day of the last list that had it."""
    last = max(row.seen_on, row.valid_from)
    return last if row.source == CoverageSource.PBI_LIST or row.valid_to is None else min(last, row.valid_to)
