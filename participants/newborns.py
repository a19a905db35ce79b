"""Births recorded before the registry knows the child, and the child found in the registry (domain.md B4).

The mother decides: what she is on the day of birth, the child is until it has its own NIK. A father stands in for a mother
whom the programme does not cover, unless JKN takes the child by law.
"""

from dataclasses import replace
from datetime import timedelta

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import Service
from ksb.core import journal, outbox
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.scheme import Parameters, scheme_on
from participants.eligibility import evaluate
from participants.enums import Decision, NewbornState, ResidentStatus
from participants.models import BirthCandidate, Newborn
from participants.permissions import BIRTH_RECORDERS
from participants.workflow import NEWBORN

MOVED = "newborn.moved"
REMINDER_DAYS = (7, 14, 21)
# A birth is reported within 60 days; who comes later is found by hand.
MATCHED_DAYS = 180
RECORDED_DAYS_BACK = 60
BY_JKN = (Decision.EXCLUDED_PBI_APBN, Decision.EXCLUDED_PBI_APBD, Decision.EXCLUDED_JKN_AKTIF)
SENTENCES = {
    "one_newborn_per_mother_day_and_order": gettext_lazy(
        "This child of this mother is recorded already. Of twins each has its own order of birth."
    ),
    "one_newborn_per_father_day_and_order": gettext_lazy(
        "This child of this father is recorded already. Of twins each has its own order of birth."
    ),
}
TAKEN = {
    "one_newborn_per_resident": gettext_lazy("This person is matched with another birth already."),
}


def record(*, actor, at, facility, puskesmas, mother, father, birth_time, stillborn=False, **facts):
    """Record a birth at ``facility``; returns the Newborn with its frozen decision. ``puskesmas`` follows the child.

    ``mother`` and ``father`` are Residents or None, at least one of them is known; ``facts`` are the other fields of a
    Newborn. A stillborn child gets no decision. Raises NotAllowed, or Refused (nobody known, in the future, long ago, twice).
    """
    if facility.pk not in actor.facility_ids(*BIRTH_RECORDERS):
        raise NotAllowed(_("A birth is recorded where it happened or where the child was brought."))
    if mother is None and father is None:
        raise Refused(_("Neither parent is in the registry of Kota Bekasi. A foundling needs a letter of Dinsos."))
    if birth_time > at:
        raise Refused(_("The birth lies in the future."))
    if birth_time < at - timedelta(days=RECORDED_DAYS_BACK):
        raise Refused(
            _("A birth more than %(days)d days ago is not recorded here: the child needs its own NIK.")
            % {"days": RECORDED_DAYS_BACK}
        )
    newborn = Newborn(
        facility=facility,
        puskesmas=puskesmas,
        mother=mother,
        father=father,
        birth_time=birth_time,
        born_on=timezone.localdate(birth_time),
        state=NewbornState.STILLBORN if stillborn else NewbornState.RECORDED,
        recorded_at=at,
        recorded_by=actor,
        **facts,
    )
    if mother is not None:
        newborn.mother_nik, newborn.mother_name = mother.nik, mother.name
    if not stillborn:
        newborn.decision = decide(newborn, at=at).as_json()
    with refusing(SENTENCES), transaction.atomic():
        newborn.save()
        journal.record("newborn.record", newborn, actor=actor, decision=newborn.decision.get("decision", ""))
    return newborn


def decide(newborn, *, at, facility=None):
    """The Evaluation of the child on the day of its birth, by the parent who decides; by itself once it has a NIK.

    ``facility`` adds its contract. The decision is COVERED_NEWBORN where a covered father stands in.
    """
    question = {"on": newborn.born_on, "at": at, "facility": facility}
    if newborn.resident_id:
        return evaluate(newborn.resident, service=Service.NEWBORN, **question)
    hers = newborn.mother and evaluate(newborn.mother, service=Service.NEWBORN, born_on=newborn.born_on, **question)
    if newborn.father is None or (hers and (hers.covered or hers.decision in BY_JKN)):
        return hers
    his = evaluate(newborn.father, service=Service.INPATIENT, **question)
    if his.covered:
        return replace(his, decision=Decision.COVERED_NEWBORN, service=Service.NEWBORN.value)
    return hers or his


def cover_ends(newborn):
    """The last day on which a child without NIK gets a letter, under the scheme of its day of birth."""
    scheme = scheme_on(newborn.born_on)
    parameters = scheme.parameters if scheme else Parameters()
    return newborn.born_on + timedelta(days=parameters.newborn_cover_days)


