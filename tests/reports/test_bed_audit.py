"""The audit of beds: what hospitals say beside what they do."""

import datetime
from datetime import timedelta

import pytest
from django.urls import reverse

from facilities import beds
from facilities.enums import BedSource, Role, Service, WardType
from ksb.core.models import JournalEntry
from referrals import hospital as acts
from referrals.enums import RefusalReason
from referrals.models import Episode, Referral
from reports import bed_audit
from tests import factories as f
from tests.claims import factories as c
from tests.facilities.factories import report
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
MONTH = {"first": f.TODAY.replace(day=1), "last": f.TODAY.replace(day=30)}
URL = reverse("reports:bed_audit")


def letter(**values):
    return r.issue(**{"service": Service.INPATIENT, **values})


def refuse(sjp, *, at, reason="Ruang penuh"):
    acts.refuse(sjp=sjp, code=RefusalReason.NO_BED, reason=reason, actor=r.desk(sjp.hospital), at=at)


def found(name, **asked):
    return bed_audit.findings(**MONTH | asked)[name]


class TestRefusals:
    def test_a_refusal_while_the_ward_had_a_free_bed_is_found_with_its_evidence(self):
        sjp = letter()
        report(hospital=sjp.hospital, capacity=10, occupied=7, at=f.NOW + timedelta(minutes=5))
        report(hospital=sjp.hospital, capacity=10, occupied=10, at=f.NOW + timedelta(minutes=40))
        refuse(sjp, at=f.NOW + timedelta(minutes=30))
        (event,) = found("refused")
        assert (event.hospital, event.ward, event.number) == (sjp.hospital.name, "CLASS_3", sjp.referral.number)
        assert (event.reported_at, event.free, event.kind, event.told) == (
            f.NOW + timedelta(minutes=5),
            3,
            "NO_BED",
            "Ruang penuh",
        )

    @pytest.mark.parametrize(
        ("occupied", "age", "ward"), [(10, 10, "CLASS_3"), (7, 121, "CLASS_3"), (7, 10, "ICU"), (7, -10, "CLASS_3")]
    )
    def test_a_full_ward_an_old_report_another_ward_or_a_later_report_prove_nothing(self, occupied, age, ward):
        sjp = letter()
        at = f.NOW + timedelta(hours=3)
        report(
            hospital=sjp.hospital, ward=WardType(ward), capacity=10, occupied=occupied, at=at - timedelta(minutes=age)
        )
        refuse(sjp, at=at)
        assert found("refused") == []

    def test_the_ward_a_referral_asks_for_counts_and_not_the_one_its_service_is_usually_given_in(self):
        sjp = letter()
        Referral.objects.filter(pk=sjp.referral_id).update(ward="ISOLATION")
        report(hospital=sjp.hospital, capacity=10, occupied=7)
        report(hospital=sjp.hospital, ward=WardType.ISOLATION, capacity=2, occupied=2)
        refuse(sjp, at=f.NOW + timedelta(minutes=5))
        assert found("refused") == []

    def test_a_bed_kept_for_somebody_else_was_not_free(self):
        sjp = letter()
        kept = {
            "facility": sjp.hospital,
            "ward": WardType.CLASS_3,
            "reference": "x",
            "until": f.NOW + timedelta(hours=2),
        }
        report(hospital=sjp.hospital, capacity=10, occupied=9)
        beds.hold(**kept, actor=None, at=f.NOW)
        report(hospital=sjp.hospital, capacity=10, occupied=9, at=f.NOW + timedelta(minutes=1))
        refuse(sjp, at=f.NOW + timedelta(minutes=5))
        assert found("refused") == []


class TestAdmissions:
    def test_an_admission_to_a_full_ward_is_found(self):
        sjp = letter()
        report(hospital=sjp.hospital, capacity=10, occupied=9, cleaning=1, at=f.NOW + timedelta(minutes=50))
        r.admit(sjp)
        (event,) = found("admitted")
        assert (event.number, event.free) == (sjp.number, 0)

    def test_an_admission_to_a_bed_that_was_kept_is_none(self):
        sjp = letter()
        report(hospital=sjp.hospital, capacity=10, occupied=9)
        kept = {"ward": WardType.CLASS_3, "reference": "x", "until": f.NOW + timedelta(hours=2)}
        beds.hold(facility=sjp.hospital, **kept, actor=None, at=f.NOW)
        report(hospital=sjp.hospital, capacity=10, occupied=9, at=f.NOW + timedelta(minutes=5))
        r.admit(sjp)
        assert found("admitted") == []


