"""Class, kind and owner by day, and what is known of a facility."""

import datetime

import pytest
from django.db import IntegrityError
from django.db.backends.postgresql.psycopg_any import DateRange

from facilities import network, standings
from facilities.enums import FacilityKind, Role, Service, Tier
from facilities.models import Facility, Specialty, Standing
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry
from tests import factories as f

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def dinkes():
    return f.make_user(Role.DINKES_SERVICES)


@pytest.fixture
def place():
    return f.make_facility(hospital_class="D", tariff_code="DS")


def change(place, dinkes, day, letter):
    values = {"hospital_class": letter, "tariff_code": f"{letter}S"}
    return standings.change(facility=place, day=day, values=values, decree="SK 1", actor=dinkes, at=f.NOW)


def class_on(place, day):
    """Of the one facility and of the list: they must never differ."""
    one, listed = place.standing_on(day).hospital_class, Facility.objects.as_of(day).get(pk=place.pk).class_then
    assert one == listed
    return one


class TestHistory:
    def test_a_facility_that_never_changed_is_on_every_day_what_it_is(self, place):
        assert class_on(place, f.TODAY - 4000 * DAY) == class_on(place, f.TODAY) == "D"

    def test_a_change_to_come_is_true_from_its_day(self, place, dinkes):
        change(place, dinkes, f.TODAY + 10 * DAY, "C")
        place.refresh_from_db()
        assert (place.hospital_class, class_on(place, f.TODAY + 9 * DAY)) == ("D", "D")
        assert class_on(place, f.TODAY + 10 * DAY) == "C"

    def test_the_night_of_the_day_writes_it_into_the_facility(self, place, dinkes):
        change(place, dinkes, f.TODAY + 10 * DAY, "C")
        assert standings.settle(on=f.TODAY + 9 * DAY) == 0
        assert standings.settle(on=f.TODAY + 10 * DAY) == 1
        place.refresh_from_db()
        assert (place.hospital_class, place.tariff_code) == ("C", "CS")

    def test_a_change_of_today_or_before_is_written_at_once_and_old_days_keep_their_class(self, place, dinkes):
        change(place, dinkes, f.TODAY - 30 * DAY, "C")
        place.refresh_from_db()
        assert place.hospital_class == "C"
        assert class_on(place, f.TODAY - 31 * DAY) == "D"

    def test_three_classes_in_a_row(self, place, dinkes):
        change(place, dinkes, f.TODAY - 300 * DAY, "C")
        change(place, dinkes, f.TODAY, "B")
        assert [class_on(place, f.TODAY - n * DAY) for n in (301, 300, 1, 0)] == ["D", "C", "C", "B"]

    def test_a_change_of_the_same_day_corrects_the_first_one(self, place, dinkes):
        change(place, dinkes, f.TODAY, "B")
        change(place, dinkes, f.TODAY, "C")
        assert [class_on(place, day) for day in (f.TODAY - DAY, f.TODAY)] == ["D", "C"]

    def test_before_a_change_that_is_known_no_other_is_slipped_in(self, place, dinkes):
        change(place, dinkes, f.TODAY + 30 * DAY, "C")
        with pytest.raises(Refused):
            change(place, dinkes, f.TODAY, "B")

    def test_what_changes_nothing_is_refused(self, place, dinkes):
        with pytest.raises(Refused):
            change(place, dinkes, f.TODAY, "D")

    def test_the_database_keeps_one_standing_a_day(self, place, dinkes):
        change(place, dinkes, f.TODAY, "C")
        with pytest.raises(IntegrityError, match="one_standing_per_facility_and_day"):
            Standing.objects.create(
                facility=place, days=DateRange(f.TODAY, None), kind="HOSPITAL", ownership="PUBLIC", created_by=dinkes
            )

    def test_an_inpatient_puskesmas_becomes_a_hospital_of_class_d(self, dinkes):
        place = f.puskesmas()
        values = {"kind": FacilityKind.HOSPITAL, "hospital_class": "D", "tariff_code": "DP"}
        standings.change(facility=place, day=f.TODAY, values=values, decree="SK 2", actor=dinkes, at=f.NOW)
        place.refresh_from_db()
        assert (place.kind, place.tier) == ("HOSPITAL", Tier.ADVANCED)
        assert place.standing_on(f.TODAY - DAY).kind == "PUSKESMAS"


class TestFacts:
    @pytest.mark.parametrize(
        ("kind", "tier"),
        [
            ("PUSKESMAS", "FIRST"),
            ("CLINIC", "FIRST"),
            ("MAIN_CLINIC", "ADVANCED"),
            ("HOSPITAL", "ADVANCED"),
            ("PHARMACY", ""),
        ],
    )
    def test_the_tier_follows_from_the_kind(self, kind, tier):
        assert Facility.objects.get(pk=f.make_facility(kind=kind).pk).tier == tier

    def test_only_hospitals_have_a_class(self):
        with pytest.raises(IntegrityError, match="class_of_hospitals_only"):
            f.make_facility(kind="CLINIC", hospital_class="C")

    def test_a_change_is_journalled_with_the_old_and_the_new_value(self, place, dinkes):
        place.specialties.set(["INT"])
        values = {
            "phone": "021 1234",
            "name": place.name,
            "services": [Service.OUTPATIENT],
            "specialties": Specialty.objects.filter(pk__in=["INT", "ANA"]),
        }
        assert set(network.change(facility=place, values=values, actor=dinkes)) == {"phone", "services", "specialties"}
        entry = JournalEntry.objects.about(place).get(verb="facility.change")
        assert entry.actor == dinkes
        assert entry.data["changes"] == {
            "phone": ["", "021 1234"],
            "services": [[], ["OUTPATIENT"]],
            "specialties": [["INT"], ["ANA", "INT"]],
        }

    def test_what_changes_nothing_leaves_no_trace(self, place, dinkes):
        assert network.change(facility=place, values={"name": place.name}, actor=dinkes) == []
        assert not JournalEntry.objects.about(place).exists()

    def test_a_code_is_in_the_network_once(self, place, dinkes):
        values = {"code": place.code, "name": "RS Kembar", "kind": "HOSPITAL", "ownership": "PRIVATE"}
        with pytest.raises(Refused):
            network.create(values=values, actor=dinkes)

    def test_only_dinkes_services_write(self, place):
        with pytest.raises(NotAllowed):
            network.change(facility=place, values={"name": "X"}, actor=f.make_user(Role.DINKES_MEMBERSHIP))
        with pytest.raises(NotAllowed):
            change(place, f.make_user(Role.HOSPITAL_DIRECTOR, facility=place), f.TODAY, "C")
