"""Agreements: what they include on which day, how they change, end and rest, and who is told."""

import datetime

import pytest

from facilities import contracts, suspensions
from facilities.enums import Role, Service
from facilities.models import Contract, Facility
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, OutboxEvent
from tests import factories as f

pytestmark = pytest.mark.django_db
D = datetime.date
DAY = datetime.timedelta(days=1)
FIRST, LAST = D(2026, 1, 1), D(2026, 12, 31)
PAPER = {"signed_on": D(2025, 12, 1), "signed_by_dinkes": "Kepala Dinas", "signed_by_facility": "Direktur"}
TERMS = {
    "services": [Service.OUTPATIENT, Service.INPATIENT],
    "tariff_annex": "INA-CBG 2023",
    "quota_letters": None,
    "quota_rupiah": None,
    "quota_blocks": False,
}


@pytest.fixture
def dinkes():
    return f.make_user(Role.DINKES_SERVICES)


@pytest.fixture
def place():
    return f.make_facility()


def sign(dinkes, place, *, first=FIRST, last=LAST, number="PKS/1", **terms):
    return contracts.sign(
        facility=place, number=number, first=first, last=last, paper=PAPER, terms=TERMS | terms, actor=dinkes
    )


def amend(dinkes, contract, *, starts, last=LAST, number="ADD/1", services=(Service.HAEMODIALYSIS,)):
    return contracts.amend(
        contract=contract,
        number=number,
        signed_on=D(2026, 3, 1),
        summary="Perubahan layanan",
        starts=starts,
        last=last,
        terms=TERMS | {"services": list(services)},
        actor=dinkes,
    )


def included(place, service, day):
    return Facility.objects.contracted_on(day, service=service).filter(pk=place.pk).exists()


class TestInForce:
    @pytest.mark.parametrize(
        ("day", "found"), [("2025-12-31", 0), ("2026-01-01", 1), ("2026-12-31", 1), ("2027-01-01", 0)]
    )
    def test_an_agreement_holds_on_its_first_and_last_day_and_not_beside_them(self, dinkes, place, day, found):
        sign(dinkes, place)
        assert Contract.objects.in_force(D.fromisoformat(day)).filter(facility=place).count() == found

    def test_only_the_services_it_names_are_included(self, dinkes, place):
        sign(dinkes, place)
        assert included(place, Service.INPATIENT, D(2026, 5, 1))
        assert not included(place, Service.HAEMODIALYSIS, D(2026, 5, 1))

    def test_two_agreements_of_one_hospital_never_overlap(self, dinkes, place):
        sign(dinkes, place)
        with pytest.raises(Refused):
            sign(dinkes, place, first=D(2026, 12, 31), last=D(2027, 12, 31), number="PKS/2")
        assert place.contracts.count() == 1

    def test_a_number_is_given_once(self, dinkes, place):
        sign(dinkes, place)
        with pytest.raises(Refused):
            sign(dinkes, f.make_facility())

    def test_the_account_of_the_agreement_before_goes_on(self, dinkes, place):
        old = f.make_contract(place, until=D(2026, 1, 1))
        assert sign(dinkes, place).bank_account == old.bank_account

    def test_only_dinkes_services_sign(self, place):
        with pytest.raises(NotAllowed):
            sign(f.make_user(Role.HOSPITAL_DIRECTOR, facility=place), place)


class TestAddenda:
    def test_an_addendum_holds_from_its_day_and_changes_no_day_before(self, dinkes, place):
        contract = sign(dinkes, place)
        amend(dinkes, contract, starts=D(2026, 7, 1))
        assert included(place, Service.INPATIENT, D(2026, 6, 30))
        assert not included(place, Service.HAEMODIALYSIS, D(2026, 6, 30))
        assert included(place, Service.HAEMODIALYSIS, D(2026, 7, 1))
        assert not included(place, Service.INPATIENT, D(2026, 7, 1))

    def test_an_addendum_moves_the_end(self, dinkes, place):
        contract = sign(dinkes, place)
        amend(dinkes, contract, starts=D(2026, 7, 1), last=D(2027, 6, 30))
        assert included(place, Service.HAEMODIALYSIS, D(2027, 6, 30))
        assert Contract.objects.in_force(D(2027, 6, 30)).get(facility=place) == contract

    @pytest.mark.parametrize("starts", [D(2026, 1, 1), D(2025, 6, 1), D(2027, 1, 2)])
    def test_an_addendum_lies_after_what_is_entered_and_not_after_the_agreement(self, dinkes, place, starts):
        contract = sign(dinkes, place)
        with pytest.raises(Refused):
            amend(dinkes, contract, starts=starts, last=D(2028, 1, 1))
        assert contract.terms.count() == 1

    def test_an_addendum_is_entered_once(self, dinkes, place):
        contract = sign(dinkes, place)
        amend(dinkes, contract, starts=D(2026, 7, 1))
        with pytest.raises(Refused):
            amend(dinkes, contract, starts=D(2026, 8, 1))

    def test_an_end_that_meets_the_next_agreement_is_refused(self, dinkes, place):
        contract = sign(dinkes, place)
        sign(dinkes, place, first=D(2027, 1, 1), last=D(2027, 12, 31), number="PKS/2")
        with pytest.raises(Refused):
            amend(dinkes, contract, starts=D(2026, 7, 1), last=D(2027, 1, 1))


