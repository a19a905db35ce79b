"""Rules over what referrals, beds, sessions and earlier claims say: for each a row that is found and a row that passes.

Every case brings the rows of its own patient; the last one is judged. All of them go into one file a hospital.
"""

import datetime
from collections import defaultdict

import pytest
import time_machine
from django.db import transaction
from django.test import override_settings

from claims.models import GroupStatistic, PaidElsewhere
from facilities.enums import Service
from facilities.models import BedCount, BedReport, Diagnosis
from participants.models import FormerNik, Newborn
from referrals.models import (
    AmbulanceTrip,
    ControlLetter,
    EmergencyNotice,
    Episode,
    Proof,
    Resume,
    Series,
    Session,
    Sjp,
)
from tests import factories as f
from tests.claims import factories as c

DAY = c.DAY
STAY, DIALYSIS = Service.INPATIENT, Service.HAEMODIALYSIS
CASES = {}


def case(rule, *, hit, called=""):
    """Register a case: the function returns its rows, each ``(letter, cells)``; the last is judged."""

    def register(make):
        CASES[f"{rule} {'finds' if hit else 'passes'} {called or make.__name__.replace('_', ' ')}"] = (rule, hit, make)
        return make

    return register


def both(rule, hitting, passing):
    """Two cases of one builder with the arguments that make it hit and pass."""

    def register(make):
        for hit, values in ((True, hitting), (False, passing)):
            case(rule, hit=hit, called=f"{make.__name__.replace('_', ' ')} {values}")(
                lambda values=values: make(**values)
            )
        return make

    return register


def after(days):
    return DAY + datetime.timedelta(days=days)


def moment(day, hour=8):
    return datetime.datetime.combine(day, datetime.time(hour), tzinfo=f.NOW.tzinfo)


def visit(sjp, day=DAY, *, hour=8, hours=None, completed=True, **values):
    """The episode the hospital registered, left after ``hours`` (None: still in care)."""
    left = {}
    if hours is not None:
        left = {"state": "DISCHARGED", "discharged_at": moment(day, hour) + datetime.timedelta(hours=hours)}
        left |= {"discharged_by": f.system(), "discharge_status": 1}
        if completed:
            left |= {"state": "COMPLETE", "completed_at": f.NOW, "completed_by": f.system()}
    return Episode.objects.create(
        **{"sjp": sjp, "resident": sjp.resident, "hospital": sjp.hospital, "service": sjp.service},
        **{"identity_check": "KTP_SEEN", "admitted_at": moment(day, hour), "admitted_by": f.system()},
        **left | values,
    )


def notice(sjp, **values):
    """The emergency the letter rests on."""
    sjp.emergency, sjp.referral = True, None
    sjp.save()
    at = moment(sjp.valid_from)
    EmergencyNotice.objects.create(
        **{
            name: getattr(sjp, name)
            for name in ("resident", "hospital", "puskesmas", "specialty", "diagnosis", "service")
        },
        **{"number": f"LGD/{sjp.pk}", "state": "APPROVED", "criterion": "CONSCIOUSNESS", "sjp": sjp},
        **{"admitted_at": at, "deadline": at, "due": at, "admitted_by": f.system(), "reported_by": f.system()},
        **{"reported_at": at, **values},
    )


def proof(sjp, kind):
    Proof.objects.create(
        **{"sjp": sjp, "kind": kind, "number": "1", "dated": DAY, "media_type": "image/png", "pages": 1, "size": 1},
        **{"sha256": "0" * 64, "path": "x", "scan": "CLEAN", "uploaded_at": f.NOW, "uploaded_by": f.system()},
    )


def place(**values):
    """A hospital of its own, so that its beds, doctors and quota are nobody else's."""
    found = f.make_facility(**{"hospital_class": "C", "ownership": "PRIVATE", **values})
    f.make_contract(found)
    return found


# ADM


@both("ADM-05", {"completed": False}, {"completed": True})
def summary(completed):
    sjp = c.letter()
    visit(sjp, hours=1, completed=completed)
    return [(sjp, {})]


@both("ADM-11", {"known": False}, {"known": True})
def death(known):
    sjp = c.letter(f.make_resident(**({"status": 1, "status_on": DAY} if known else {})), service=STAY)
    return [(sjp, {"DISCHARGE_STATUS": "4"})]


@both("ADM-11", {"report": ""}, {"report": "LP/12/2026"})
def traffic_accident(report):
    sjp = c.letter(service=STAY)
    notice(sjp, cause="TRAFFIC_ACCIDENT", police_report=report, payer_letter="JR/1")
    return [(sjp, {})]


@both("ADM-15", {"late": True}, {"late": False})
def emergency_report(late):
    sjp = c.letter(service=STAY)
    notice(sjp, late=late, late_reason="Libur" if late else "")
    return [(sjp, {})]


