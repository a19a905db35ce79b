"""Quotas of contracts: what the letters used, told to the clerk, and a wall only where the contract says so."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connections

from facilities.models import ContractTerms, Facility
from ksb.core.errors import Refused
from ksb.core.scheme import Parameters
from referrals import issuing, quota, routing
from referrals.models import Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def place_with(**terms):
    place = f.make_facility(name="RS Kuota")
    place.specialties.set(["INT"])
    f.make_contract(place, **terms)
    return place


def used(place, on=f.TODAY):
    return quota.used(ContractTerms.objects.filter(contract__facility=place), on=on)[place.pk]


def option(place):
    found = routing.options(
        specialty=r.specialty(),
        service="OUTPATIENT",
        puskesmas=f.puskesmas(),
        on=f.TODAY,
        at=r.AT,
        parameters=Parameters(),
    )
    return next(o for o in found if o.hospital == place)


def issue(place, count, **values):
    Facility.objects.hospitals().exclude(pk=place.pk).update(active=False)
    return [r.issue(r.clerk(), to=place, **values) for _ in range(count)]


def test_letters_of_the_month_and_rupiah_of_the_year_are_counted():
    place = place_with(quota_letters=10)
    first, second, third = issue(place, 3)
    Sjp.objects.filter(pk=third.pk).update(issued_at=f.NOW - datetime.timedelta(days=30))
    assert used(place) == quota.Used(2, first.estimate + second.estimate + third.estimate)


def test_a_cancelled_letter_gives_its_place_back():
    place = place_with(quota_letters=10)
    letter, _other = issue(place, 2)
    issuing.cancel(sjp=letter, actor=letter.issued_by, at=f.NOW, reason="Salah tulis")
    assert used(place).letters == 1


def test_a_contract_without_quota_asks_the_database_nothing(django_assert_num_queries):
    terms = list(ContractTerms.objects.filter(contract__facility=place_with()).select_related("contract"))
    with django_assert_num_queries(0):
        assert quota.used(terms, on=f.TODAY) == {}


def test_a_used_quota_is_told_and_the_hospital_may_still_be_chosen():
    place = place_with(quota_letters=2)
    issue(place, 2)
    found = option(place)
    assert found.suitable
    assert "2" in found.reasons[-1]


def test_a_quota_that_blocks_is_an_obstacle_and_no_letter_gets_past_it():
    place = place_with(quota_letters=2, quota_blocks=True)
    issue(place, 1)
    assert option(place).suitable
    issue(place, 1)
    assert not option(place).suitable
    with pytest.raises(Refused):
        issue(place, 1)


def test_rupiah_block_as_letters_do():
    place = place_with(quota_rupiah=1, quota_blocks=True)
    issue(place, 1)
    assert not option(place).suitable


def test_nearly_used_up_is_told_from_nine_tenths_on():
    place = place_with(quota_letters=10)
    for had, told in ((8, 0), (9, 1), (10, 1)):
        terms = ContractTerms.objects.select_related("contract").get(contract__facility=place)
        assert len(quota.warnings(terms, {place.pk: quota.Used(had, 0)})) == told


@pytest.mark.django_db(transaction=True)
def test_two_clerks_never_share_the_last_place_of_a_quota_that_blocks():
    place = place_with(quota_letters=1, quota_blocks=True)
    clerks = [r.clerk(f.puskesmas(n)) for n in range(3)]
    people = [f.covered_person() for _clerk in clerks]
    start = Barrier(len(clerks))

    def write(clerk, person):
        try:
            start.wait()
            return r.issue(clerk, resident=person, to=place)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(clerks)) as pool:
        results = list(pool.map(write, clerks, people))
    assert sum(isinstance(result, Sjp) for result in results) == Sjp.objects.count() == 1
