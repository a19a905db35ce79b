"""The table of cover once more, in plain Python, written from the regulation and not from the SQL: what the SQL is held to.

Outpatient and emergency care of persons without anything special; dates are `datetime.date`.
"""

import calendar
import datetime
from dataclasses import dataclass, field

from ksb.core.scheme import Parameters

DAY = datetime.timedelta(days=1)
ACTIVE, DECEASED, MOVED_OUT, DEACTIVATED, GONE = 0, 1, 2, 3, 9


@dataclass
class Cover:
    """Another coverage; `declared` by the family or told by a list."""

    segment: int
    status: int
    since: datetime.date
    until: datetime.date | None
    declared: bool = False
    believed: bool = True

    def in_force(self, day, parameters):
        if self.status != 0 or day < self.since:
            return False
        if self.segment in (21, 22) and not self.declared and self.believed:
            return True  # until the next monthly list says otherwise
        return self.until is None or day < self.until or (day == self.until and parameters.tat_inclusive)


@dataclass
class Membership:
    """`state` ACTIVE, SUSPENDED or ENDED; the day it began, and the day it was suspended or ended."""

    state: str
    since: datetime.date
    stopped: datetime.date | None = None


@dataclass
class Person:
    birth_date: datetime.date
    resident_since: datetime.date | None = None
    status: int = ACTIVE
    status_on: datetime.date | None = None
    in_city: bool = True
    married: bool = False
    ektp: bool = True
    memberships: list[Membership] = field(default_factory=list)
    covers: list[Cover] = field(default_factory=list)
    card: bool = False
    mother: "Person | None" = None


def months_later(day, months):
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def moved_in(person):
    """Whoever was registered within the time for reporting a birth was born here."""
    since = person.resident_since
    return since if since and since > person.birth_date + 60 * DAY else None


def membership_on(person, day):
    begun = [m for m in person.memberships if m.since <= day]
    if not begun:
        return None
    last = max(begun, key=lambda m: m.since)
    if last.state == "ACTIVE" or (last.stopped is not None and day < last.stopped):
        return "ACTIVE"
    return last.state


def judge(person, day, parameters: Parameters, *, emergency=False, stale=()):
    """(headline, codes that apply and are said) on `day`; `parameters` None means that there was no programme."""
    p = parameters or Parameters()
    applying, blocking = [], []

    def rule(code, applies, waived=False):
        if applies:
            applying.append(code)
            if not waived:
                blocking.append(code)

    def happened(status, *, after=0):
        return person.status == status and (person.status_on is None or day >= person.status_on + after * DAY)

    rule("C01", parameters is None or not p.open)
    rule("C02", happened(GONE))
    rule("C03", happened(DECEASED, after=1))
    rule("C04", happened(DEACTIVATED))
    abroad = person.status != MOVED_OUT and not person.in_city
    not_yet = day < (moved_in(person) or person.birth_date)
    rule("C05", happened(MOVED_OUT) or abroad or not_yet)

    infant = 0 <= (day - person.birth_date).days <= p.newborn_cover_days
    mother = person.mother if infant and person.mother and person.mother.status == ACTIVE else None
    clock = moved_in(mother) if mother else moved_in(person)
    rule("C07", clock and p.min_residence_months and day < months_later(clock, p.min_residence_months))

    membership = membership_on(person, day)
    mother_registered = mother and any(m.state == "ACTIVE" and m.since <= day for m in mother.memberships)
    rule("C08", p.registration_required and membership is None, waived=emergency or mother_registered)
    rule("C09", membership in ("SUSPENDED", "ENDED"))
    adult = person.married or day >= months_later(person.birth_date, 12 * p.ktp_el_age) + p.ktp_grace_days * DAY
    rule("C10", p.ktp_el_required and not person.ektp and adult, waived=emergency)

    lists = [c for c in person.covers if c.believed and not c.declared]
    jkn = [c for c in lists if c.in_force(day, p)]
    rule("C12", any(c.segment == 21 for c in jkn), waived=not p.pbi_blocks)
    rule("C13", any(c.segment == 22 for c in jkn), waived=not p.pbi_blocks)
    rule("C14", any(c.segment not in (21, 22) for c in jkn), waived=not p.jkn_blocks)
    lapsed = any(c.since <= day and not c.in_force(day, p) for c in lists) and not jkn
    declared = any(c.believed and c.declared and c.in_force(day, p) for c in person.covers)
    rule("C17", declared, waived=not p.other_insurance_blocks)

    of_mother = [c for c in mother.covers if c.believed and not c.declared and c.in_force(day, p)] if mother else []
    rule("C22", any(c.segment in (21, 22) for c in of_mother), waived=not p.pbi_blocks)
    rule("C23", any(c.segment not in (21, 22) for c in of_mother), waived=not p.jkn_blocks)
    rule("C32", bool(stale), waived=emergency)

    if emergency:
        applying.append("C27")
    if blocking:
        headline = blocking[0]
    else:
        headline = "C21" if mother and not of_mother else "C34"
        applying.append(headline)
        if lapsed:
            applying.append("C15")
        if not person.card:
            applying.append("C33")
    return headline, sorted(applying)
