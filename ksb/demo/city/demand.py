"""Who is referred to a hospital: two past months and the running one, in the order in which letters are issued.

Almost all patients are covered beyond doubt, so that the real service, fed in file order on an empty database, gives each the
number written here. A handful must be refused and carry the rule (domain.md C01 to C34) instead of a number.
"""

from collections import Counter, defaultdict
from typing import NamedTuple

from ksb.demo.city.cases import EMERGENCY, HAEMODIALYSIS, Case, CaseMix
from ksb.demo.city.files import TextFile
from ksb.demo.city.jkn import IN_FORCE, PBI_APBN, RECENT_DAYS
from ksb.demo.city.members import AKTIF, SUSPENDED
from ksb.demo.city.people import ACTIVE, DECEASED, KTP_AGE, MOVED_OUT, SINGLE
from ksb.demo.city.reference import MAIN_HOSPITAL
from ksb.demo.city.rota import Rota

HEADER = (
    "NIK,PUSKESMAS,REQUESTED_AT,ICD10,REASON,SPECIALTY,SERVICE,HOSPITAL,PASS_OVER,"
    "ADMITTED,DISCHARGED,DISCHARGE_STATUS,NO_SJP,EXPECT"
)
PAST_MONTHS = 2
MONTHLY_RATE = 0.006  # letters per resident
ELIGIBLE_SHARE = 0.365  # of residents; measured on cities of this generator
MEAN_NEED = 92.0  # of the eligible, in weights of the case mix
SETTLED_DAYS = 400  # registered in the city at least that long: no question of the waiting period
ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
REASONS = ("EQUIPMENT", "STAFF", "COMPETENCE", "COMPETENCE", "FACILITY", "CONTROL")
REFUSALS = ("C12", "C07", "C10", "C14", "C08", "C03", "C09", "C05", "C13")
REFUSED_EACH = 3
NO_SHOW = 0.03
APART = 2  # days between two episodes of one person
DISCHARGE_STATUSES = (1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 3, 3, 2, 5)


class Visit(NamedTuple):
    """One request for a letter; days are ordinals, 0 where it did not come to it; it has a ``number`` or an ``expect``."""

    day: int
    puskesmas: str
    minute: int
    nik: str
    name: str
    sex: int
    born: int
    case: Case
    reason: str
    hospital: str
    pass_over: str
    admitted: int
    discharged: int
    status: int
    expect: str = ""
    number: str = ""


class Patient:
    """A person who falls ill: what for, and when, so that no two visits meet."""

    __slots__ = ("had", "kecamatan", "person", "spans")

    def __init__(self, person, kecamatan):
        self.person = person
        self.kecamatan = kecamatan
        self.had = set()
        self.spans = []

    def is_free(self, start, end):
        """Whether nothing else happens within two days of the span."""
        return all(end + APART < other or start > last + APART for other, last in self.spans)


