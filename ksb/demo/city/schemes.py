"""What dishonest or careless hospitals do, one function a scheme, each on a ``fraud.Plot``.

Single claims first, as many of each as ``EACH``; then hospitals whose figures bend.
"""

from ksb.demo.city.anomalies import RULES as ANOMALIES
from ksb.demo.city.anomalies import Anomalies
from ksb.demo.city.eklaim import COSTS
from ksb.demo.city.fraud import LOAD, case_of

EACH = 5
BENT_SHARE = 0.75
MILLION = 1_000_000
HIGH_COST = 55 * MILLION
EXPIRED_DAYS = 220


def plant(plot, visits):
    """All schemes. ``visits`` are the claims the ordinary city has already: they fill beds too."""
    plot.forget(visits)
    loads = {code: _load(plot, code, place) for place, code in enumerate(plot.hospitals)}
    for scheme in SINGLE:
        for n in range(EACH):
            here, there = (plot.hospitals[(n * 2 + step) % len(plot.hospitals)] for step in (0, 1))
            scheme(plot, here, there)
    _anomalies(plot)
    for place, scheme in enumerate(HOSPITALS):
        scheme(plot, plot.hospitals[place], loads[plot.hospitals[place]])
    _referrals(plot, loads)
    _beds(plot, visits)
    plot.planted(["FRD-12"], hospital=plot.hospitals[-1])


def _load(plot, hospital, place):
    """The ordinary visits of one hospital; that of the weekends has most of them on weekends."""
    weekends = place == HOSPITALS.index(_weekends)
    return [plot.ordinary(hospital, n % 2 == 0, weekend=weekends and plot.chance() < BENT_SHARE) for n in range(LOAD)]


# Single claims: (plot, this hospital, another one)


def _two_stays(plot, here, there):
    first = plot.day()
    member = plot.member(case_of("A01.0", inpatient=True))
    one = plot.visit(member, case_of("A01.0", inpatient=True), here, first, days=5)
    two = plot.visit(member, case_of("N39.0", inpatient=True), there, first + 2, days=4)
    plot.planted(["DUP-02"], one, two)


def _visit_in_stay(plot, here, there):
    first, stay = plot.day(), case_of("A01.0", inpatient=True)
    member = plot.member(stay)
    plot.visit(member, stay, here, first, days=5)
    plot.planted(["DUP-03"], plot.visit(member, case_of("M54.5"), here, first + 2))


def _two_visits_a_day(plot, here, there):
    day, member = plot.day(), plot.member(case_of("H25.9"))
    one, two = plot.visit(member, case_of("K21.9"), here, day), plot.visit(member, case_of("H25.9"), here, day)
    plot.planted(["DUP-04"], one, two)


def _readmission(plot, here, there):
    first, case = plot.first + int(plot.chance() * 10), case_of("N39.0", inpatient=True)
    member = plot.member(case)
    plot.visit(member, case, here, first, days=4)
    plot.planted(["DUP-05"], plot.visit(member, case, here, first + 13, days=3))


def _split(plot, here, there):
    first, case = plot.first + int(plot.chance() * 10), case_of("K30", inpatient=True)
    member = plot.member(case_of("N39.0", inpatient=True))
    plot.visit(member, case_of("N39.0", inpatient=True), here, first, days=3)
    plot.planted(["DUP-06"], plot.visit(member, case, here, first + 3, days=3))


def _nearly_the_same(plot, here, there):
    day, member = plot.day(), plot.member(case_of("H40.9"))
    one = plot.visit(member, case_of("K21.9"), here, day)
    plot.planted(["DUP-09"], one, plot.visit(member, case_of("R42"), here, day + 1))


def _appendix_again(plot, here, there):
    first, case = plot.first + int(plot.chance() * 5), case_of("K35.8", inpatient=True)
    member = plot.member(case)
    plot.visit(member, case, here, first)
    plot.planted(["CLN-09"], plot.visit(member, case, there, first + 20))