class TestDays:
    def test_more_patients_than_taken_beds_by_episodes_and_claims(self):
        sjp = letter()
        r.admit(sjp)
        claims = [c.claimed(c.letter(to=sjp.hospital, service=Service.INPATIENT)) for _ in range(2)]
        claim_day = claims[0].admitted_on
        for day in (claim_day, f.TODAY):
            noon = datetime.datetime.combine(day, datetime.time(12), tzinfo=f.NOW.tzinfo)
            report(hospital=sjp.hospital, capacity=10, occupied=0, at=noon)
        days = {row.day: row.patients for row in bed_audit.findings(first=claim_day, last=f.TODAY)["too_many"]}
        assert days[claim_day] == 2
        assert days[f.TODAY] == 1

    def test_an_episode_and_its_claim_are_one_patient(self):
        claim = c.claimed(c.letter(service=Service.INPATIENT))
        Episode.objects.create(
            sjp=claim.sjp,
            resident=claim.resident,
            hospital=claim.hospital,
            service=Service.INPATIENT,
            identity_check="KTP_SEEN",
            admitted_at=datetime.datetime.combine(claim.admitted_on, datetime.time(8), tzinfo=f.NOW.tzinfo),
            admitted_by=f.system(),
        )
        at = datetime.datetime.combine(claim.admitted_on, datetime.time(12), tzinfo=f.NOW.tzinfo)
        report(hospital=claim.hospital, capacity=10, occupied=0, at=at)
        asked = {"first": claim.admitted_on, "last": claim.admitted_on}
        assert [day.patients for day in bed_audit.findings(**asked)["too_many"]] == [1]

    def test_a_day_on_which_every_report_said_full_is_told_and_one_free_bed_breaks_it(self):
        report(capacity=10, occupied=10, at=f.NOW)
        report(capacity=10, occupied=10, at=f.NOW + timedelta(hours=1))
        report(hospital=f.hospital(1), capacity=10, occupied=10, at=f.NOW)
        report(hospital=f.hospital(1), capacity=10, occupied=9, at=f.NOW + timedelta(hours=1))
        report(hospital=f.hospital(2), capacity=0, occupied=0, at=f.NOW)
        (day,) = found("full")
        assert (day.hospital, day.reports, day.patients) == (f.hospital().name, 2, 0)

    def test_one_hospital_can_be_asked_for(self):
        report(capacity=10, occupied=10)
        report(hospital=f.hospital(1), capacity=10, occupied=10)
        assert [day.hospital for day in found("full", hospital=f.hospital(1))] == [f.hospital(1).name]


class TestPage:
    @pytest.fixture(params=[Role.DINKES_SERVICES, Role.AUDITOR])
    def reader(self, client, request):
        client.force_login(f.make_user(request.param))

    def test_it_shows_counts_by_hospital_and_the_evidence(self, client, reader):
        sjp = letter()
        report(hospital=sjp.hospital, capacity=10, occupied=7, source=BedSource.API)
        refuse(sjp, at=f.NOW + timedelta(minutes=30), reason="<b>penuh</b>")
        page = client.get(URL, {"month": f"{f.TODAY:%Y-%m}", "hospital": sjp.hospital.pk})
        assert page.context["by_hospital"] == [(sjp.hospital.name, 1, 0, 0, 0)]
        text = page.content.decode()
        assert sjp.referral.number in text
        assert "&lt;b&gt;penuh" in text
        assert "<svg" in text

    @pytest.mark.parametrize(
        "query", [{}, {"month": "x"}, {"month": "0000-00"}, {"month": "2026-11", "hospital": "\x00"}, {"hospital": "9"}]
    )
    def test_strange_questions_break_nothing(self, client, reader, query):
        assert client.get(URL, query).status_code == 200

    def test_the_table_holds_every_row_and_its_making_is_journalled(self, client, reader):
        sjp = letter()
        report(hospital=sjp.hospital, capacity=10, occupied=7)
        refuse(sjp, at=f.NOW + timedelta(minutes=30), reason="=HYPERLINK(1)")
        table = client.get(reverse("reports:bed_audit_csv")).content.decode("utf-8-sig").splitlines()
        assert len(table) == 2
        assert sjp.referral.number in table[1]
        assert "'=HYPERLINK(1)" in table[1]
        assert JournalEntry.objects.filter(verb="bed_audit.export").exists()

    def test_three_statements_find_everything(self, django_assert_num_queries):
        report()
        with django_assert_num_queries(4):  # and the rules of the day
            found("refused")