class Demand:
    """Draws visits with ``chance`` while the families pass by; ``finish`` numbers and writes them."""

    def __init__(self, chance, calendar, reference, families, residents, claims):
        self._chance = chance
        self._calendar = calendar
        self._reference = reference
        self._mix = CaseMix()
        self.first = calendar.month(-PAST_MONTHS)
        self.this_month = calendar.month(0)
        months = PAST_MONTHS + (calendar.today - self.this_month + 1) / 30.4
        self._rate = MONTHLY_RATE * months / ELIGIBLE_SHARE / MEAN_NEED
        self._claims = claims
        self._forced_rate = 1.1 * claims / (residents * ELIGIBLE_SHARE) / MEAN_NEED
        self._refusals = Rota(REFUSALS, families // (len(REFUSALS) * (REFUSED_EACH + families // 100_000)))
        self._nearest = {}
        self._visits = []
        self._patients = []
        self.counts = Counter()

    def consider(self, household, covers, membership):
        """A family nothing odd happens to: its people may need a hospital."""
        for rule in self._refusals.tick():
            person = self._refusable(rule, household, covers, membership)
            if person:
                self._refusals.done(rule)
                self._refuse(rule, person, household.kecamatan)
                return
        if not (membership and membership.status == AKTIF and membership.plain and membership.since < self.first):
            return
        for person, cover in zip(household.people, covers, strict=True):
            if self._beyond_doubt(person, cover):
                self.counts["eligible"] += 1
                self._fall_ill(person, household.kecamatan)

    def finish(self, out):
        """Writes one file a month. Returns the visits with numbers, in file order, and the files."""
        self._top_up()
        self._visits.sort(key=lambda v: (v.day, v.puskesmas, v.minute, v.nik))
        months = [self._calendar.month(m) for m in range(-PAST_MONTHS, 1)]
        names = {self._calendar.stamp(m): out / f"demand-{self._calendar.stamp(m)}.csv" for m in months}
        files = {stamp: TextFile(path, HEADER) for stamp, path in names.items()}
        numbered, last = [], Counter()
        for visit in self._visits:
            if not visit.expect:
                visit = visit._replace(number=self._number(visit, last))
                numbered.append(visit)
            files[self._calendar.stamp(visit.day)].add((demand_line(visit, self._calendar),))
            self._count(visit)
        for file in files.values():
            file.__exit__()
        return numbered, list(files.values())

    def is_claimable(self, visit):
        """Discharged in one of the past months: in that month's e-Klaim file."""
        return bool(visit.discharged) and visit.discharged < self.this_month

    # who

    def _beyond_doubt(self, person, cover):
        if person.status != ACTIVE or person.since > self._calendar.today - SETTLED_DAYS:
            return False
        if cover and (cover.odd or cover.status == IN_FORCE or not 0 < cover.tat <= self._calendar.today - RECENT_DAYS):
            return False
        return bool(person.ektp) or (self._age(person) < KTP_AGE - 1 and person.marital == SINGLE)

    def _refusable(self, rule, household, covers, membership):
        """Somebody of the family for whom ``rule`` is the first reason to refuse, or None."""
        member = membership and membership.plain and membership.since < self.first
        enrolled = member and membership.status == AKTIF
        long_ago = self._calendar.today - SETTLED_DAYS
        people = [
            (p, c)
            for p, c in zip(household.people, covers, strict=True)
            if self._age(p) >= 18 and not (c and c.odd) and (p.ektp or rule == "C10")
        ]
        settled = [(p, c) for p, c in people if p.status == ACTIVE and p.since < long_ago]
        free = [p for p, c in settled if c is None]
        if rule == "C03":
            found = [p for p, _ in people if p.status == DECEASED and p.status_on < self.first] if enrolled else []
        elif rule == "C05":
            found = [p for p, _ in people if p.status == MOVED_OUT and p.status_on < self.first] if enrolled else []
        elif rule == "C07":
            found = [p for p, c in people if p.status == ACTIVE and c is None and p.since > self._calendar.month(-4)]
        elif rule == "C08":
            found = free if membership is None else []
        elif rule == "C09":
            found = free if member and membership.status == SUSPENDED else []
        elif rule == "C10":
            found = [p for p in free if not p.ektp] if enrolled else []
        elif rule == "C14":
            found = [p for p, c in settled if c and not c.pbi and self._in_force(c)] if enrolled else []
        else:
            found = (
                [p for p, c in settled if c and c.pbi and (c.segment == PBI_APBN) == (rule == "C12")]
                if enrolled
                else []
            )
        return found[0] if found else None

    def _in_force(self, cover):
        return cover.status == IN_FORCE and cover.tmt <= self._calendar.today - RECENT_DAYS

    # what

    def _fall_ill(self, person, kecamatan):
        need = self._mix.need(person.sex, self._age(person))
        visits = int(need * self._rate + self._chance())
        forced = int(need * self._forced_rate + self._chance()) if self._claims else 0
        if not visits + forced:
            return
        patient = Patient(person, kecamatan)
        for number in range(visits + forced):
            visit = self._next_visit(patient, forced=number >= visits)
            if visit:
                self._visits.append(visit)
        if forced:
            self._patients.append(patient)

    def _refuse(self, rule, person, kecamatan):
        patient = Patient(person, kecamatan)
        # an emergency is treated first, whatever is missing
        case = next(case for case in iter(lambda: self._case(patient), None) if not case.urgent)
        day = self._day(case)
        if rule in ("C12", "C13"):
            # the PBI list of the month tells of this month only
            day = self._calendar.last_open(self._calendar.today)
            if day < self.this_month:
                return
        elif rule == "C07":
            day = max(day, self._calendar.next_open(person.since))
            day = min(day, self._calendar.today)
        visit = self._visit(patient, case, day)
        self._visits.append(visit._replace(admitted=0, discharged=0, status=0, expect=rule))

    def _next_visit(self, patient, forced):
        """A visit that meets no other of the patient, or None when none was found."""
        case = self._case(patient)
        for _ in range(6 if case else 0):
            visit = self._visit(patient, case, self._day(case, forced), forced)
            end = visit.discharged or visit.admitted or visit.day
            if patient.is_free(visit.day, end):
                patient.spans.append((visit.day, end))
                return visit
        return None

    def _case(self, patient):
        """A case the patient has not had yet (one unused letter a specialty and service), or None."""
        person = patient.person
        for _ in range(12):
            case = self._mix.pick(person.sex, self._age(person), self._chance())
            if (case.specialty, case.service) not in patient.had:
                patient.had.add((case.specialty, case.service))
                return case
        return None

    def _visit(self, patient, case, day, forced=False):
        chance, person = self._chance, patient.person
        hospital, pass_over = (MAIN_HOSPITAL, "") if forced else self._route(case, patient.kecamatan)
        admitted, discharged, status = self._stay(case, day, forced)
        choice = self._reference.puskesmas[patient.kecamatan]
        return Visit(
            day=day,
            puskesmas=choice[int(chance() * len(choice))],
            minute=450 + int(chance() * (720 if case.urgent else 380)),
            nik=person.nik,
            name=person.name,
            sex=person.sex,
            born=person.born,
            case=case,
            reason="EMERGENCY" if case.urgent else REASONS[int(chance() * len(REASONS))],
            hospital=hospital,
            pass_over=pass_over,
            admitted=admitted,
            discharged=discharged,
            status=status,
        )

    def _day(self, case, forced=False):
        """A day of the period; the forced ones early in the last past month, so that they end within it."""
        if forced:
            day = self._calendar.month(-1) + int(self._chance() * 14)
        else:
            day = self.first + int(self._chance() * (self._calendar.today - self.first + 1))
        if case.urgent:
            return day
        day = self._calendar.next_open(day)
        return day if day <= self._calendar.today else self._calendar.last_open(self._calendar.today)

    def _stay(self, case, day, forced):
        """``(admitted, discharged, discharge status)``, zero where it lies ahead or the patient never came."""
        chance, today = self._chance, self._calendar.today
        came = chance() >= NO_SHOW or forced
        if case.urgent:
            admitted = day
        elif case.inpatient or case.service == HAEMODIALYSIS:
            admitted = day + int(chance() * 2)
        else:
            admitted = self._calendar.next_open(day + int(chance() * 8))
        shortest, longest = case.stay
        discharged = admitted + shortest - 1 + int(chance() * (longest - shortest + 1))
        status = DISCHARGE_STATUSES[int(chance() * len(DISCHARGE_STATUSES))] if case.inpatient else 1
        if not came or admitted > today:
            return 0, 0, 0
        return (admitted, discharged, status) if discharged <= today else (admitted, 0, 0)

    def _route(self, case, kecamatan):
        """RSUD first: the main one, a small one nearby; else one of the nearest private hospitals, with the reason."""
        if (kecamatan, case.specialty) not in self._nearest:
            public = [
                h.code for h in self._reference.nearest(kecamatan, case.specialty, True) if h.code != MAIN_HOSPITAL
            ]
            private = [h.code for h in self._reference.nearest(kecamatan, case.specialty, False)]
            self._nearest[kecamatan, case.specialty] = public[:1], private[:6]
        public, private = self._nearest[kecamatan, case.specialty]
        draw = self._chance()
        if draw < 0.42 or not private:
            return MAIN_HOSPITAL, ""
        if draw < 0.6 and public:
            return public[0], ""
        reason = "RSUD_TOO_FAR" if case.service == EMERGENCY else "RSUD_FULL"
        return private[int(self._chance() * len(private))], reason

    def _top_up(self):
        """Adds visits of patients there already are until the claims asked for are reached."""
        last_month = self._calendar.month(-1)
        claims = (v for v in self._visits if v.hospital == MAIN_HOSPITAL and self.is_claimable(v))
        missing = self._claims - sum(v.discharged >= last_month for v in claims)
        patients = iter(self._patients * 8)
        while missing > 0:
            patient = next(patients, None)
            if patient is None:
                raise ValueError(f"{self._claims} claims need a larger city: {missing} are missing.")
            visit = self._next_visit(patient, forced=True)
            if visit:
                self._visits.append(visit)
                missing -= self.is_claimable(visit)

    # numbers

    def _number(self, visit, last):
        year, month = self._calendar.iso[visit.day][:4], int(self._calendar.iso[visit.day][5:7])
        last[visit.puskesmas, year] += 1
        return f"{last[visit.puskesmas, year]:06d}/SJP/{visit.puskesmas}/{ROMAN[month - 1]}/{year}"

    def _count(self, visit):
        self.counts["rows"] += 1
        if visit.expect:
            self.counts[f"refused_{visit.expect}"] += 1
            return
        self.counts["letters"] += 1
        self.counts[visit.case.service.lower()] += 1
        self.counts["used"] += bool(visit.admitted)
        self.counts["discharged"] += bool(visit.discharged)

    def _age(self, person):
        return self._calendar.age(person.born, self._calendar.today)


def demand_line(visit, calendar, times=None):
    """The visit as a line of its file. ``times`` (HH:MM) are those of admission and discharge where hours matter."""
    iso, case = calendar.iso, visit.case
    at = f"{iso[visit.day]}T{visit.minute // 60:02d}:{visit.minute % 60:02d}:00+07:00"
    admitted, discharged = (iso[day] if day else "" for day in (visit.admitted, visit.discharged))
    if times:
        admitted, discharged = f"{admitted}T{times[0]}:00+07:00", f"{discharged}T{times[1]}:00+07:00"
    return (
        f"{visit.nik},{visit.puskesmas},{at},{case.diagnosis},{visit.reason},{case.specialty},{case.service},"
        f"{visit.hospital},{visit.pass_over},{admitted},{discharged},{visit.status or ''},{visit.number},{visit.expect}\n"
    )


def by_hospital_and_month(visits, calendar):
    """Claimable visits grouped: ``{(hospital, YYYYMM of discharge): [visits]}``."""
    groups = defaultdict(list)
    for visit in visits:
        groups[visit.hospital, calendar.stamp(visit.discharged)].append(visit)
    return groups
