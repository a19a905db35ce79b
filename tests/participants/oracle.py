"""The table of cover once more, in plain Python, written from the regulation and not from the SQL: what the SQL is held to.

Every row but the mother's answer for a child without NIK; dates are `datetime.date`.
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
class Ground:
    """A right of a person's own in a range of days: SPLIT, LETTER, EVENT paid by the city or CENTRAL."""

    kind: str
    since: datetime.date
    until: datetime.date | None

    def holds(self, day):
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass
class Lifting:
    """Rules that Dinkes has lifted for a person, and on which days."""

    codes: set
    since: datetime.date
    until: datetime.date

    def on(self, day):
        return self.codes if self.since <= day <= self.until else set()


@dataclass
class Case:
    """What a desk tells of a case; the defaults say nothing of it."""

    running_since: datetime.date | None = None
    hospital: bool = False
    contracted: bool = True
    referred: bool = True
    cause: str = ""
    unpaid_elsewhere: bool = False
    complement: str = ""
    exclusion: str = ""
    care_class: int | None = None
    other_card: bool = False
    bridged: int = 0
    spent_episode: int | None = None
    spent_year: int | None = None
    unverified: bool = False


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
    grounds: list[Ground] = field(default_factory=list)
    lifting: Lifting | None = None


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


def judge(person, day, parameters: Parameters, *, emergency=False, stale=(), case=None, open_today=True):
    """(headline, codes that apply and are said) on `day`; `parameters` are those of the day the care began, None means that
    there was no programme. `open_today` is whether the programme takes people on `day` itself.
    """
    case = case or Case()
    p = parameters or Parameters()
    begun = min(day, case.running_since or day)
    applying, blocking = set(), []
    lifted = person.lifting.on(day) if person.lifting else set()

    def rule(code, applies, waived=False):
        if applies:
            applying.add(code)
            if not waived and code not in lifted:
                blocking.append(code)

    def happened(status, *, after=0):
        return person.status == status and (person.status_on is None or day >= person.status_on + after * DAY)

    grounds = {ground.kind for ground in person.grounds if ground.holds(begun)}
    letter = "LETTER" in grounds and p.special_groups
    event = "EVENT" in grounds
    on_own_ground = letter or event

    rule("C01", parameters is None or not p.open)
    rule("C02", happened(GONE))
    rule("C03", happened(DECEASED, after=1))
    rule("C04", happened(DEACTIVATED))
    left = person.status == MOVED_OUT
    while_it_ran = left and person.status_on is not None and begun < person.status_on <= day
    over = while_it_ran and day > person.status_on + p.transition_days * DAY
    gone = left and (person.status_on is None or begun >= person.status_on)
    abroad = not left and not person.in_city
    not_yet = begun < (moved_in(person) or person.birth_date)
    rule("C05", gone or over or abroad or not_yet)

    infant = 0 <= (begun - person.birth_date).days <= p.newborn_cover_days
    mother = person.mother if infant and person.mother and person.mother.status == ACTIVE else None
    clock = moved_in(mother) if mother else moved_in(person)
    waits = clock and p.min_residence_months and begun < months_later(clock, p.min_residence_months)
    rule("C07", waits, waived=on_own_ground)

    membership = membership_on(person, begun)
    mother_registered = mother and any(m.state == "ACTIVE" and m.since <= begun for m in mother.memberships)
    split = "SPLIT" in grounds
    unregistered = p.registration_required and membership is None
    rule("C08", unregistered, waived=emergency or mother_registered or split or on_own_ground)
    rule("C09", membership in ("SUSPENDED", "ENDED"))
    adult = person.married or begun >= months_later(person.birth_date, 12 * p.ktp_el_age) + p.ktp_grace_days * DAY
    rule("C10", p.ktp_el_required and not person.ektp and adult, waived=emergency or on_own_ground)
    rule("C11", case.other_card, waived=mother is not None)

    complement = case.complement in p.complement_categories
    past_jkn = complement or event
    lists = [c for c in person.covers if c.believed and not c.declared]
    jkn = [c for c in lists if c.in_force(begun, p)]
    rule("C12", any(c.segment == 21 for c in jkn), waived=past_jkn or not p.pbi_blocks)
    rule("C13", any(c.segment == 22 for c in jkn), waived=past_jkn or not p.pbi_blocks)
    rule("C14", any(c.segment not in (21, 22) for c in jkn), waived=past_jkn or not p.jkn_blocks)
    ended = [c for c in lists if c.since <= begun and not c.in_force(begun, p)]
    was_pbi = any(c.segment in (21, 22) for c in ended) and not jkn
    used_up = p.bridge_max is not None and case.bridged >= p.bridge_max
    rule("C16", was_pbi and used_up, waived=emergency or not p.bridge_blocks)
    declared = any(c.believed and c.declared and c.in_force(begun, p) for c in person.covers)
    rule("C17", declared, waived=event or not p.other_insurance_blocks)
    rule("C19", case.cause == "TRAFFIC_ACCIDENT", waived=True)
    rule("C20", case.cause == "WORK_ACCIDENT", waived=case.unpaid_elsewhere)

    of_mother = [c for c in mother.covers if c.believed and not c.declared and c.in_force(begun, p)] if mother else []
    rule("C22", any(c.segment in (21, 22) for c in of_mother), waived=past_jkn or not p.pbi_blocks)
    rule("C23", any(c.segment not in (21, 22) for c in of_mother), waived=past_jkn or not p.jkn_blocks)
    rule("C25", "CENTRAL" in grounds, waived=True)
    rule("C26", case.hospital and p.referral_required and not case.referred, waived=True)
    rule("C27", emergency, waived=True)
    rule("C28", case.hospital and not case.contracted, waived=True)
    rule("C29", case.care_class is not None and case.care_class < p.class_allowed, waived=True)
    rule("C30", case.exclusion in p.general_exclusions, waived=True)
    above = [(case.spent_episode, p.benefit_cap_episode), (case.spent_year, p.benefit_cap)]
    rule("C31", any(spent is not None and cap is not None and spent > cap for spent, cap in above), waived=True)
    rule("C32", bool(stale), waived=emergency or case.unverified)

    if blocking:
        return blocking[0], sorted(applying - {"C19"})  # who pays first is told to the covered
    granting = {
        "C01": begun < day and not open_today,
        "C06": while_it_ran,
        "C18": jkn and complement,
        "C21": mother and not of_mother,
        "C24": letter,
        "C25": event,
        "C34": True,
    }
    headline = next(code for code, grants in granting.items() if grants)
    applying.add(headline)
    if ended and not jkn:
        applying.add("C15")
    if unregistered and split:
        applying.add("C08")
    if not person.card:
        applying.add("C33")
    return headline, sorted(applying)