def _birth_again(plot, here, there):
    first, case = plot.first + int(plot.chance() * 5), case_of("O80.9", inpatient=True)
    member = plot.member(case)
    plot.visit(member, case, here, first)
    plot.planted(["CLN-12"], plot.visit(member, case, there, first + 35))


def _two_dialyses(plot, here, there):
    day, case = plot.day(), case_of("N18.5")
    member = plot.member(case)
    plot.planted(["CLN-11", "FRD-07"], plot.visit(member, case, here, day), plot.visit(member, case, there, day))


def _two_places(plot, here, there):
    day, member = plot.day(), plot.member(case_of("H40.9"))
    one, two = plot.visit(member, case_of("K21.9"), here, day), plot.visit(member, case_of("H40.9"), there, day)
    plot.planted(["FRD-07"], one, two)


def _shopping(plot, here, there):
    day, case = plot.first + int(plot.chance() * 10), case_of("M54.5")
    member = plot.member(case)
    places = (here, there, here, there)
    plot.planted(["FRD-08"], *(plot.visit(member, case, place, day + 6 * n) for n, place in enumerate(places)))


def _newcomer(plot, here, there):
    case = case_of("K21.9")
    member = plot.member(case, "newcomers")
    visit = plot.visit(member, case, here, max(member.person.since + 5, plot.first + 3))
    plot.change(visit, lambda row, visit: _set_special(row, HIGH_COST))
    plot.planted(["FRD-09", "ELG-05", "TRF-03"], visit)


def _dead(plot, here, there):
    plot.planted(["ELG-04"], plot.visit(plot.member(kind="deceased"), case_of("H10.9"), here, plot.day()))


def _insured(plot, here, there):
    plot.planted(["ELG-02"], plot.visit(plot.member(kind="insured"), case_of("H10.9"), here, plot.day()))


def _paid(plot, source, rule, here):
    day, case = plot.day(), case_of("A01.0", inpatient=True)
    visit = plot.visit(plot.member(case), case, here, day, days=4)
    iso, n = plot.calendar.iso, len(plot.paid)
    plot.paid.append(f"0224R002{n:011d},{visit.nik},{iso[day + 1]},{iso[day + 3]},{2 * MILLION + n},{source}\n")
    plot.planted([rule], visit)


def _sep(plot, here, there):
    _paid(plot, "SEP", "ELG-03", here)


def _province(plot, here, there):
    _paid(plot, "PROVINCE", "DUP-08", here)


def _hours(plot, here, there):
    case = case_of("A01.0", inpatient=True)
    visit = plot.visit(plot.member(case), case, here, plot.day(), days=1)
    plot.came(visit, times=("09:00", "12:30"))
    plot.planted(["CLN-04"], visit)


def _expired(plot, here, there):
    case = case_of("K21.9")
    visit = plot.visit(plot.member(case), case, here, plot.end - EXPIRED_DAYS)
    plot.late(visit)
    plot.planted(["ADM-06", "ADM-07"], visit)


def _of_rows(rules, diagnosis, change, *, inpatient=False):
    """A scheme of one visit whose row is changed."""

    def scheme(plot, here, there):
        case = case_of(diagnosis, inpatient=inpatient)
        visit = plot.visit(plot.member(case), case, here, plot.day())
        plot.change(visit, lambda row, visit: change(row))
        plot.planted(rules, visit)

    return scheme


def _set_special(row, amount):
    row["SP"], row["DESKRIPSI_SP"], row["TARIF_SP"] = "YY01", "PROSEDUR KHUSUS", amount
    row["TOTAL_TARIF"] += amount


def _unbundle(row):
    row["DESKRIPSI_SP"], row["TARIF_SP"] = "JASA KONSULTASI", 150_000
    row["TOTAL_TARIF"] += 150_000


