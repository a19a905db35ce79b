"""Families: who lives together, how old they are, since when they are here.

Constructed so that no repair is needed: mothers are 19 to 43 at a birth, heads were adults when their KK was issued,
nobody is registered in the city before birth. Ages are drawn in years, kept as days.
"""

from typing import NamedTuple

from ksb.demo.city.names import Names
from ksb.demo.city.people import (
    CHILD,
    CHILD_IN_LAW,
    DEACTIVATED,
    DECEASED,
    DIVORCED,
    DOMESTIC_WORKER,
    FEMALE,
    GRANDCHILD,
    HEAD,
    HUSBAND,
    KTP_AGE,
    MALE,
    MARRIED,
    MOVED_OUT,
    OTHER,
    OTHER_RELATIVE,
    PARENT,
    PARENT_IN_LAW,
    SINGLE,
    WIDOWED,
    WIFE,
    YEAR,
    Household,
    Person,
)

SIZES = (9, 14, 22, 26, 17, 7.5, 2.7, 1.2, 0.5, 0.1)  # percent of families with 1, 2, 3 ... people: mean 3.7
NEWCOMER_DAYS = 180
NEWCOMER_SHARE = 0.65  # of the families whose KK is that young
OLDEST = 97
NEWEST_DAYS = 2  # nobody is born later: the first snapshot is of yesterday


class Sketch(NamedTuple):
    """A member before name and number: age in years, ``mother`` the index of her sketch or -1."""

    relation: int
    sex: int
    age: float
    marital: int
    mother: int = -1


def family_sizes(people, chance):
    """Sizes of families that hold exactly ``people`` residents."""
    table = [size for size, share in enumerate(SIZES, 1) for _ in range(int(share * 10))]
    sizes = []
    while people > 0:
        size = min(table[int(chance() * len(table))], people)
        sizes.append(size)
        people -= size
    return sizes


