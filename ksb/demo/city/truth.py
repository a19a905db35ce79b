"""What tests, benchmarks and the demonstration may expect of a city: counts, the lines that are wrong, people to point at."""

from itertools import pairwise

from ksb.demo.city.jkn import IN_FORCE, PBI_APBN, PRIVATE_EMPLOYEE
from ksb.demo.city.members import AKTIF, SUSPENDED
from ksb.demo.city.people import ACTIVE, CHILD, DECEASED, KTP_AGE, MOVED_OUT, WIFE

SETTLED_DAYS = 400


class Examples:
    """Finds one person for each situation a guide or a browser test wants to show. They have no visit and no event."""

    def __init__(self, calendar):
        self._calendar = calendar
        self._wanted = {
            "covered": self._covered,
            "pbi": self._pbi,
            "jkn_active": self._jkn_active,
            "jkn_inactive": self._jkn_inactive,
            "newcomer": self._newcomer,
            "adult_without_ektp": self._adult_without_ektp,
            "deceased": self._deceased,
            "moved_out": self._moved_out,
            "not_enrolled": self._not_enrolled,
            "suspended": self._suspended,
            "twins": self._twins,
        }
        self.people = {}

    def look(self, household, covers, membership):
        """Takes at most one person of the family. True when it did: leave the family alone then."""
        for name, find in self._wanted.items():
            person = find(household, covers, membership)
            if person and not any(cover and cover.odd for cover in covers):
                del self._wanted[name]
                self.people[name] = self._entry(household, person)
                return True
        return False

    def _entry(self, household, person):
        return {
            "nik": person.nik,
            "kk": household.kk,
            "name": person.name,
            "sex": person.sex,
            "birth_date": self._calendar.iso[person.born],
            "relation": person.relation,
            "head_nik": household.head.nik,
            "family_size": sum(p.status == ACTIVE for p in household.people),
        }

    # situations

    def _covered(self, household, covers, membership):
        """The head of a family of four or five, all of them settled, nobody with other cover, somebody's wife among them."""
        people = household.people
        if not self._enrolled(membership) or any(covers) or len(people) not in (4, 5) or people[1].relation != WIFE:
            return None
        sound = all(p.status == ACTIVE and self._settled(p) and (p.ektp or self._age(p) < KTP_AGE - 1) for p in people)
        return people[0] if sound and any(p.relation == CHILD for p in people) else None

    def _pbi(self, household, covers, membership):
        return self._adult(
            household, covers, membership, lambda p, c: c and c.pbi and c.segment == PBI_APBN and self._settled(p)
        )

    def _jkn_active(self, household, covers, membership):
        return self._adult(
            household,
            covers,
            membership,
            lambda p, c: (
                c and c.segment == PRIVATE_EMPLOYEE and c.status == IN_FORCE and self._long(c) and self._settled(p)
            ),
        )

    def _jkn_inactive(self, household, covers, membership):
        return self._adult(
            household,
            covers,
            membership,
            lambda p, c: (
                c and c.status != IN_FORCE and c.tat and c.tat < self._calendar.today - 200 and self._settled(p)
            ),
        )

    def _adult_without_ektp(self, household, covers, membership):
        if not self._enrolled(membership):
            return None
        return self._first(household, covers, lambda p, c: not c and not p.ektp and self._grown(p) and self._settled(p))

    def _newcomer(self, household, covers, membership):
        return self._first(
            household,
            covers,
            lambda p, c: (
                household.newcomer and not c and p.ektp and self._grown(p) and p.since > self._calendar.today - 90
            ),
        )

    def _deceased(self, household, covers, membership):
        if not self._enrolled(membership):
            return None
        return next((p for p in household.people if p.status == DECEASED), None)

    def _moved_out(self, household, covers, membership):
        if not self._enrolled(membership):
            return None
        return next((p for p in household.people if p.status == MOVED_OUT), None)

    def _not_enrolled(self, household, covers, membership):
        if membership or any(covers) or household.newcomer or len(household.people) < 3:
            return None
        sound = all(p.status == ACTIVE and self._settled(p) for p in household.people)
        return household.people[0] if sound and household.people[0].ektp else None

    def _suspended(self, household, covers, membership):
        if not membership or membership.status != SUSPENDED or not membership.plain:
            return None
        return self._first(household, covers, lambda p, c: not c and p.ektp and self._settled(p))

    def _twins(self, household, covers, membership):
        """The elder of two children born on one day of one mother, their family wholly without other cover."""
        if not self._enrolled(membership) or any(covers):
            return None
        children = [p for p in household.people if p.relation == CHILD and p.mother]
        return next((a for a, b in pairwise(children) if a.born == b.born), None)

    # parts of situations

    def _adult(self, household, covers, membership, suits):
        if not self._enrolled(membership):
            return None
        return self._first(household, covers, lambda p, c: suits(p, c) and p.ektp and self._grown(p))

    def _first(self, household, covers, suits):
        pairs = zip(household.people, covers, strict=True)
        return next((p for p, c in pairs if p.status == ACTIVE and suits(p, c)), None)

    def _enrolled(self, membership):
        return membership and membership.plain and membership.status == AKTIF

    def _settled(self, person):
        return person.since < self._calendar.today - SETTLED_DAYS

    def _long(self, cover):
        return cover.tmt < self._calendar.today - 200

    def _grown(self, person):
        return self._age(person) >= KTP_AGE + 1

    def _age(self, person):
        return self._calendar.age(person.born, self._calendar.today)