# ELG


@both("ELG-03", {"source": "SEP"}, {"source": "JKN"})
@both("DUP-08", {"source": "SUBSIDY"}, {"source": "SEP"})
def paid_elsewhere(source):
    sjp = c.letter()
    PaidElsewhere.objects.create(
        **{"source": source, "number": f"{sjp.pk}", "resident": sjp.resident, "starts": DAY, "ends": DAY},
        **{"loaded_at": f.NOW, "loaded_by": f.system()},
    )
    return [(sjp, {})]


@case("ELG-03", hit=False)
def a_sep_of_other_days():
    sjp = c.letter()
    days = {"starts": after(-9), "ends": after(-1)}
    PaidElsewhere.objects.create(
        source="SEP", number=f"x{sjp.pk}", resident=sjp.resident, loaded_at=f.NOW, loaded_by=f.system(), **days
    )
    return [(sjp, {})]


@both("ELG-06", {"own": False}, {"own": True})
def family_card(own):
    sjp = c.letter()
    number = sjp.resident.household.kk_number if own else f.make_resident().household.kk_number
    return [(sjp, {"NOKARTU": number})]


def _child(born, **values):
    mother = f.make_resident(sex=2)
    child = Newborn.objects.create(
        **{"mother": mother, "mother_nik": mother.nik, "mother_name": mother.name, "birth_time": moment(born)},
        **{
            "born_on": born,
            "sex": 1,
            "weight": 3000,
            "place": "RS",
            "doctor_name": "dr. Bayi",
            "facility": c.hospital(),
        },
        **{"recorded_at": f.NOW, "recorded_by": f.system(), "puskesmas": f.puskesmas()},
    )
    sjp = c.letter(mother, service=Service.NEWBORN, newborn=child, **values)
    birth = {"BIRTH_DATE": f"{born:%d/%m/%Y}", "UMUR_HARI": str((DAY - born).days), "SEX": "1"}
    return mother, sjp, birth | {"NAMA_PASIEN": child.name, "DIAGLIST": "Z38.0"}


@both("ELG-07", {"days": 29}, {"days": 28})
def child_without_nik(days):
    _mother, sjp, cells = _child(after(-days))
    return [(sjp, cells)]


@both("ELG-08", {"claimed": False}, {"claimed": True})
def mothers_delivery(claimed):
    mother, sjp, cells = _child(DAY)
    delivery = [(c.letter(mother, service=STAY), {"days": 3, "DIAGLIST": "O80.0;Z37.0"})] if claimed else []
    return [*delivery, (sjp, cells)]


@both("ELG-11", {"kind": "OTHER"}, {"kind": "JKN_LETTER"})
def complement(kind):
    sjp = c.letter(complement="ASSAULT")
    proof(sjp, kind)
    return [(sjp, {})]


# REF, CTR


@both("REF-04", {"codes": "J00"}, {"codes": "J00;N18.5"})
def common_cold(codes):
    sjp = c.letter()
    sjp.referral.diagnosis = Diagnosis.objects.get(pk="J00")
    sjp.referral.save()
    return [(sjp, {"DIAGLIST": codes})]


@both("REF-05", {"reason": ""}, {"reason": "RSUD_CANNOT"})
def free_beds_at_the_rsud(reason):
    sjp = c.letter(service=STAY)
    at = {"reported_at": c.AT, "reported_by": f.system(), "capacity": 20, "occupied": 4}
    count = BedCount.objects.filter(facility=f.hospital(public=True), ward="CLASS_3").first()
    count = count or BedCount.objects.create(facility=f.hospital(public=True), ward="CLASS_3", **at)
    BedReport.objects.get_or_create(count=count, **at)
    sjp.referral.pass_over_reason = reason
    sjp.referral.save()
    return [(sjp, {})]


@both("REF-06", {"planned": 9}, {"planned": 20})
def control_visit(planned):
    """On the twentieth day; the letter asked the patient to come on day ``planned``."""
    sjp = c.letter()
    first, again = visit(sjp, hours=1), visit(sjp, after(20), hours=1)
    ControlLetter.objects.create(
        **{name: getattr(sjp, name) for name in ("resident", "hospital", "puskesmas", "specialty")},
        **{"sjp": sjp, "episode": first, "number": f"{sjp.pk}/SKDP", "state": "USED", "doctor_name": "dr. A"},
        **{"control_on": after(planned), "valid_until": after(89), "reason": "x", "visit": again},
        **{"issued_at": f.NOW, "issued_by": f.system()},
    )
    return [(sjp, {"admitted": after(20)})]


@case("REF-06", hit=True)
def a_control_visit_without_letter():
    sjp = c.letter()
    visit(sjp, hours=1)
    visit(sjp, after(10), hours=1)
    return [(sjp, {"admitted": after(10)})]