# What the family does next, by the decision on the child.
NEXT_STEP = {
    Decision.COVERED_NEWBORN: gettext_lazy(
        "Register the birth at Disdukcapil (certificate and KK) within 60 days. A healthy child is in the mother's "
        "package; care of its own needs an SJP."
    ),
    Decision.EXCLUDED_PBI_APBN: gettext_lazy("Report the birth to BPJS Kesehatan: the child is PBI by law."),
    Decision.EXCLUDED_PBI_APBD: gettext_lazy("Report the birth to BPJS Kesehatan: the child is PBI by law."),
    Decision.EXCLUDED_JKN_AKTIF: gettext_lazy("Register the child with JKN within 28 days of birth."),
    Decision.UNKNOWN: gettext_lazy("The data are being renewed. The decision is taken anew when an SJP is asked for."),
}
OTHER_STEP = gettext_lazy(
    "The parents are not covered. Where the father's family is a member, record his NIK; else the parents register."
)


def next_step(newborn):
    """What the desk tells the family; for a stillborn child its report to Disdukcapil."""
    if not newborn.lives:
        return _("A stillbirth is reported to Disdukcapil within 30 days. No letter is needed.")
    return NEXT_STEP.get(newborn.decision.get("decision"), OTHER_STEP)


def of_family(household):
    """Children of the family that are not in the registry yet, as its pages show them."""
    children = Newborn.objects.of_household(household).select_related("mother", "father")
    return [
        {
            "newborn": child,
            "covered": child.state == NewbornState.RECORDED and Decision(child.decision["decision"]).covered,
            "cover_ends": cover_ends(child),
            "next_step": next_step(child),
        }
        for child in children
    ]


# What the night does


def follow(*, on, at):
    """The night's share: children found in the registry, ended cover, reminders. Returns counts by name."""
    return {**match_births(on=on, at=at), "expired": expire(on=on, at=at), "reminders": remind(on=on)}


def expire(*, on, at):
    """Children whose cover without NIK is over. A stay that began before goes on. Returns how many."""
    scheme = scheme_on(on)
    days = (scheme.parameters if scheme else Parameters()).newborn_cover_days
    overdue = Newborn.objects.filter(state=NewbornState.RECORDED, born_on__lt=on - timedelta(days=days))
    return NEWBORN.apply_many(overdue, "expire", actor=None, at=at)


def remind(*, on):
    """Mark the reminders that fell due by ``on`` (day 7, 14, 21). Returns how many children have one more."""
    reminded = 0
    with transaction.atomic():
        for number, days in enumerate(REMINDER_DAYS, 1):
            due = Newborn.objects.filter(
                state=NewbornState.RECORDED, reminders__lt=number, born_on__lte=on - timedelta(days=days)
            )
            children = list(due.select_for_update(no_key=True).only("pk"))
            Newborn.objects.filter(pk__in=[child.pk for child in children]).update(reminders=number)
            journal.record_many("newborn.remind", children, actor=None, day=days)
            reminded += len(children)
    return reminded