class FamilyMaker:
    """Makes households with ``chance`` (a function to [0, 1))."""

    def __init__(self, chance, calendar, places):
        self._chance = chance
        self._today = calendar.today
        self._places = places
        self._names = Names(chance, calendar.today)

    def make(self, niks, kk, kk_day, kecamatan, size):
        """A Household of ``size`` active residents, and now and then a former member behind them."""
        newcomer = self._today - kk_day <= NEWCOMER_DAYS and self._chance() < NEWCOMER_SHARE
        sketches = self._sketch(size, (self._today - kk_day) / YEAR)
        people = self._settle(sketches, niks, kecamatan, kk_day, newcomer)
        former = self._former(people, niks, kecamatan)
        return Household(kk, kk_day, kecamatan, self._places.home(kecamatan), (*people, *former), newcomer)

    def name(self, sex, born):
        return self._names.person(sex, born, self._names.clan())

    # who lives together

    def _sketch(self, size, kk_years):
        chance = self._chance
        if size == 1:
            return [self._alone(kk_years)]
        if size == 2 and chance() < 0.6:
            return self._couple_alone(kk_years)
        extras = 1 + int(chance() * min(3, size - 3)) if size >= 4 and chance() < 0.3 else 0
        single = size == 2 or chance() < 0.12
        children = size - extras - (1 if single else 2)
        if children < 1:
            extras, children = extras - 1, children + 1
        members = self._parents_and_children(children, kk_years, single)
        return members + self._extras(extras, members) if extras else members

    def _alone(self, kk_years):
        chance = self._chance
        sex = MALE if chance() < 0.5 else FEMALE
        if chance() < 0.5 and kk_years < 12:
            return Sketch(HEAD, sex, kk_years + 19 + 12 * chance(), SINGLE)
        age = max(kk_years + 19, 45 + 42 * chance())
        return Sketch(HEAD, sex, age, WIDOWED if age > 58 else DIVORCED)

    def _couple_alone(self, kk_years):
        chance = self._chance
        older = 6 * chance() - 1
        if chance() < 0.45 and kk_years < 8:
            husband = kk_years + 20 + 8 * chance()
        else:
            husband = max(kk_years + 20, 50 + 34 * chance())
        return [Sketch(HEAD, MALE, husband, MARRIED), Sketch(WIFE, FEMALE, max(husband - older, 19), MARRIED)]

    def _parents_and_children(self, children, kk_years, single):
        chance = self._chance
        first_birth = 19.5 + 11 * chance()
        room = (43 - first_birth) / max(children - 1, 1)
        gaps = [0 if chance() < 0.012 else 1.3 + chance() * min(4, room - 1.3) for _ in range(children - 1)]
        older = 9 * chance() - 2
        spread = sum(gaps)
        youngest = max(0, kk_years + 19 - (first_birth + spread + older), kk_years + 19 - first_birth - spread)
        youngest += max(1.5, 31 - spread - youngest) * chance() ** 1.25
        mother = first_birth + spread + youngest
        members = self._parents(mother, mother + older, single)
        mother_at = next((i for i, m in enumerate(members) if m.sex == FEMALE), -1)
        age = youngest + spread
        for gap in (*gaps, 0):
            sex = MALE if chance() < 0.51 else FEMALE
            members.append(Sketch(CHILD, sex, age, SINGLE, mother_at))
            age -= gap
        return members

    def _parents(self, mother, father, single):
        chance = self._chance
        if single:
            sex = FEMALE if chance() < 0.72 else MALE
            age = mother if sex == FEMALE else father
            return [Sketch(HEAD, sex, age, WIDOWED if chance() < 0.55 else DIVORCED)]
        if chance() < 0.012:
            return [Sketch(HEAD, FEMALE, mother, MARRIED), Sketch(HUSBAND, MALE, father, MARRIED)]
        return [Sketch(HEAD, MALE, father, MARRIED), Sketch(WIFE, FEMALE, mother, MARRIED)]

    def _extras(self, count, members):
        chance = self._chance
        eldest = next((i for i, m in enumerate(members) if m.relation == CHILD), None)
        extras = []
        if eldest is not None and members[eldest].age >= 21 and chance() < 0.6:
            extras = self._young_couple(count, members, eldest)
        while len(extras) < count:
            extras.append(self._one_more(members))
        return extras

    def _young_couple(self, count, members, eldest):
        """The eldest child has married and stayed; further places go to their children."""
        chance = self._chance
        child = members[eldest] = members[eldest]._replace(marital=MARRIED)
        spouse = Sketch(CHILD_IN_LAW, 3 - child.sex, max(19, child.age + 4 * chance() - 2), MARRIED)
        mother_at, mother_age = (eldest, child.age) if child.sex == FEMALE else (len(members), spouse.age)
        couple = [spouse]
        for _ in range(count - 1):
            sex = MALE if chance() < 0.51 else FEMALE
            couple.append(Sketch(GRANDCHILD, sex, (mother_age - 19) * chance(), SINGLE, mother_at))
        return couple

    def _one_more(self, members):
        chance, kind = self._chance, self._chance()
        sex = FEMALE if chance() < 0.6 else MALE
        if kind < 0.6:
            age = members[0].age + 19 + 11 * chance()
            if age < OLDEST:
                relation = PARENT if chance() < 0.6 else PARENT_IN_LAW
                return Sketch(relation, sex, age, WIDOWED if chance() < 0.7 else MARRIED)
        if kind < 0.94:
            return Sketch(OTHER_RELATIVE, sex, 12 + 34 * chance(), SINGLE)
        return Sketch(DOMESTIC_WORKER if kind < 0.98 else OTHER, FEMALE, 19 + 30 * chance(), SINGLE)

    # names, numbers, dates

    def _settle(self, sketches, niks, kecamatan, kk_day, newcomer):
        chance, latest = self._chance, self._today - NEWEST_DAYS
        clan = self._names.clan()
        head_born = latest - int(sketches[0].age * YEAR)
        head_is_local = not newcomer and chance() < 0.68
        came = self._came(head_born, kk_day, newcomer, head_is_local)
        people = []
        for at, sketch in enumerate(sketches):
            born = latest - int(sketch.age * YEAR)
            local, since = self._belongs(sketch, at, born, came, kk_day, newcomer, head_is_local)
            region, place = self._places.local(kecamatan) if local else self._places.origin()
            mother = people[sketch.mother].nik if sketch.mother >= 0 and chance() < 0.93 else ""
            inherits = sketch.relation in (HEAD, CHILD, GRANDCHILD)
            people.append(
                Person(
                    niks.new(region, sketch.sex, born),
                    self._names.person(sketch.sex, born, clan if inherits else self._names.clan()),
                    sketch.sex,
                    place,
                    born,
                    sketch.relation,
                    sketch.marital,
                    mother,
                    since,
                    self._ektp(sketch),
                )
            )
        return people

    def _came(self, head_born, kk_day, newcomer, head_is_local):
        """When the family came to the city."""
        if newcomer:
            return kk_day
        if head_is_local:
            return head_born
        earliest = max(head_born + int(18 * YEAR), kk_day - int(20 * YEAR))
        return earliest + int(self._chance() * max(kk_day - earliest, 0))

    def _belongs(self, sketch, at, born, came, kk_day, newcomer, head_is_local):
        """Whether the NIK was first given out here, and since when the person is registered here."""
        chance = self._chance
        if at == 0:
            return head_is_local, came
        if sketch.relation in (CHILD, GRANDCHILD):
            return (True, born) if born >= came else (False, came)
        if not newcomer and chance() < 0.66:
            return True, born
        if sketch.relation in (OTHER_RELATIVE, DOMESTIC_WORKER, OTHER) and chance() < 0.1:
            return False, self._today - 1 - int(chance() * 170)
        return False, self._arrived(born, came, kk_day)

    def _arrived(self, born, came, kk_day):
        """Grown up elsewhere and joined the family later, or came with it as a child."""
        earliest, latest = max(came, born + int(17 * YEAR)), max(came, born, kk_day)
        return earliest + int(self._chance() * (latest - earliest)) if earliest < latest else latest

    def _ektp(self, sketch):
        if sketch.age < KTP_AGE and sketch.marital == SINGLE:
            return 0
        return int(self._chance() < (0.975 if sketch.age >= KTP_AGE + 1 else 0.6))

    # those who died, left, or turned out double

    def _former(self, people, niks, kecamatan):
        chance, head = self._chance, people[0]
        former = []
        if head.marital == WIDOWED and chance() < 0.35:
            relation = WIFE if head.sex == MALE else HEAD
            former.append(self._one_former(niks, kecamatan, 3 - head.sex, head.born, relation, MARRIED, DECEASED))
        if chance() < 0.006 and self._today - head.born < 65 * YEAR:
            born = head.born - int((20 + 10 * chance()) * YEAR)
            former.append(self._one_former(niks, kecamatan, FEMALE, born, PARENT, WIDOWED, DECEASED))
        if chance() < 0.03:
            born = self._today - int((20 + 14 * chance()) * YEAR)
            sex = MALE if chance() < 0.5 else FEMALE
            left = self._one_former(niks, kecamatan, sex, born, OTHER_RELATIVE, MARRIED, MOVED_OUT)
            former.append(left._replace(elsewhere=self._places.elsewhere()))
        if chance() < 0.0015:
            former.append(self._one_former(niks, kecamatan, head.sex, head.born, OTHER, SINGLE, DEACTIVATED))
        return former

    def _one_former(self, niks, kecamatan, sex, born, relation, marital, status):
        chance = self._chance
        region, place = self._places.local(kecamatan)
        status_on = self._today - 2 - int(1500 * chance() * chance())
        return Person(
            niks.new(region, sex, born),
            self._names.person(sex, born),
            sex,
            place,
            born,
            relation,
            marital,
            "",
            born,
            1,
            status,
            status_on,
        )
