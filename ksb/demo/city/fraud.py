"""Known cases for the rules and signals of claims: what ``make_city --fraud`` plants, and its truth.

The ordinary city stays as it is. Some private hospitals get a load of ordinary visits of their own (a pattern is seen beside
peers), with letters numbered from 800001 on; ``schemes`` bends some of them. Written beside the city's files: the letters
(``fraud-letters.csv``, columns of the demand files, with a hospital in PUSKESMAS where hospital refers to hospital, and times
in ADMITTED and DISCHARGED where hours matter), beds reported as taken, care paid by others, and ``fraud.json``: each case with
the rules that must find it and its claims (hospital, SEP) or the hospital it is seen by.
"""

from collections import defaultdict, deque
from typing import NamedTuple

from ksb.demo.city.cases import CASES, CaseMix
from ksb.demo.city.demand import HEADER, ROMAN, SETTLED_DAYS, Visit, demand_line
from ksb.demo.city.eklaim import ClaimRows
from ksb.demo.city.files import TextFile, write_json
from ksb.demo.city.jkn import IN_FORCE, RECENT_DAYS
from ksb.demo.city.members import AKTIF
from ksb.demo.city.people import ACTIVE, DECEASED, Person

FIRST_NUMBER = 800_001
FIRST_SERIAL = 1_000_000
NEEDED = {"INT", "OBG", "BED", "ANA", "SAR"}
HOSPITALS = 12
REASON = "RSUD_FULL"
LOAD = 120  # ordinary visits of each of them, every other one a stay
KEPT = {"healthy": 4_000, "newcomers": 40, "deceased": 10, "insured": 10}
TRUTH = "fraud.json"
LETTERS, BEDS, PAID = "fraud-letters.csv", "fraud-beds.csv", "fraud-paid.csv"


class Member(NamedTuple):
    """Somebody a case can be made with."""

    person: Person
    kecamatan: str
    kk: str