# The registry has a child of this mother born within a day; a child on the father's KK is only a hint, as is another sex.
_PAIRS = f"""
    CREATE TEMP TABLE birth_pairs ON COMMIT DROP AS
    WITH waiting AS MATERIALIZED (
        SELECT n.id, n.mother_nik, n.mother_id, n.father_id, n.born_on, n.sex FROM participants_newborn n
         WHERE n.state IN ('{NewbornState.RECORDED}', '{NewbornState.EXPIRED}') AND n.born_on >= %(oldest)s
           FOR NO KEY UPDATE OF n SKIP LOCKED),
    mothers AS (
        SELECT id, mother_nik AS nik FROM waiting WHERE mother_nik <> ''
        UNION SELECT w.id, r.nik FROM waiting w JOIN participants_resident r ON r.id = w.mother_id
        UNION SELECT w.id, f.nik FROM waiting w JOIN participants_formernik f ON f.resident_id = w.mother_id),
    young AS MATERIALIZED (
        SELECT r.id, r.mother_nik, r.household_id, r.birth_date, r.sex FROM participants_resident r
         WHERE r.birth_date >= %(oldest)s::date - 1 AND r.status IN ({ResidentStatus.ACTIVE}, {ResidentStatus.DECEASED})
           AND NOT EXISTS (SELECT FROM participants_newborn m WHERE m.resident_id = r.id)),
    found AS (
        SELECT m.id, y.id AS resident_id, true AS hers FROM mothers m JOIN young y ON y.mother_nik = m.nik
        UNION ALL
        SELECT w.id, y.id, false FROM waiting w
          JOIN participants_resident father ON father.id = w.father_id
          JOIN young y ON y.household_id = father.household_id)
    SELECT f.id AS newborn_id, f.resident_id, bool_or(f.hers) AND y.sex = w.sex AS sure
      FROM found f JOIN waiting w ON w.id = f.id JOIN young y ON y.id = f.resident_id
     WHERE y.birth_date BETWEEN w.born_on - 1 AND w.born_on + 1
       AND NOT EXISTS (SELECT FROM participants_birthcandidate c
                        WHERE c.newborn_id = f.id AND c.resident_id = f.resident_id AND c.rejected)
     GROUP BY f.id, f.resident_id, y.sex, w.sex
"""
# One child, one person: anything else is for a human eye.
_UNIQUE = """
    UPDATE participants_newborn n SET resident_id = p.resident_id
      FROM (SELECT newborn_id, min(resident_id) AS resident_id FROM birth_pairs WHERE sure
             GROUP BY newborn_id HAVING count(*) = 1) p
     WHERE n.id = p.newborn_id
       AND (SELECT count(*) FROM birth_pairs other WHERE other.sure AND other.resident_id = p.resident_id) = 1
    RETURNING n.id
"""
_QUESTIONS = """
    DELETE FROM participants_birthcandidate WHERE NOT rejected;
    INSERT INTO participants_birthcandidate (newborn_id, resident_id, rejected)
    SELECT p.newborn_id, p.resident_id, false FROM birth_pairs p
     WHERE NOT EXISTS (SELECT FROM participants_newborn n
                        WHERE n.resident_id = p.resident_id OR (n.id = p.newborn_id AND n.resident_id IS NOT NULL))
    ON CONFLICT DO NOTHING
"""


def match_births(*, on, at):
    """Find recorded children in the registry by the mother's NIK, day of birth (a day more or less) and sex.

    Who is the only answer to one question is matched; the rest waits in the queue for Dinkes. One pass over the registry.
    Returns ``{"matched": n, "to_judge": n}``.
    """
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS pg_temp.birth_pairs")
        cursor.execute(_PAIRS, {"oldest": on - timedelta(days=MATCHED_DAYS)})
        cursor.execute(_UNIQUE)
        ids = [pk for (pk,) in cursor]
        matched = NEWBORN.apply_many(Newborn.objects.filter(pk__in=ids), "match", actor=None, at=at)
        cursor.execute(_QUESTIONS)
        outbox.emit_many(MOVED, ids)
    return {"matched": matched, "to_judge": Newborn.objects.to_judge().count()}


# What a person decides


def match(*, newborn, resident, actor, at):
    """``resident`` of the registry is this child. Its letters follow (outbox); the record and its history stay.

    Raises Refused where sex or day of birth make it impossible, and when another was faster.
    """
    if abs((resident.birth_date - newborn.born_on).days) > MATCHED_DAYS:
        raise Refused(_("This person was born at another time. Look at the date of birth once more."))
    if resident.pk in (newborn.mother_id, newborn.father_id):
        raise Refused(_("This is a parent of the child, not the child."))
    with refusing(TAKEN), transaction.atomic():
        newborn = NEWBORN.apply(newborn, "match", actor=actor, at=at, update={"resident": resident, "reason": ""})
        newborn.candidates.filter(rejected=False).delete()
        BirthCandidate.objects.filter(resident=resident, rejected=False).delete()
        outbox.emit(MOVED, newborn)
    return newborn


def unmatch(*, newborn, reason, actor, at):
    """Undo a match that was wrong: the letters go back to the parent, and the pair is not proposed again."""
    with transaction.atomic():
        wrong = Newborn.objects.select_for_update(no_key=True, of=("self",)).get(pk=newborn.pk).resident
        undone = {"resident": None, "matched_at": None, "matched_by": None, "reason": reason.strip()}
        newborn = NEWBORN.apply(newborn, "unmatch", actor=actor, at=at, data={"reason": reason.strip()}, update=undone)
        BirthCandidate.objects.update_or_create(newborn=newborn, resident=wrong, defaults={"rejected": True})
        outbox.emit(MOVED, newborn)
    return newborn


def reject(*, candidate, actor):
    """This person of the registry is not the child: the pair is not proposed again."""
    with transaction.atomic():
        BirthCandidate.objects.filter(pk=candidate.pk).update(rejected=True)
        journal.record("newborn.reject_candidate", candidate.newborn, actor=actor, resident=candidate.resident_id)
