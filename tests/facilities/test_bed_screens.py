"""Screens of beds: the hospital's desk, the public page, Dinkes watching who reports."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities import bed_keys, beds
from facilities.enums import BedSource, Role, WardType
from facilities.models import BedCount, BedKey, BedReport
from ksb.core.models import JournalEntry
from tests import factories as f
from tests.facilities.factories import report
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
BEDS = "/faskes/tempat-tidur/"


@pytest.fixture
def desk(client):
    user = f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())
    client.force_login(user)
    return user


def test_the_first_report_names_the_wards_there_are(client, desk):
    answer = client.post(
        BEDS, {"CLASS_3-capacity": "40", "CLASS_3-occupied": "31", "ICU-capacity": "4", "ICU-occupied": "4"}
    )
    assert answer.url == BEDS
    found = {count.ward: (count.capacity, count.free, count.source) for count in BedCount.objects.all()}
    assert found == {"CLASS_3": (40, 9, "MANUAL"), "ICU": (4, 0, "MANUAL")}
    assert BedCount.objects.filter(reported_by=desk).count() == 2


def test_the_page_shows_each_count_with_its_age_and_what_is_kept(client, desk):
    report(capacity=40, occupied=31, cleaning=2, at=timezone.now() - timedelta(minutes=12))
    beds.hold(
        facility=f.hospital(),
        ward=WardType.CLASS_3,
        reference="R1",
        until=timezone.now() + timedelta(hours=2),
        actor=None,
        at=timezone.now(),
    )
    page = client.get(BEDS).content.decode()
    for text in ("<b>6 ", "12 ", 'value="31"', f.hospital().name):
        assert text in page


def test_one_click_confirms_all_counts(client, desk):
    report(occupied=4, at=timezone.now() - timedelta(hours=5))
    report(ward=WardType.ICU, occupied=1, at=timezone.now() - timedelta(hours=5))
    assert client.post(reverse("facilities:beds_confirm")).url == BEDS
    assert not BedCount.objects.filter(reported_at__lt=timezone.now() - timedelta(minutes=1)).exists()
    assert BedReport.objects.count() == 4


def test_numbers_that_cannot_be_true_are_told_beside_their_field_and_nothing_is_written(client, desk):
    page = client.post(
        BEDS, {"CLASS_3-capacity": "10", "CLASS_3-occupied": "11", "ICU-capacity": "x", "NICU-occupied": "1"}
    )
    text = page.content.decode()
    assert page.status_code == 200
    for field in ("id_CLASS_3-occupied_error", "id_ICU-capacity_error", "id_NICU-capacity_error"):
        assert f'id="{field}"' in text
    assert text.count("ringkasan-kesalahan") == 1
    assert "<title>Kesalahan: " in text
    assert not BedCount.objects.exists()


def test_an_empty_form_says_so_and_writes_nothing(client, desk):
    assert client.post(BEDS, {}).status_code == 200
    assert not BedCount.objects.exists()


def test_a_known_ward_cannot_be_emptied_away(client, desk):
    report()
    page = client.post(BEDS, {"CLASS_3-capacity": "", "CLASS_3-occupied": ""})
    assert 'id="id_CLASS_3-capacity_error"' in page.content.decode()


def test_the_director_reads_and_does_not_report(client):
    report()
    client.force_login(f.make_user(Role.HOSPITAL_DIRECTOR, facility=f.hospital()))
    page = client.get(BEDS)
    assert b'<form method="post" novalidate' not in page.content
    client.post(BEDS, {"CLASS_3-capacity": "10", "CLASS_3-occupied": "9"})
    assert BedCount.objects.get().occupied == 4
    assert client.post(reverse("facilities:beds_confirm")).status_code == 403


def test_a_hospital_reports_for_itself_only(client, desk):
    report(hospital=f.hospital(1), occupied=4)
    client.post(BEDS, {"CLASS_3-capacity": "10", "CLASS_3-occupied": "9"})
    assert BedCount.objects.get(facility=f.hospital(1)).occupied == 4


class TestPublic:
    def test_everybody_sees_counts_and_old_ones_grey(self, client):
        report(capacity=10, occupied=4, at=timezone.now())
        report(hospital=f.hospital(1), capacity=10, occupied=10, at=timezone.now())
        report(hospital=f.hospital(2), capacity=10, occupied=1, at=timezone.now() - timedelta(hours=3))
        page = client.get("/tempat-tidur/")
        text = page.content.decode()
        assert text.count("k-tag--ok") == text.count("k-tag--bad") == text.count("k-tag--mute") == 1
        assert "<script" not in text
        assert page.headers["Cache-Control"] == "public, max-age=60"
        assert "Set-Cookie" not in page.headers

    def test_one_kind_of_ward_can_be_asked_for_and_the_freest_hospital_comes_first(self, client):
        now = timezone.now()
        report(capacity=10, occupied=9, at=now)
        report(hospital=f.hospital(1), capacity=10, occupied=2, at=now)
        report(hospital=f.hospital(2), capacity=10, occupied=0, at=now - timedelta(hours=3))
        report(hospital=f.hospital(3), ward=WardType.ICU, at=now)
        page = client.get("/tempat-tidur/", {"ward": "CLASS_3"})
        assert [hospital for hospital, _wards in page.context["hospitals"]] == [f.hospital(n) for n in (1, 0, 2)]
        assert page.context["totals"] == [("CLASS_3", 9, 2), ("ICU", 6, 1)]

    @pytest.mark.parametrize("ward", ["", "x", "\x00"])
    def test_a_kind_of_ward_nobody_knows_shows_all(self, client, ward):
        report(at=timezone.now())
        assert len(client.get("/tempat-tidur/", {"ward": ward}).context["hospitals"]) == 1

    def test_nobody_is_named(self, client):
        desk = f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())
        desk.first_name = "Suparmi"
        desk.save()
        report(actor=desk)
        for address in ("/tempat-tidur/", "/tempat-tidur/data.json"):
            assert "Suparmi" not in client.get(address).content.decode()

    def test_the_same_as_data(self, client):
        report(capacity=10, occupied=4, queue=2, at=timezone.now())
        (hospital,) = client.get("/tempat-tidur/data.json").json()["hospitals"]
        (ward,) = hospital["wards"]
        assert hospital["code"] == f.hospital().code
        assert (ward["ward"], ward["capacity"], ward["free"], ward["queue"], ward["stale"]) == (
            "CLASS_3",
            10,
            6,
            2,
            False,
        )

    def test_the_page_costs_the_same_for_many(self, client, django_assert_num_queries):
        for number in range(5):
            for ward in (WardType.CLASS_3, WardType.ICU):
                report(hospital=f.hospital(number), ward=ward, at=timezone.now())
        with django_assert_num_queries(2):
            client.get("/tempat-tidur/")


class TestSilence:
    @pytest.fixture
    def dinkes(self, client):
        client.force_login(f.make_user(Role.DINKES_SERVICES))

    def test_contracted_hospitals_with_old_counts_or_none_are_listed_longest_first(self, client, dinkes):
        hospitals = [r.contracted(n) for n in range(3)]
        now = timezone.now()
        report(hospital=hospitals[0], at=now - timedelta(hours=3))
        report(hospital=hospitals[1], at=now)
        report(hospital=f.hospital(4), at=now - timedelta(hours=9))
        silent = client.get(reverse("facilities:beds_silent")).context["silent"]
        assert [silence.hospital for silence in silent] == [hospitals[2], hospitals[0]]
        assert silent[0].since is None

    def test_one_fresh_ward_does_not_hide_an_old_one(self, client, dinkes):
        hospital = r.contracted()
        now = timezone.now()
        report(hospital=hospital, at=now)
        report(hospital=hospital, ward=WardType.ICU, at=now - timedelta(hours=3), source=BedSource.API)
        (silence,) = client.get(reverse("facilities:beds_silent")).context["silent"]
        assert silence.wards == ["ICU"]


class TestKeys:
    KEYS = "/faskes/tempat-tidur/kunci/"

    @pytest.fixture(params=[Role.DINKES_SERVICES, Role.SYSTEM_ADMIN])
    def keeper(self, client, request):
        user = f.make_user(request.param)
        client.force_login(user)
        return user

    def test_the_secret_is_shown_once_and_stands_nowhere(self, client, keeper):
        answer = client.post(self.KEYS, {"hospital": f.hospital().pk, "ppk_code": "0903r001"})
        assert answer.url == self.KEYS
        key = BedKey.objects.get()
        secret = bed_keys.secret_of(key)
        assert secret in client.get(self.KEYS).content.decode()
        again = client.get(self.KEYS).content.decode()
        assert secret not in again
        assert key.cons_id in again
        assert (key.ppk_code, key.issued_by) == ("0903R001", keeper)
        journalled = JournalEntry.objects.get(verb="bed_key.issue")
        assert secret not in str(journalled.data)

    def test_revoking_ends_the_key(self, client, keeper):
        key, _secret = bed_keys.issue(facility=f.hospital(), actor=keeper, at=f.NOW)
        assert client.post(f"{self.KEYS}{key.pk}/cabut/").url == self.KEYS
        key.refresh_from_db()
        assert key.revoked_by == keeper

    @pytest.mark.parametrize("wrong", [{}, {"hospital": "x"}, {"hospital": "1", "ppk_code": "a/b"}])
    def test_a_wrong_form_makes_no_key(self, client, keeper, wrong):
        assert client.post(self.KEYS, wrong).status_code == 200
        assert not BedKey.objects.exists()