class Plot:
    """Collects people while the families pass by, then makes visits of them for ``schemes``."""

    def __init__(self, chance, calendar, reference):
        self.chance, self.calendar, self.reference = chance, calendar, reference
        self.first, self.end = calendar.month(-2), calendar.month(0)
        self.people = {kind: deque() for kind in KEPT}
        self.hospitals = sorted(
            h.code for h in reference.hospitals.values() if not h.public and h.specialties >= NEEDED
        )[:HOSPITALS]
        self.visits, self.cases, self.beds, self.paid, self.phones = {}, [], [], [], []
        self._changes, self._months, self._letters, self._said = {}, {}, {}, {}
        self._mix = CaseMix()
        self.rows = ClaimRows(chance, calendar, reference, serial=FIRST_SERIAL)

    # who

    def look(self, household, covers, membership):
        """Keep whom a case can be made with."""
        enrolled = membership and membership.plain and membership.status == AKTIF
        for person, cover in zip(household.people, covers, strict=True):
            kind = self._kind(person, cover, household.newcomer, enrolled)
            if kind and len(self.people[kind]) < KEPT[kind]:
                self.people[kind].append(Member(person, household.kecamatan, household.kk))

    def _kind(self, person, cover, newcomer, enrolled):
        today = self.calendar.today
        if person.status == DECEASED:
            return "deceased" if person.status_on < self.first and not cover else ""
        if person.status != ACTIVE or (cover and cover.odd):
            return ""
        if newcomer:
            return "newcomers" if not cover and self.first - 30 < person.since < self.end - 20 else ""
        if not enrolled or person.since > today - SETTLED_DAYS:
            return ""
        if cover is None:
            return "healthy"
        insured = not cover.pbi and cover.status == IN_FORCE and cover.tmt < self.first - RECENT_DAYS
        return "insured" if insured and not cover.tat else ""

    def forget(self, visits):
        """Leave out whoever the ordinary city sends to a hospital already."""
        ill = {visit.nik for visit in visits}
        self.people = {
            kind: deque(m for m in members if m.person.nik not in ill) for kind, members in self.people.items()
        }

    def age(self, member):
        return self.calendar.age(member.person.born, self.first)

    def member(self, case=None, kind="healthy"):
        """The next person of that kind ``case`` may happen to; nobody is taken twice. Raises ValueError when none is left."""
        members = self.people[kind]
        for _ in range(len(members)):
            member = members.popleft()
            fits = case is None or (
                case.sex in (0, member.person.sex) and case.ages[0] < self.age(member) < case.ages[1]
            )
            if fits:
                return member
            members.append(member)
        raise ValueError(f"A city with planted cases must be larger: no more {kind} people.")

    # what

    def day(self, room=14):
        """A day of the past months that leaves ``room`` days in its month."""
        start = self.calendar.month(-1 - int(self.chance() * 2))
        later = start + 32
        days = later - int(self.calendar.iso[later][8:]) + 1 - start
        return start + int(self.chance() * (days - room))

    def ordinary(self, hospital, inpatient, *, weekend=False):
        """One ordinary visit of the next healthy person."""
        offered = self.reference.hospitals[hospital].specialties
        for _ in range(500):
            member = self.member()
            for _ in range(12):
                case = self._mix.pick(member.person.sex, self.age(member), self.chance())
                if case.specialty in offered and case.inpatient == inpatient and case.specialty != "HDL":
                    return self.visit(member, case, hospital, self._admitted(case, weekend))
        raise ValueError("A city with planted cases must be larger.")

    def _admitted(self, case, weekend):
        day = self.day()
        while weekend and day % 7 not in (6, 0):  # ordinal 1 was a Monday
            day += 1
        return day if case.inpatient or weekend else self.calendar.next_open(day)

    def visit(self, member, case, hospital, admitted, *, days=0, letter_on=0):
        """A visit with its letter; ``days`` the length of a stay (default: the shortest of the case, or a day more)."""
        shortest, longest = case.stay
        days = days or min(longest, shortest + int(self.chance() * 2))
        choice = self.reference.puskesmas[member.kecamatan]
        letter_day, puskesmas = letter_on or admitted, choice[int(self.chance() * len(choice))]
        iso = self.calendar.iso[letter_day]
        number = f"{FIRST_NUMBER + len(self.visits):06d}/SJP/{puskesmas}/{ROMAN[int(iso[5:7]) - 1]}/{iso[:4]}"
        person = member.person
        visit = Visit(
            day=letter_day,
            puskesmas=puskesmas,
            minute=450 + int(self.chance() * 300),
            nik=person.nik,
            name=person.name,
            sex=person.sex,
            born=person.born,
            case=case,
            reason="EMERGENCY" if case.urgent else "STAFF",
            hospital=hospital,
            pass_over=REASON,
            admitted=admitted,
            discharged=admitted + days - 1,
            status=1,
            number=number,
        )
        self.visits[number] = visit
        self._letters[number] = visit, None
        return visit

    def came(self, visit, *, arrived=True, issuer="", times=None):
        """What really happened: nobody came, another hospital referred, or a stay of hours (``times`` HH:MM from, to)."""
        letter, _times = self._letters[visit.number]
        if issuer:
            letter = letter._replace(puskesmas=issuer)
        if not arrived:
            letter = letter._replace(admitted=0, discharged=0, status=0)
        self._letters[visit.number] = letter, times

    def change(self, visit, *changes):
        """Let each of ``changes(row, visit)`` bend the row of ``visit``; one may return the rows to write instead."""
        self._changes.setdefault(visit.number, []).extend(changes)

    def late(self, visit):
        """Claimed with the last month, whenever it was."""
        self._months[visit.number] = self.calendar.stamp(self.calendar.month(-1))

    def planted(self, rules, *visits, **seen_by):
        """A case: every one of ``rules`` must find it, by one of its claims or by what ``seen_by`` names."""
        self.cases.append((list(rules), visits, seen_by))

    # files

    def groups(self):
        """Planted claims as ``{(hospital, YYYYMM): [visits]}``."""
        groups = defaultdict(list)
        for visit in self.visits.values():
            month = self._months.get(visit.number) or self.calendar.stamp(visit.discharged)
            groups[visit.hospital, month].append(visit)
        return groups

    def rows_of(self, visit):
        """The rows of a planted visit."""
        rows = [self.rows.row(visit)]
        for change in self._changes.get(visit.number, ()):
            rows = change(rows[0], visit) or rows
        self._said[visit.number] = [visit.hospital, rows[-1]["SEP"]]
        return rows

    def write(self, out):
        """All files of its own, after the claims were written. Returns them."""
        with TextFile(out / LETTERS, HEADER) as letters:
            letters.add([demand_line(letter, self.calendar, times) for letter, times in self._letters.values()])
        with TextFile(out / BEDS, "KODE_RS,DATE,OCCUPIED") as beds:
            beds.add([f"{code},{self.calendar.iso[day]},{taken}\n" for code, day, taken in self.beds])
        with TextFile(out / PAID, "NO_SEP,NIK,TGL_MASUK,TGL_PULANG,BIAYA,SOURCE") as paid:
            paid.add(self.paid)
        cases = [
            {"rules": rules, "claims": [self._said[visit.number] for visit in visits], **seen_by}
            for rules, visits, seen_by in self.cases
        ]
        write_json(out / TRUTH, {"phones": self.phones, "cases": cases})
        return [letters, beds, paid]


def case_of(diagnosis, *, inpatient=False):
    """The clinical picture with that diagnosis."""
    return next(case for case in CASES if case.diagnosis == diagnosis and case.inpatient == inpatient)
