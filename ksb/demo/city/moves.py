"""The night between the two snapshots: births, deaths, moves, split and merged families, corrections.

Every event is a change of lines of the first snapshot, by line number: replaced, removed, added behind a line, or a new family.
About 0.3 % of the lines change, many times more than in a real night, so that each kind occurs in a small city too.
"""

from collections import Counter

from ksb.demo.city.people import (
    ACTIVE,
    CHILD,
    CHILD_IN_LAW,
    DEACTIVATED,
    DECEASED,
    FEMALE,
    GRANDCHILD,
    HEAD,
    HUSBAND,
    KTP_AGE,
    MALE,
    MARRIED,
    MOVED_OUT,
    OTHER_RELATIVE,
    PARENT,
    SINGLE,
    WIDOWED,
    WIFE,
    YEAR,
    Household,
    Person,
)
from ksb.demo.city.places import CITY, PROVINCE

FREQUENT = ("EKTP_RECORDED", "CORRECTION", "BIRTH", "MOVE_IN", "MOVE_OUT", "DEATH", "MOVE_INTERNAL")
RARE = ("KK_SPLIT", "KK_MERGE", "HEAD_CHANGE", "DEACTIVATED", "NIK_CHANGE", "GONE")
KINDS = (*FREQUENT, *RARE, *FREQUENT, "KK_SPLIT", *FREQUENT, "EKTP_RECORDED", "CORRECTION", "BIRTH", *FREQUENT)
CHANGED_SHARE = 0.003
LINES_AN_EVENT = 1.8
FULL_SPELLING = {"M. ": "MUHAMMAD ", "MOCHAMAD": "MUHAMAD", "ACHMAD": "AHMAD", "DJ": "J", "SY": "SJ"}