class TestEarlyEnd:
    def test_an_agreement_ends_with_the_day_that_was_said_and_later_terms_fall_away(self, dinkes, place):
        contract = sign(dinkes, place)
        amend(dinkes, contract, starts=D(2026, 12, 15))
        contracts.end(contract=contract, last=D(2026, 11, 30), reason="Izin dicabut", actor=dinkes, at=f.NOW)
        assert included(place, Service.INPATIENT, D(2026, 11, 30))
        assert not Facility.objects.contracted_on(D(2026, 12, 1)).filter(pk=place.pk).exists()
        assert not included(place, Service.HAEMODIALYSIS, D(2026, 12, 20))

    def test_a_day_that_is_over_is_refused(self, dinkes, place):
        contract = sign(dinkes, place)
        with pytest.raises(Refused):
            contracts.end(contract=contract, last=f.TODAY - DAY, reason="x", actor=dinkes, at=f.NOW)

    def test_what_ended_does_not_end_again_and_takes_no_addendum(self, dinkes, place):
        contract = sign(dinkes, place)
        contracts.end(contract=contract, last=f.TODAY, reason="Izin dicabut", actor=dinkes, at=f.NOW)
        with pytest.raises(WrongState):
            contracts.end(contract=contract, last=f.TODAY, reason="lagi", actor=dinkes, at=f.NOW)
        with pytest.raises(WrongState):
            amend(dinkes, contract, starts=f.TODAY)


class TestSuspension:
    def suspend(self, dinkes, place, *, starts=f.TODAY, ends=None):
        return suspensions.suspend(
            facility=place, starts=starts, ends=ends, letter="440/1", reason="Iur biaya", actor=dinkes, at=f.NOW
        )

    def test_no_new_letters_from_its_day_until_the_day_it_is_free_again(self, dinkes, place):
        f.make_contract(place)
        self.suspend(dinkes, place, starts=f.TODAY + DAY, ends=f.TODAY + 3 * DAY)
        days = [f.TODAY + n * DAY for n in range(5)]
        assert [included(place, Service.INPATIENT, day) for day in days] == [True, False, False, True, True]

    def test_the_days_before_stay_what_they_were(self, dinkes, place):
        f.make_contract(place)
        with pytest.raises(Refused):
            self.suspend(dinkes, place, starts=f.TODAY - DAY)

    def test_two_suspensions_never_overlap(self, dinkes, place):
        self.suspend(dinkes, place)
        with pytest.raises(Refused):
            self.suspend(dinkes, place, starts=f.TODAY + 9 * DAY)

    def test_lifted_is_free_on_the_same_day(self, dinkes, place):
        f.make_contract(place)
        suspension = self.suspend(dinkes, place)
        suspensions.lift(suspension=suspension, reason="Uang kembali", actor=dinkes, at=f.NOW)
        assert included(place, Service.INPATIENT, f.TODAY)
        with pytest.raises(WrongState):
            suspensions.lift(suspension=suspension, reason="lagi", actor=dinkes, at=f.NOW)

    def test_lifted_before_it_begins_it_never_begins_and_another_one_may(self, dinkes, place):
        f.make_contract(place)
        suspension = self.suspend(dinkes, place, starts=f.TODAY + 5 * DAY)
        suspensions.lift(suspension=suspension, reason="Keliru", actor=dinkes, at=f.NOW)
        assert included(place, Service.INPATIENT, f.TODAY + 6 * DAY)
        self.suspend(dinkes, place, starts=f.TODAY + 5 * DAY)

    def test_a_new_agreement_does_not_end_a_suspension(self, dinkes, place):
        self.suspend(dinkes, place)
        sign(dinkes, place)
        assert not Facility.objects.contracted_on(f.TODAY).filter(pk=place.pk).exists()


class TestEnds:
    def until(self, days, *, place=None):
        return f.make_contract(place or f.make_facility(), until=f.TODAY + (days + 1) * DAY)

    def test_listed_are_agreements_that_end_within_ninety_days_the_soonest_first(self):
        far, near, middle = self.until(91), self.until(0), self.until(90)
        found = contracts.ending(on=f.TODAY)
        assert [(c.pk, c.days_left) for c in found] == [(near.pk, 0), (middle.pk, 90)]
        assert far not in found

    def test_an_agreement_with_a_successor_is_not_listed(self):
        contract = self.until(10)
        f.make_contract(contract.facility, since=f.TODAY + 11 * DAY)
        assert contracts.ending(on=f.TODAY) == []

    def test_each_threshold_is_told_exactly_once(self):
        contract = self.until(95)
        told = [contracts.warn(on=f.TODAY + n * DAY) for n in range(97) for _again in range(2)]
        assert sum(told) == 3
        events = OutboxEvent.objects.filter(kind="contract.ending", object_id=contract.pk).order_by("pk")
        assert [event.payload["days_left"] for event in events] == [90, 60, 30]

    def test_an_agreement_entered_late_is_told_once_and_not_three_times(self):
        self.until(12)
        assert contracts.warn(on=f.TODAY) == 1
        assert contracts.warn(on=f.TODAY + DAY) == 0

    def test_an_addendum_that_moves_the_end_is_told_of_anew(self, dinkes):
        contract = self.until(20)
        contracts.warn(on=f.TODAY)
        last = contract.last_day + 60 * DAY
        amend(dinkes, contract, starts=f.TODAY, last=last)
        assert contracts.warn(on=last - 60 * DAY) == 1


def test_every_write_is_journalled_with_its_author(dinkes, place):
    contract = sign(dinkes, place)
    amend(dinkes, contract, starts=D(2026, 7, 1))
    contracts.end(contract=contract, last=f.TODAY, reason="Izin dicabut", actor=dinkes, at=f.NOW)
    entries = JournalEntry.objects.about(place)
    assert [entry.verb for entry in entries] == ["contract.sign", "contract.amend", "contract.end"]
    assert {entry.actor for entry in entries} == {dinkes}
