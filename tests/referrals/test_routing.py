"""The order of hospitals, and the reasons beside each."""

import datetime

import pytest

from facilities import standings
from facilities.enums import Role, Service, WardType
from facilities.models import BedCount, Facility, Region
from ksb.core.errors import Refused
from ksb.core.scheme import Parameters
from referrals import routing, rules
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
HERE, NEAR = "32.75.08", "32.75.04"


@pytest.fixture
def here():
    """A Puskesmas in Pondokgede, and no hospital but those the test makes."""
    Facility.objects.hospitals().update(active=False)
    return Facility.objects.puskesmas().filter(kecamatan=HERE).first()


def make(name, *, ownership="PUBLIC", letter="D", kecamatan=NEAR, specialties=("INT",), contract=True):
    place = f.make_facility(name=name, ownership=ownership, hospital_class=letter, kecamatan_id=kecamatan)
    place.specialties.set(specialties)
    if contract:
        f.make_contract(place)
    return place


def ordered(here, *, service=Service.OUTPATIENT, parameters=None, at=r.AT):
    return routing.options(
        specialty=r.specialty(),
        service=service,
        puskesmas=here,
        on=f.TODAY,
        at=at,
        parameters=parameters or Parameters(),
    )


def names(options):
    return [option.hospital.name for option in options]


def report(place, *, free, ward=WardType.CLASS_3, minutes_ago=10):
    BedCount.objects.create(
        facility=place,
        ward=ward,
        capacity=20,
        occupied=20 - free,
        reported_at=r.AT - datetime.timedelta(minutes=minutes_ago),
        reported_by=f.system(),
    )


def test_rsud_come_before_private_ones_where_the_scheme_says_so(here):
    make("Swasta", ownership="PRIVATE", kecamatan=HERE)
    make("RSUD")
    assert names(ordered(here)) == ["RSUD", "Swasta"]
    assert names(ordered(here, parameters=Parameters(rsud_first=False))) == ["Swasta", "RSUD"]


def test_smaller_class_then_own_kecamatan_then_distance(here):
    make("B dekat", letter="B", kecamatan=HERE)
    make("D jauh", kecamatan="32.75.03")
    make("D sedang", kecamatan=NEAR)
    make("D di sini", kecamatan=HERE)
    assert names(ordered(here)) == ["D di sini", "D sedang", "D jauh", "B dekat"]


def test_beds_known_to_be_free_come_before_unknown_ones_and_full_wards_last(here):
    full, unknown, free = make("A penuh", kecamatan=HERE), make("B tanpa data"), make("C kosong")
    report(full, free=0)
    report(free, free=3)
    found = ordered(here, service=Service.INPATIENT)
    assert names(found) == ["C kosong", "B tanpa data", "A penuh"]
    assert any("3" in reason for reason in found[0].reasons)
    assert unknown.name == found[1].hospital.name


def test_stale_reports_say_nothing(here):
    stale = make("Basi")
    report(stale, free=9, minutes_ago=Parameters().bed_stale_minutes + 1)
    (option,) = ordered(here, service=Service.INPATIENT)
    assert option.beds == routing.UNKNOWN


def test_outpatient_care_asks_for_no_bed(here):
    report(make("Penuh", kecamatan=HERE), free=0)
    make("Kosong")
    assert names(ordered(here)) == ["Penuh", "Kosong"]


def test_who_cannot_take_the_patient_stands_last_with_the_reason(here):
    make("Tanpa kontrak", contract=False)
    make("Tanpa poli", specialties=("BED",))
    make("RSUD")
    found = ordered(here)
    assert names(found)[0] == "RSUD"
    assert {option.hospital.name: bool(option.obstacles) for option in found} == {
        "RSUD": False,
        "Tanpa kontrak": True,
        "Tanpa poli": True,
    }


def test_a_contract_that_ended_or_is_suspended_is_none(here):
    ended = make("Berakhir", contract=False)
    f.make_contract(ended, until=f.TODAY)
    suspended = make("Dihentikan")
    f.suspend(suspended, since=f.TODAY)
    assert not any(option.suitable for option in ordered(here))


