"""One person, or one family, in one statement."""

from dataclasses import dataclass
from functools import cache

from facilities.enums import Service
from ksb.core.prepared import Statement
from ksb.core.scheme import scheme_on
from participants.eligibility import facts, statements
from participants.eligibility.evaluation import FROZEN, MENTIONED, Evaluation, from_row, not_found
from participants.eligibility.facts import QUESTION
from participants.models import Household, Resident


def verdict():
    """The select list over ``judged`` that ``from_row`` reads. The facts are one value: columns cost more than their contents."""
    told = ", ".join(f"'{name}', judged.{name}" for name in (*FROZEN, *MENTIONED))
    return (
        f"judged.resident_id, judged.scheme_id, {', '.join(statements.ARRAYS)}, blocker, granted, "
        f"{statements.next_change()} AS next_change_on, json_build_object({told}) AS told"
    )


def question(*, on, at, service, facility=None, known_at=None, referred=None, cause="", complement="", born_on=None):
    """Values of QUESTION. What is not asked about (``None``) is taken to be in order."""
    return {
        "day": on,
        "as_of": known_at or at,
        "service": str(service),
        "facility": getattr(facility, "pk", facility),
        "referred": referred is not False,
        "cause": cause,
        "complement": complement,
        "household_shown": None,
        "born_on": born_on or on,
    }


# A card or an old letter may still carry a NIK that the registry has replaced.
BY_NIK = """r.id = (SELECT id FROM participants_resident WHERE nik = %(nik)s
     UNION ALL SELECT resident_id FROM participants_formernik WHERE nik = %(nik)s LIMIT 1)"""


@cache
def _of_person(facility):
    text = f"WITH {statements.judged(facts.narrow(BY_NIK, facility=facility))} SELECT {verdict()} FROM judged"
    return Statement(text, QUESTION | {"nik": "text"})


@cache
def _of_household():
    people = ", ".join(f"p.{field.column} AS p_{field.attname}" for field in Resident._meta.concrete_fields)
    text = f"""WITH {statements.judged(facts.narrow("r.household_id = %(household)s"))}
        SELECT {verdict()}, {people} FROM judged JOIN participants_resident p ON p.id = judged.resident_id
         ORDER BY p.relation, p.birth_date, p.id"""
    return Statement(text, QUESTION | {"household": "bigint"})


def evaluate(
    resident_or_nik,
    *,
    on,
    at,
    service=Service.OUTPATIENT,
    facility=None,
    known_at=None,
    referred=None,
    cause="",
    complement="",
    household_shown=None,
    born_on=None,
):
    """Whether the programme covers a person on the day ``on`` for ``service``, and every reason why. One SQL statement.

    ``at`` is now: how old the sources are is seen from it. ``known_at`` replays what was known of other coverage then.
    ``facility`` adds its contract and, with ``referred`` (whether a valid referral is at hand), the need of one. ``cause`` is a
    Cause, ``complement`` a Complement attested as not covered by JKN, ``household_shown`` the household whose KK or card was
    presented. For NEWBORN the mother may stand for a child without NIK; ``born_on`` is then its birth date (default: ``on``).
    An unknown NIK is a decision too (C02).
    """
    nik = getattr(resident_or_nik, "nik", resident_or_nik)
    values = question(
        on=on,
        at=at,
        service=service,
        facility=facility,
        known_at=known_at,
        referred=referred,
        cause=cause,
        complement=complement,
        born_on=born_on,
    )
    values |= {"nik": nik, "household_shown": getattr(household_shown, "pk", household_shown)}
    rows = _of_person(facility is not None).rows(values)
    if not rows:
        return not_found(on=on, service=str(service), scheme=scheme_on(on))
    return from_row(rows[0], values)


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