@both("CTR-03", {"doctor": "dr. Orang Lain, Sp.B"}, {"doctor": "DR. Budi Hartono"})
def roster(doctor):
    own = place()
    f.make_doctor(own, name="Dr. Budi Hartono, Sp.PD")
    return [(c.letter(to=own), {"DPJP": doctor})]


@both("CTR-04", {"quota": 1}, {"quota": 2})
def second_letter_of_the_month(quota):
    own = place()
    own.contracts.get().terms.update(quota_letters=quota)
    return [(c.letter(to=own), {}), (c.letter(to=own), {})]


@both("CTR-05", {"beds": 1}, {"beds": 2})
def two_stays_at_once(beds):
    own = place(beds=beds)
    return [(c.letter(to=own, service=STAY), {"days": 4}) for _ in range(2)]


# TRF


@both("TRF-04", {"held": 1}, {"held": 2})
def dialysis_twice(held):
    sjp = c.letter(service=DIALYSIS)
    series = Series.objects.create(
        **{"kind": "HAEMODIALYSIS", "resident": sjp.resident, "hospital": sjp.hospital, "puskesmas": sjp.puskesmas},
        **{
            "diagnosis": sjp.diagnosis,
            "doctor_name": "dr. A",
            "weekdays": [1],
            "started_at": f.NOW,
            "started_by": f.system(),
        },
    )
    Sjp.objects.filter(pk=sjp.pk).update(series=series)
    week = DAY - datetime.timedelta(days=DAY.weekday())
    for n in range(held):
        Session.objects.create(
            **{"episode": visit(sjp, after(n), hours=4), "sjp": sjp, "resident": sjp.resident, "day": after(n)},
            **{"week": week, "slot": n + 1, "most": 3},
        )
    asked = str(2 * c.tariff(sjp.hospital, c.VISIT))
    return [(sjp, {"days": 2, "TARIF_INACBG": asked, "TOTAL_TARIF": asked})]


@both("TRF-08", {"group": "-"}, {"group": "YY-01-II"})
def special_amount(group):
    sjp = c.letter()
    total = str(c.tariff(sjp.hospital, c.VISIT) + 1000)
    return [(sjp, {"TARIF_SP": "1000", "SP": group, "TOTAL_TARIF": total})]


@both("TRF-09", {"paid": 250_000}, {"paid": 0})
def cost_sharing(paid):
    return [(c.letter(), {"C2": f'0#0##{{"jenis":"1","selisih_biaya":{{"nilai":{paid}}}}}#'})]


@both("TRF-10", {"km": 14}, {"km": 13})
def ambulance(km):
    care, sjp = c.letter(), c.letter(service=Service.AMBULANCE)
    AmbulanceTrip.objects.create(
        **{
            "sjp": sjp,
            "for_sjp": care,
            "origin": "HOME",
            "origin_place": "x",
            "destination": sjp.hospital,
            "expected_km": 10,
        },
        **{"km": km, "departed_at": f.NOW, "departed_by": f.system(), "arrived_at": f.NOW, "arrived_by": f.system()},
    )
    return [(sjp, {})]


# CLN


@both("CLN-04", {"hours": 5}, {"hours": 7})
def short_stay(hours):
    sjp = c.letter(service=STAY)
    visit(sjp, hours=hours)
    return [(sjp, {})]


@both("CLN-04", {"days": 9}, {"days": 8})
def long_stay(days):
    GroupStatistic.objects.get_or_create(inacbg=c.STAY, defaults={"claims": 50, "stay_p95": 8, "counted_on": DAY})
    return [(c.letter(service=STAY), {"days": days})]


@both("CLN-05", {"results": ""}, {"results": "Hb 6,2"})
def severity_level_three(results):
    sjp = c.letter(service=STAY)
    Resume.objects.create(episode=visit(sjp, hours=30), results=results, written_at=f.NOW, written_by=f.system())
    return [(sjp, {"INACBG": "K-4-17-III"})]


@both("CLN-06", {"others": []}, {"others": ["E86"]})
@both("CLN-06", {"main": "I10", "others": ["E86"]}, {"main": "A09.0", "others": ["E86.0"]})
def coding(others, main="A09.9"):
    sjp = c.letter(service=STAY)
    Resume.objects.create(
        episode=visit(sjp, hours=30), diagnosis_id=main, other_diagnoses=others, written_at=f.NOW, written_by=f.system()
    )
    return [(sjp, {})]


@both("CLN-08", {"codes": "O80.0"}, {"codes": "O64.1"})
def caesarean(codes):
    return [(c.letter(f.make_resident(sex=2), service=STAY), {"DIAGLIST": codes, "PROCLIST": "74.1"})]