def _third_of_tariff(row):
    _set_bill(row, row["TOTAL_TARIF"] * 3 // 10)


def _patient_pays(row):
    row["C2"] = row["C2"].replace('"nilai":0', '"nilai":350000')


def _lose_a_digit(row):
    row["NOKARTU"] = row["NOKARTU"][:15]


def _child_disease(row):
    row["DIAGLIST"] += ";P59.9"


def _die(row):
    row["DISCHARGE_STATUS"] = 4


def _no_indication(row):
    row["DIAGLIST"] = "O82.9;Z37.0"


def _turn_days(row):
    row["ADMISSION_DATE"], row["DISCHARGE_DATE"] = row["DISCHARGE_DATE"], row["ADMISSION_DATE"]


def _no_group(row):
    row["INACBG"] = ""


def _set_bill(row, amount):
    """The hospital's bill becomes ``amount``, in the same proportions."""
    before = row["TARIF_RS"]
    for column in COSTS:
        row[column] = row[column] * amount // before
    largest = max(COSTS, key=lambda column: row[column])
    row[largest] += amount - sum(row[column] for column in COSTS)
    row["TARIF_RS"] = amount


SINGLE = (
    *(_two_stays, _visit_in_stay, _two_visits_a_day, _readmission, _split, _nearly_the_same),
    *(_appendix_again, _birth_again, _two_dialyses, _two_places, _shopping),
    *(_newcomer, _dead, _insured, _sep, _province, _hours, _expired),
    _of_rows(["TRF-03"], "K21.9", _third_of_tariff),
    _of_rows(["TRF-08"], "K21.9", _unbundle),
    _of_rows(["TRF-09"], "K21.9", _patient_pays),
    _of_rows(["ADM-10"], "K21.9", _lose_a_digit),
    _of_rows(["CLN-03"], "M54.5", _child_disease),
    _of_rows(["ADM-11"], "A01.0", _die, inpatient=True),
    _of_rows(["CLN-08"], "O82.9", _no_indication, inpatient=True),
    _of_rows(["ADM-12"], "A01.0", _turn_days, inpatient=True),
    _of_rows(["ADM-01"], "K21.9", _no_group),
)


def _anomalies(plot):
    """The kinds every city has a few of, ``EACH`` times."""
    spoiler = Anomalies(plot.rows, plot.calendar, plot.reference)
    for visit in list(plot.visits.values())[::LOAD]:
        spoiler.remember(visit)
    for kind, rule in ANOMALIES.items():
        for n in range(EACH):
            here = plot.hospitals[n]
            case = case_of("A01.0", inpatient=True) if kind == "wrong_class" else case_of("K21.9")
            day = plot.day() + 10
            visit = plot.visit(plot.member(case), case, here, day, letter_on=day - 2)
            plot.change(visit, _spoiling(spoiler, kind))
            plot.planted([rule], visit)


def _spoiling(spoiler, kind):
    return lambda row, visit: spoiler.spoil(kind, row, visit)


# Hospitals: (plot, code, its ordinary visits)


def _bend(plot, visits, change):
    bent = [visit for visit in visits if plot.chance() < BENT_SHARE]
    for visit in bent:
        plot.change(visit, change)
    return bent


def _upcode(plot, hospital, visits):
    place = plot.reference.hospitals[hospital]

    def graver(row, visit):
        row["INACBG"] = visit.case.group_code(1 + int(visit.nik[-1]) % 2)
        tariff = plot.reference.price(row["INACBG"], place).classes[3]
        _set_bill(row, row["TARIF_RS"] * tariff // row["TOTAL_TARIF"])
        row["TARIF_INACBG"] = row["TOTAL_TARIF"] = tariff

    _bend(plot, [visit for visit in visits if visit.case.inpatient], graver)
    plot.planted(["FRD-01"], hospital=hospital)


def _phantoms(plot, hospital, visits):
    nobody = visits[:10]
    for visit in nobody:
        plot.came(visit, arrived=False)
        plot.planted(["ADM-02"], visit)
    plot.planted(["FRD-02"], hospital=hospital)


def _clones(plot, hospital, visits):
    case, first = case_of("A01.0", inpatient=True), plot.day()

    def alike(row, visit):
        row["DIAGLIST"], row["INACBG"] = "A01.0;K29.7", case.group_code(0)
        tariff = plot.reference.price(row["INACBG"], plot.reference.hospitals[hospital]).classes[3]
        row["TARIF_INACBG"] = row["TOTAL_TARIF"] = tariff
        _set_bill(row, tariff)

    clones = [plot.visit(plot.member(case), case, hospital, first + n, days=4) for n in range(8)]
    for visit in clones:
        plot.change(visit, alike)
    plot.planted(["FRD-03"], *clones)


def _drugs(plot, hospital, visits):
    def inflate(row, visit):
        for column in COSTS:
            if column != "OBAT":
                taken = row[column] // 2
                row[column] -= taken
                row["OBAT"] += taken

    _bend(plot, visits, inflate)
    plot.planted(["FRD-04"], hospital=hospital)


def _round_bills(plot, hospital, visits):
    """Of visits alone: stays with one round bill would be taken for copies of each other."""
    clinic = [visit for visit in visits if not visit.case.inpatient]
    _bend(plot, clinic, lambda row, visit: _set_bill(row, (row["TARIF_RS"] // 100_000 + 1) * 100_000))
    plot.planted(["FRD-11"], hospital=hospital)


def _weekends(plot, hospital, visits):
    plot.planted(["FRD-11"], hospital=hospital)


def _invented_bills(plot, hospital, visits):
    """Whoever invents amounts likes large first digits."""

    def invent(row, visit):
        tail = row["TARIF_RS"] % 10 ** (len(str(row["TARIF_RS"])) - 1)
        _set_bill(row, int(f"{7 + int(visit.nik[-1]) % 3}{tail:0{len(str(row['TARIF_RS'])) - 1}d}"))

    _bend(plot, visits, invent)
    plot.planted(["FRD-11"], hospital=hospital)


def _broker(plot, hospital, visits):
    """Two rings of three families each come with one telephone; two other families share one and go their own ways."""
    for _ in range(2):
        families = {}
        while len(families) < 3:
            member = plot.member(case_of("K21.9"))
            families.setdefault(member.kk, member)
        ring = [plot.visit(member, case_of("K21.9"), hospital, plot.day()) for member in families.values()]
        plot.phones.append(list(families))
        plot.planted(["FRD-10"], *ring)
    apart = [plot.member(case_of("K21.9")) for _ in range(2)]
    plot.phones.append([member.kk for member in apart])
    for member, place in zip(apart, plot.hospitals, strict=False):
        plot.visit(member, case_of("K21.9"), place, plot.day())


HOSPITALS = (_upcode, _phantoms, _clones, _drugs, _round_bills, _weekends, _invented_bills, _broker)
SENDER, RECEIVER, OTHERS = 8, 9, (10, 11)
HIDDEN_BEDS = 10


def _referrals(plot, loads):
    """One hospital sends nearly everybody to one other; two send to several."""
    codes = plot.hospitals
    for n, visit in enumerate([*loads[codes[RECEIVER]][:14], *loads[codes[0]][:1]]):
        plot.came(visit, issuer=codes[SENDER])
        if not n:
            plot.planted(["FRD-05"], hospital=codes[SENDER])
    for place in OTHERS:
        for other in range(2, 6):
            for visit in loads[codes[other]][place * 4 : place * 4 + 4]:
                plot.came(visit, issuer=codes[place])


def _beds(plot, visits):
    """Every hospital reports its patients and two more; one reports empty beds of class III."""
    taken = {}
    for visit in (*visits, *plot.visits.values()):
        if visit.case.inpatient and visit.hospital in plot.hospitals:
            for day in range(visit.admitted, max(visit.admitted + 1, visit.discharged)):
                taken[visit.hospital, day] = taken.get((visit.hospital, day), 0) + 1
    for hospital in plot.hospitals:
        hides = hospital == plot.hospitals[HIDDEN_BEDS]
        for day in range(plot.first, plot.end):
            plot.beds.append((hospital, day, 0 if hides else taken.get((hospital, day), 0) + 2))
    plot.planted(["FRD-06"], hospital=plot.hospitals[HIDDEN_BEDS])
