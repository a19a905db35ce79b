"""One person, or one family, in one statement."""

from dataclasses import dataclass, replace
from functools import cache

from facilities.enums import Service
from ksb.core.prepared import Statement
from ksb.core.scheme import scheme_on
from participants.eligibility import facts, statements
from participants.eligibility.evaluation import FROZEN, MENTIONED, Evaluation, from_row, not_found
from participants.eligibility.question import QUESTION, QUESTION_WITH_CASE
from participants.models import Household, Resident, SpecialCover


def verdict():
    """The select list over ``judged`` that ``from_row`` reads. The facts are one value: columns cost more than their contents."""
    told = ", ".join(f"'{name}', judged.{name}" for name in (*FROZEN, *MENTIONED))
    return (
        f"judged.resident_id, judged.scheme_id, {', '.join(statements.ARRAYS)}, blocker, granted, "
        f"{statements.next_change()} AS next_change_on, json_build_object({told}) AS told"
    )


NO_CASE = {
    "facility": None,
    "referred": True,
    "cause": "",
    "unpaid_elsewhere": False,
    "complement": "",
    "criterion": "",
    "exclusion": "",
    "care_class": None,
    "household_shown": None,
    "born_on": None,
    "running_since": None,
    "bridged": 0,
    "spent_episode": None,
    "spent_year": None,
    "unverified": False,
}


def question(*, on, at, service, known_at=None, **case):
    """Values of QUESTION, and of CASE when anything of a case is told. What is not told is taken to be in order."""
    asked = {"day": on, "as_of": known_at or at, "service": str(service)}
    told = {name: getattr(value, "pk", value) for name, value in case.items()}
    told = {name: NO_CASE[name] if value is None else value for name, value in told.items()}
    return asked | NO_CASE | told if any(told[name] != NO_CASE[name] for name in told) else asked


# A card or an old letter may still carry a NIK that the registry has replaced.
BY_NIK = """r.id = (SELECT id FROM participants_resident WHERE nik = %(nik)s
     UNION ALL SELECT resident_id FROM participants_formernik WHERE nik = %(nik)s LIMIT 1)"""


@cache
def _of_person(case, as_known):
    registry = facts.PEOPLE_AS_KNOWN if as_known else facts.PEOPLE
    people = facts.narrow(BY_NIK, case=case, people=registry, registry=registry)
    text = f"WITH {statements.judged(people)} SELECT {verdict()} FROM judged"
    return Statement(text, (QUESTION_WITH_CASE if case else QUESTION) | {"nik": "text"})


@cache
def _of_household():
    people = ", ".join(f"p.{field.column} AS p_{field.attname}" for field in Resident._meta.concrete_fields)
    text = f"""WITH {statements.judged(facts.narrow("r.household_id = %(household)s"))}
        SELECT {verdict()}, {people} FROM judged JOIN participants_resident p ON p.id = judged.resident_id
         ORDER BY p.relation, p.birth_date, p.id"""
    return Statement(text, QUESTION | {"household": "bigint"})


def evaluate(resident_or_nik, *, on, at, service=Service.OUTPATIENT, known_at=None, **case):
    """Whether the programme covers a person on the day ``on`` for ``service``, and every reason why. One SQL statement.

    ``at`` is now: how old the sources are is seen from it. ``known_at`` replays what was known of the registry and of other
    coverage then. An unknown NIK is a decision too (C02). What the desk knows of the case may be added; None says nothing of it:

    ``facility``, ``referred``    where, and whether a valid referral is at hand: its contract and the need of a referral
    ``cause``, ``unpaid_elsewhere``   a Cause; whether the one who should pay for it has attested that nobody does (C20)
    ``complement``, ``exclusion``     a Complement attested as not covered by JKN; an Exclusion the service falls under
    ``criterion``                 the EmergencyCriterion the doctor states
    ``care_class``                class asked for, 1 to 3
    ``household_shown``           the household whose KK or card was presented
    ``born_on``                   for NEWBORN asked for the mother of a child without NIK: its birth date (else ``on``)
    ``running_since``             the day of admission of guaranteed care that still runs (C01, C06)
    ``bridged``                   letters this person has had on PBI that is no longer active (C16)
    ``spent_episode``, ``spent_year``   rupiah guaranteed so far, with what is asked for (C31)
    ``unverified``                the clerk accepts data too old and has written down why (C32)

    Of a SpecialCover whose person has no NIK the register decides (C24).
    """
    if isinstance(resident_or_nik, SpecialCover):
        return evaluate_special(resident_or_nik, on=on, at=at, service=service, known_at=known_at, **case)
    nik = getattr(resident_or_nik, "nik", resident_or_nik)
    values = question(on=on, at=at, service=service, known_at=known_at, **case) | {"nik": nik}
    rows = _of_person("running_since" in values, known_at is not None and known_at < at).rows(values)
    if not rows:
        return not_found(on=on, service=str(service), scheme=scheme_on(on))
    return from_row(rows[0], values)


@cache
def _of_special(case):
    text = f"WITH {statements.judged(facts.of_special(case=case))} SELECT {verdict()} FROM judged"
    return Statement(text, (QUESTION_WITH_CASE if case else QUESTION) | {"special": "uuid"})


def evaluate_special(special, *, on, at, service=Service.OUTPATIENT, known_at=None, **case):
    """The same for a person without NIK, by their row in the register of special covers. Only what applies is told: of
    somebody without NIK no list can say that nothing stands against them.
    """
    values = question(on=on, at=at, service=service, known_at=known_at, **case) | {"special": special.public_id.hex}
    found = from_row(_of_special("running_since" in values).rows(values)[0], values)
    return replace(found, reasons=tuple(found.applying))


@dataclass(frozen=True)
class Member:
    """One person of a family with the decision on them."""

    resident: Resident
    evaluation: Evaluation


@dataclass(frozen=True)
class FamilyView:
    """A household with every member's decision, head first."""

    household: Household
    members: tuple[Member, ...]

    @property
    def covered(self):
        return [member for member in self.members if member.evaluation.covered]

    def member(self, resident):
        return next(m for m in self.members if m.resident.pk == resident.pk)


def family_view(resident, *, on, at, service=Service.OUTPATIENT):
    """Everybody on the KK of ``resident`` with decision and reasons. One statement; the household itself is the caller's."""
    values = question(on=on, at=at, service=service) | {"household": resident.household_id}
    names = [field.attname for field in Resident._meta.concrete_fields]
    members = []
    for row in _of_household().rows(values):
        person = Resident.from_db("default", names, [row[f"p_{name}"] for name in names])
        members.append(Member(person, from_row(row, values)))
    return FamilyView(resident.household, tuple(members))