class Night:
    """Collects the changes of one night. ``replaced[line]`` is the new text ('' = removed), ``behind[line]`` lines to add
    after it, ``families`` ``(kk, lines)`` of new cards; ``counts`` events by kind, ``log`` who it happened to."""

    def __init__(self, chance, calendar, niks, places, family_maker, lines):
        self._chance = chance
        self._today = calendar.today
        self._niks = niks
        self._places = places
        self._maker = family_maker
        self._lines = lines
        self._code = calendar.code[MALE][calendar.today]
        self._serials = Counter()
        self._alone = None
        self.replaced, self.behind, self.families = {}, {}, []
        self.counts, self.log = Counter(), []

    def happens(self, kind, household, first):
        """Lets ``kind`` happen to ``household``, whose lines start at ``first``. False when it does not suit."""
        niks = getattr(self, "_" + kind.lower())(household, first)
        if niks:
            self.counts[kind] += 1
            self.log.append({"event": kind, "kk": household.kk, "niks": niks})
        return bool(niks)

    def keeps(self, household, first):
        """Puts somebody living alone aside, to be merged into the next suitable family. True when taken."""
        if self._alone or len(household.people) != 1:
            return False
        self._alone = household, first
        return True

    # events, each returning the NIKs concerned, or nothing

    def _birth(self, household, first):
        mother = self._find(household, lambda p: p.sex == FEMALE and p.relation in (HEAD, WIFE), 20, 41)
        born = self._today - 1 - int(25 * self._chance())
        if not mother or mother.marital == SINGLE or any(p.born > born - 300 for p in household.people):
            return None
        babies = []
        for _ in range(2 if self._chance() < 0.12 else 1):
            sex = MALE if self._chance() < 0.51 else FEMALE
            region = f"{PROVINCE}{CITY}{household.kecamatan}"
            name = self._maker.name(sex, born)
            nik = self._niks.new(region, sex, born)
            babies.append(Person(nik, name, sex, "BEKASI", born, CHILD, SINGLE, mother.nik, born, 0))
        self._add(household, first, babies)
        return [baby.nik for baby in babies]

    def _death(self, household, first):
        at = min(range(len(household.people)), key=lambda i: household.people[i].born)
        person = household.people[at]
        if person.status != ACTIVE or (person.relation == HEAD and len(household.people) > 1):
            return None
        self._put(household, first, at, person._replace(status=DECEASED, status_on=self._recently()))
        return [person.nik]

    def _head_change(self, household, first):
        head, *others = household.people
        if not others or others[0].relation != WIFE or self._age(head) < 45:
            return None
        self._put(household, first, 0, head._replace(status=DECEASED, status_on=self._recently()))
        self._put(household, first, 1, others[0]._replace(relation=HEAD, marital=WIDOWED))
        return [head.nik, others[0].nik]

    def _move_out(self, household, first):
        new_home, day = self._places.elsewhere(), self._recently()
        if len(household.people) <= 4 and self._chance() < 0.3:
            leaving = list(enumerate(household.people))
        else:
            leaving = [(i, p) for i, p in enumerate(household.people) if p.relation in (CHILD, OTHER_RELATIVE)]
            leaving = [(i, p) for i, p in leaving if self._age(p) >= 19 and p.marital == SINGLE][:1]
        if not leaving or any(p.status != ACTIVE for _, p in leaving):
            return None
        for at, person in leaving:
            gone = person._replace(status=MOVED_OUT, status_on=day, elsewhere=new_home)
            self._put(household, first, at, gone)
        return [person.nik for _, person in leaving]

    def _move_in(self, household, first):
        if self._chance() < 0.4:
            sex = MALE if self._chance() < 0.5 else FEMALE
            born = self._today - int((18 + 20 * self._chance()) * YEAR)
            region, place = self._places.origin()
            nik, name = self._niks.new(region, sex, born), self._maker.name(sex, born)
            guest = Person(nik, name, sex, place, born, OTHER_RELATIVE, SINGLE, "", self._today, 1)
            self._add(household, first, [guest])
            return [guest.nik]
        kk = self._new_kk(household.kecamatan)
        size = 1 + int(4 * self._chance())
        family = self._maker.make(self._niks, kk, self._today, household.kecamatan, size)
        people = tuple(p._replace(since=self._today) for p in family.people if p.status == ACTIVE)
        self._new_family(family._replace(people=people))
        return [person.nik for person in people]

    def _move_internal(self, household, first):
        if len(household.people) > 5 or any(p.status != ACTIVE for p in household.people):
            return None
        moved = household._replace(home=self._places.home(household.kecamatan))
        if self._chance() < 0.5:
            for at, person in enumerate(household.people):
                self._put(moved, first, at, person)
        else:
            self._remove(first, range(len(household.people)))
            self._new_family(moved._replace(kk=self._new_kk(household.kecamatan)))
        return [person.nik for person in household.people]

    def _kk_split(self, household, first):
        child_at = next(
            (i for i, p in enumerate(household.people) if p.relation == CHILD and self._age(p) >= 21 and not p.status),
            None,
        )
        if child_at is None:
            return None
        head = household.people[child_at]
        leaving = [(child_at, head._replace(relation=HEAD))]
        if head.marital == MARRIED:
            spouse = WIFE if head.sex == MALE else HUSBAND
            for at, person in enumerate(household.people):
                if person.relation == CHILD_IN_LAW:
                    leaving.append((at, person._replace(relation=spouse)))
                elif person.relation == GRANDCHILD:
                    leaving.append((at, person._replace(relation=CHILD)))
        self._remove(first, [at for at, _ in leaving])
        people = tuple(person for _, person in leaving)
        self._new_family(
            Household(
                self._new_kk(household.kecamatan), self._today, household.kecamatan, household.home, people, False
            )
        )
        return [person.nik for person in people]

    def _kk_merge(self, household, first):
        if self._alone is None or len(household.people) < 3:
            return None
        single, line = self._alone
        self._alone = None
        person = single.people[0]
        elder = person.born < household.head.born - int(18 * YEAR)
        self._remove(line, [0])
        self._add(household, first, [person._replace(relation=PARENT if elder else OTHER_RELATIVE)])
        return [person.nik]

    def _correction(self, household, first):
        at = int(self._chance() * len(household.people))
        person, kind = household.people[at], self._chance()
        if kind < 0.4:
            corrected = person._replace(name=_respelled(person.name))
        elif kind < 0.7:
            # the NIK keeps the old day: it is never given out anew
            corrected = person._replace(born=person.born - 1)
        else:
            corrected = person._replace(birth_place="KAB. BEKASI")
        self._put(household, first, at, corrected)
        return [person.nik]

    def _ektp_recorded(self, household, first):
        adult = self._find(household, lambda p: p.ektp == 0 and p.status == ACTIVE, KTP_AGE, 110)
        if adult:
            self._put(household, first, household.people.index(adult), adult._replace(ektp=1))
        return [adult.nik] if adult else None

    def _deactivated(self, household, first):
        other = self._find(household, lambda p: p.relation == OTHER_RELATIVE and p.status == ACTIVE, 0, 110)
        if other:
            changed = other._replace(status=DEACTIVATED, status_on=self._today)
            self._put(household, first, household.people.index(other), changed)
        return [other.nik] if other else None

    def _nik_change(self, household, first):
        child = self._find(household, lambda p: p.relation == CHILD and p.status == ACTIVE, 0, 40)
        if not child:
            return None
        nik = self._niks.new(child.nik[:6], child.sex, child.born)
        self._put(household, first, household.people.index(child), child._replace(nik=nik))
        return [child.nik, nik]

    def _gone(self, household, first):
        other = self._find(household, lambda p: p.relation == OTHER_RELATIVE and p.status == ACTIVE, 0, 110)
        if other:
            self._remove(first, [household.people.index(other)])
        return [other.nik] if other else None

    # how lines change

    def _put(self, household, first, at, person):
        self.replaced[first + at] = self._lines.line(household.kk, household.home, person)

    def _remove(self, first, places):
        for at in places:
            self.replaced[first + at] = ""

    def _add(self, household, first, people):
        last = first + len(household.people) - 1
        self.behind[last] = [self._lines.line(household.kk, household.home, person) for person in people]

    def _new_family(self, household):
        self.families.append((household.kk, self._lines.lines(household)))

    def _new_kk(self, kecamatan):
        self._serials[kecamatan] += 1
        return f"{PROVINCE}{CITY}{kecamatan}{self._code}{self._serials[kecamatan]:04d}"

    # small questions

    def _age(self, person):
        return (self._today - person.born) / YEAR

    def _recently(self):
        return self._today - int(4 * self._chance())

    def _find(self, household, suits, youngest, oldest):
        return next((p for p in household.people if suits(p) and youngest <= self._age(p) <= oldest), None)


def _respelled(name):
    for short, full in FULL_SPELLING.items():
        if name.startswith(short):
            return full + name[len(short) :]
    return name.replace("Y", "I", 1) if "Y" in name else name + " R"