@both("CLN-09", {"before": "47.01"}, {"before": "51.23"})
def appendectomy(before):
    resident = f.make_resident()
    rows = [(c.letter(resident, service=STAY, since=after(-60)), {"PROCLIST": before, "DIAGLIST": "K35.8;K80.2"})]
    return [*rows, (c.letter(resident, service=STAY), {"PROCLIST": "47.09", "DIAGLIST": "K35.8"})]


@both("CLN-10", {"years": 4}, {"years": 5})
def hearing_aid(years):
    resident = f.make_resident()
    earlier = c.claimed(c.letter(resident, since=after(-40)), PROCLIST="95.48")
    type(earlier).objects.filter(pk=earlier.pk).update(
        admitted_on=DAY.replace(year=DAY.year - years), discharged_on=DAY.replace(year=DAY.year - years)
    )
    return [(c.letter(resident), {"PROCLIST": "95.48"})]


@both("CLN-11", {"sessions": 4}, {"sessions": 3})
def dialysis_in_one_week(sessions):
    """Monday to Thursday: the days of a week over the end of a month are one week."""
    sjp = c.letter(service=DIALYSIS, since=datetime.date(2026, 9, 28))
    return [
        (sjp, {"admitted": datetime.date(2026, 9, 28 + n) if n < 3 else datetime.date(2026, 10, 1)})
        for n in range(sessions)
    ]


@case("CLN-11", hit=True)
def dialysis_at_two_hospitals_on_one_day():
    resident = f.make_resident()
    c.claimed(c.letter(resident, service=DIALYSIS, to=c.hospital(1)), PROCLIST="39.95")
    return [(c.letter(resident, service=DIALYSIS), {"PROCLIST": "39.95"})]


@both("CLN-12", {"months": 5}, {"months": 7})
def delivery_again(months):
    mother = f.make_resident(sex=2)
    earlier = c.claimed(c.letter(mother, service=STAY, since=after(-40)), DIAGLIST="O80.0")
    day = DAY - datetime.timedelta(days=30 * months)
    type(earlier).objects.filter(pk=earlier.pk).update(admitted_on=day, discharged_on=day)
    return [(c.letter(mother, service=STAY), {"DIAGLIST": "O82.0"})]


# DUP


@both("DUP-06", {"gap": 2}, {"gap": 3})
def back_after_two_days(gap):
    resident = f.make_resident()
    rows = [(c.letter(resident, service=STAY, since=after(-gap - 2)), {"days": 3})]
    return [*rows, (c.letter(resident, service=STAY), {"days": 2, "DIAGLIST": "I10"})]


@both("DUP-07", {"same": True}, {"same": False})
def one_patient_under_two_niks(same):
    rows = []
    for n in range(2):
        resident = f.make_resident(name="KEMBAR NAMA" if same else f"KEMBAR NAMA {n}")
        rows.append((c.letter(resident), {}))
    return rows


@both("DUP-07", {"own": False}, {"own": True})
@both("ADM-10", {"own": False}, {"own": True})
def former_nik(own):
    """A corrected NIK stays the same person's: the card printed before it is no stranger's."""
    sjp, old = c.letter(), f.make_nik()
    FormerNik.objects.create(nik=old, resident=sjp.resident if own else f.make_resident(), run=f.make_run())
    return [(sjp, {"NOKARTU": old})]


@both("DUP-09", {"days": 1}, {"days": 2})
def the_same_amount_again(days):
    resident = f.make_resident()
    return [(c.letter(resident), {}), (c.letter(resident), {"admitted": after(days)})]


@pytest.fixture(scope="module")
def table(django_db_setup, django_db_blocker, tmp_path_factory):
    """``{case: {rule: finding}}``: every case handed in, one file for each hospital."""
    media = override_settings(MEDIA_ROOT=tmp_path_factory.mktemp("media"))
    with django_db_blocker.unblock(), media, time_machine.travel(f.NOW, tick=True), transaction.atomic():
        files, lines = defaultdict(list), {}
        for name, (_rule, _hit, make) in CASES.items():
            for sjp, cells in make():
                rows = files[sjp.hospital]
                rows.append(c.row(sjp, **cells))
            lines[name] = (sjp.hospital, len(rows) + 1)
        results = {own: c.take(rows, place=own) for own, rows in files.items()}
        found = {
            own: {row.line: {x.rule: x for x in row.findings} for row in result.lines}
            for own, result in results.items()
        }
        yield {name: found[own][line] for name, (own, line) in lines.items()}
        transaction.set_rollback(True)


@pytest.mark.parametrize("name", CASES)
def test_rule(table, name):
    rule, hit, _make = CASES[name]
    assert (rule in table[name]) is hit, sorted(table[name])


def test_every_finding_of_the_table_is_a_sentence(table):
    said = [finding.message for findings in table.values() for finding in findings.values()]
    assert said
    assert not [sentence for sentence in said if "%" in sentence or "None" in sentence]
