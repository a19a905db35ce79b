"""Ambulance trips: a letter of their own, a price by the tariff of the day, claimed once the patient has arrived."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.enums import Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from referrals import ambulance
from referrals.models import AmbulanceTrip
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def complete(trip, *, actor=None):
    return ambulance.complete(
        trip=trip,
        actor=actor or r.desk(trip.sjp.hospital),
        at=r.AT + 2 * r.LATER,
        vehicle="B 1234 KSB",
        crew="Andi; Ns. Rina",
        km=14,
        departed_at=r.AT,
        arrived_at=r.AT + r.LATER,
    )


def test_a_trip_has_a_letter_of_its_own_that_reserves_its_price():
    r.ambulance_tariff()
    sjp = r.issue()
    trip = r.trip(sjp)
    assert (trip.sjp.service, trip.sjp.state, trip.for_sjp) == (Service.AMBULANCE, "ISSUED", sjp)
    assert trip.sjp.estimate == 200_000 + 7 * 10_000
    assert "Puskesmas Jatiasih" in trip.sjp.letter["kind"]
    assert sjp.number in trip.sjp.letter["referral"]


def test_arrived_it_costs_what_the_tariff_of_the_day_says_and_can_be_claimed():
    r.ambulance_tariff()
    trip = complete(r.trip(r.issue()))
    assert trip.amount == 200_000 + 9 * 10_000
    trip.sjp.refresh_from_db()
    assert trip.sjp.state == "SERVICE_DONE"
    assert trip.sjp.episodes.get().state == "DISCHARGED"
    with pytest.raises(WrongState):
        complete(trip)


def test_trips_from_home_only_where_the_scheme_covers_them():
    sjp = r.issue()
    with pytest.raises(Refused):
        r.trip(sjp, origin="HOME", origin_place="Jl. Melati 3")
    r.rule(ambulance_from_home=True)
    assert r.trip(sjp, origin="HOME", origin_place="Jl. Melati 3").origin == "HOME"
    r.rule(ambulance_guaranteed=False)
    with pytest.raises(Refused):
        r.trip(r.issue())


def test_only_an_ambulance_under_contract():
    sjp = r.issue()
    with pytest.raises(Refused):
        r.trip(sjp, provider=r.contracted(1, services=[Service.OUTPATIENT]))


def test_asked_for_by_who_has_the_patient():
    sjp = r.issue()
    with pytest.raises(NotAllowed):
        r.trip(sjp, actor=r.desk(f.hospital(5)))
    assert r.trip(sjp, actor=sjp.issued_by).sjp.issuing_hospital is None


def test_one_open_trip_at_a_time():
    sjp = r.issue()
    r.trip(sjp)
    with pytest.raises(Refused):
        r.trip(sjp)


def test_two_tariffs_of_one_kind_are_never_in_force_at_once():
    r.ambulance_tariff()
    r.ambulance_tariff(emergency=True)
    with pytest.raises(IntegrityError), transaction.atomic():
        r.ambulance_tariff(since=datetime.date(2026, 1, 1))


def test_the_desk_asks_for_a_trip_and_enters_it(client, django_assert_max_num_queries):
    r.ambulance_tariff()
    sjp = r.issue()
    client.force_login(r.desk(sjp.hospital))
    address = reverse("referrals:request_trip", args=[sjp.public_id])
    assert address in client.get(reverse("referrals:letter", args=[sjp.public_id])).content.decode()
    assert client.get(address).status_code == 200
    answers = {"origin": "FACILITY", "origin_place": "Puskesmas", "expected_km": "9", "provider": sjp.hospital_id}
    assert client.post(address, answers).context["form"].errors["destination"]
    assert client.post(address, {**answers, "destination": sjp.hospital_id}).status_code == 302
    trip = AmbulanceTrip.objects.get()
    with django_assert_max_num_queries(7):
        assert (
            reverse("referrals:complete_trip", args=[trip.public_id])
            in client.get(reverse("referrals:trips")).content.decode()
        )
    address = reverse("referrals:complete_trip", args=[trip.public_id])
    assert client.get(address).status_code == 200
    over = {"day": "22-11-2026", "clock": "08.00", "arrived": "08.40", "km": "10", "vehicle": "B 1", "crew": "Andi"}
    assert client.post(address, {**over, "arrived": "23.59"}).context["form"].errors["arrived"]
    assert client.post(address, over).status_code == 302
    trip.refresh_from_db()
    assert (trip.km, trip.amount) == (10, 250_000)