def test_a_hospital_suspended_from_tomorrow_or_free_again_may_be_chosen_today(here):
    day = datetime.timedelta(days=1)
    f.suspend(make("Besok"), since=f.TODAY + day)
    f.suspend(make("Selesai"), since=f.TODAY - 9 * day, until=f.TODAY)
    assert all(option.suitable for option in ordered(here))


def test_the_list_says_since_when_a_hospital_is_suspended(here):
    f.suspend(make("Dihentikan"), since=f.TODAY)
    assert "22 November 2026" in ordered(here)[0].obstacles[0]


def test_an_addendum_of_a_later_day_adds_its_service_on_that_day_only(here):
    place = make("Bertambah", contract=False)
    contract = f.make_contract(place, services=[Service.INPATIENT])
    f.amend(contract, since=f.TODAY, services=[Service.INPATIENT, Service.OUTPATIENT])
    yesterday = f.TODAY - datetime.timedelta(days=1)
    assert ordered(here)[0].suitable
    before = routing.options(
        specialty=r.specialty(),
        service=Service.OUTPATIENT,
        puskesmas=here,
        on=yesterday,
        at=r.AT,
        parameters=Parameters(),
    )
    assert not before[0].suitable


def test_a_service_the_hospital_does_not_give_is_an_obstacle_once_it_said_what_it_gives(here):
    silent, stated = make("Belum mengisi"), make("Rawat inap saja")
    Facility.objects.filter(pk=stated.pk).update(services=[Service.INPATIENT])
    assert {o.hospital.pk: o.suitable for o in ordered(here)} == {silent.pk: True, stated.pk: False}


def test_the_order_of_a_day_follows_the_classes_of_that_day(here):
    small, large = make("Kecil", letter="D"), make("Besar", letter="C")
    for place, letter in ((small, "B"), (large, "D")):
        standings.change(
            facility=place,
            day=f.TODAY,
            values={"hospital_class": letter},
            decree="SK",
            actor=f.make_user(Role.DINKES_SERVICES),
            at=f.NOW,
        )
    assert names(ordered(here)) == ["Besar", "Kecil"]
    earlier = routing.options(
        specialty=r.specialty(),
        service=Service.OUTPATIENT,
        puskesmas=here,
        on=f.TODAY - datetime.timedelta(days=1),
        at=r.AT,
        parameters=Parameters(),
    )
    assert names(earlier) == ["Kecil", "Besar"]


def test_a_hospital_outside_the_list_cannot_be_chosen(here):
    closed = make("Tutup")
    Facility.objects.filter(pk=closed.pk).update(active=False)
    with pytest.raises(Refused):
        routing.check(hospital=closed, pass_over_reason="", found=ordered(here), parameters=Parameters())


def test_the_list_costs_the_same_for_two_hospitals_and_for_all(here, django_assert_num_queries):
    make("Satu")
    here = Facility.objects.select_related("kecamatan").get(pk=here.pk)
    with django_assert_num_queries(1 + 5):  # the test's own reading of the specialty first
        ordered(here, service=Service.INPATIENT)
    Facility.objects.hospitals().update(active=True)
    with django_assert_num_queries(1 + 5):
        assert len(ordered(here, service=Service.INPATIENT)) > 40


def test_distances_are_those_of_the_map():
    one, other = Region.objects.get(pk="32.75.01"), Region.objects.get(pk="32.75.08")
    assert 8 < rules.distance_km(one, other) < 18
    assert rules.distance_km(one, one) == 0
    assert rules.distance_km(one, None) is None
    assert rules.distance_km(one, Region(code="x", name="x")) is None


@pytest.mark.parametrize(
    ("birth", "day", "age"),
    [
        (datetime.date(1990, 5, 17), datetime.date(2026, 5, 16), (35, 11)),
        (datetime.date(1990, 5, 17), datetime.date(2026, 5, 17), (36, 0)),
        (datetime.date(2026, 10, 23), datetime.date(2026, 11, 22), (0, 0)),
        (datetime.date(2024, 2, 29), datetime.date(2025, 2, 28), (0, 11)),
    ],
)
def test_age_in_years_and_months(birth, day, age):
    assert rules.age_on(birth, day)[:2] == age
    assert rules.age_on(birth, day)[2] == (day - birth).days
