"""Who is told what: each act of the line reaches the desks and families it concerns, and no one else."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from facilities import bed_board, contracts
from facilities.enums import Role
from facilities.notices import settle_silence
from ksb.core import outbox
from ksb.core.models import Delivery, Notice, OutboxEvent
from ksb.core.notices import delivery
from ksb.core.notices.kinds import all_kinds
from participants import enrolment, newborns, printing, runs
from referrals import approval, escalation, extension, hospital, issuing
from referrals import newborns as newborn_letters
from referrals.emergency import deciding, reporting
from referrals.models import Escalation
from tests import factories as f
from tests.budget import test_payments as b
from tests.facilities.factories import report as report_wards
from tests.participants import factories as p
from tests.participants.snapshots import DAY, people, take
from tests.referrals import emergencies as e
from tests.referrals import factories as r
from tests.support.gateway import MessageGateway
from tests.verification import factories as v
from verification import minutes
from verification.enums import Outcome

pytestmark = pytest.mark.django_db


@pytest.fixture
def gateway(settings):
    with MessageGateway() as office:
        settings.NOTICE_SENDERS = settings.NOTICE_SENDERS | {"SMS": office.setting}
        yield office


def told(actor):
    """Kinds of the unread notices of ``actor`` once everything waiting was handled, oldest first."""
    outbox.drain()
    assert not OutboxEvent.objects.exclude(error="").exists()
    return list(Notice.objects.visible_to(actor).unread().order_by("id").values_list("kind", flat=True))


def told_family(household):
    outbox.drain()
    return list(Notice.objects.of_party(household).order_by("id").values_list("kind", flat=True))


class TestFamilies:
    def test_an_approval_and_a_ready_card_reach_the_family_by_telephone_and_on_its_page(self, gateway):
        card = p.make_card(state="READY")
        assert told_family(card.household) == ["enrolment.approved", "card.ready"]
        delivery.deliver(at=f.NOW + datetime.timedelta(hours=1))
        assert [message["to"] for message in gateway.taken] == ["081234567890"] * 2
        first, second = (message["text"] for message in gateway.taken)
        assert card.enrolment.number in first
        assert card.batch.place.name in second

    def test_a_message_names_nobody_and_no_number_of_a_person(self, gateway):
        card = p.make_card(state="READY")
        p.make_rejected()
        outbox.drain()
        delivery.deliver(at=f.NOW + datetime.timedelta(hours=1))
        head = card.household.head
        for message in gateway.taken:
            assert not {head.nik, card.household.kk_number, head.name} & set(message["text"].split())
            assert head.name not in message["text"]

    def test_a_rejection_reaches_the_family(self):
        assert told_family(p.make_rejected().household) == ["enrolment.rejected"]

    def test_a_family_sent_back_twice_is_told_twice(self):
        application = p.make_application()
        sent_back = {"reason_code": "DOCUMENTS_MISSING", "reason": "KK buram", "at": f.NOW}
        enrolment.send_back(enrolment=application, actor=p.verifier(), **sent_back)
        enrolment.resubmit(
            enrolment=application, documents=p.DOCUMENTS, phone="0812", actor=application.created_by, at=f.NOW
        )
        enrolment.send_back(enrolment=application, actor=p.verifier(), **sent_back)
        assert told_family(application.household) == ["enrolment.sent_back"] * 2

    def test_without_an_address_the_family_reads_it_on_its_page(self, gateway):
        application = p.make_compared()
        type(application).objects.filter(pk=application.pk).update(phone="")
        application.refresh_from_db()
        enrolment.approve(enrolment=application, actor=p.keeper(), at=f.NOW)
        assert told_family(application.household) == ["enrolment.approved"]
        assert not Delivery.objects.exists()

    def test_the_familys_page_shows_what_it_was_told(self, client):
        household = p.make_card(state="READY").household
        outbox.drain()
        head = household.head
        details = {"kk_number": household.kk_number, "nik": head.nik, "birth_date": f"{head.birth_date:%d-%m-%Y}"}
        client.post(reverse("resident:check"), details)
        page = client.get(reverse("resident:family")).content.decode()
        assert household.cards.get().batch.place.name in page

    def test_no_cards_are_ready_before_the_service_point_has_them(self):
        card = p.make_card(state="PRINTED")
        assert "card.ready" not in told_family(card.household)
        printing.deliver(batch=card.batch, actor=p.clerk(), at=f.NOW)
        assert "card.ready" in told_family(card.household)


class TestLetters:
    def test_a_letter_is_told_to_the_hospital_and_settled_by_the_arrival(self):
        sjp = r.issue()
        desk = r.desk(sjp.hospital)
        assert told(desk) == ["sjp.issued"]
        notice = Notice.objects.visible_to(desk).get()
        assert notice.address == reverse("referrals:letter", args=[sjp.public_id])
        assert sjp.resident.name not in notice.text
        r.admit(sjp, desk)
        assert told(desk) == []

    def test_a_refusal_is_told_to_the_clerks_of_the_puskesmas(self):
        clerk, other = r.clerk(), r.clerk(f.puskesmas(1))
        sjp = r.issue(clerk)
        hospital.refuse(sjp=sjp, code="NO_BED", reason="Penuh", actor=r.desk(sjp.hospital), at=f.NOW)
        assert told(clerk) == ["referral.refused"]
        assert told(other) == []
        assert told(r.desk(sjp.hospital)) == []

    def test_a_revoked_letter_is_told_to_desk_and_billing(self):
        sjp = r.issue()
        issuing.revoke(sjp=sjp, actor=f.make_user(Role.DINKES_SERVICES), at=f.NOW, reason="Salah orang")
        assert told(r.desk(sjp.hospital)) == ["sjp.revoked"]
        assert told(f.make_user(Role.HOSPITAL_BILLER, facility=sjp.hospital)) == ["sjp.revoked"]

    def test_a_newborns_request_and_its_refusal(self):
        desk, clerk = r.desk(r.contracted()), r.clerk()
        child = r.birth(desk, f.covered_person(sex=2), puskesmas=clerk.facility)
        asked = r.ask_for(child, desk)
        assert told(clerk) == ["newborn.asked"]
        newborn_letters.decline(asked=asked, actor=clerk, at=f.NOW, reason="Sehat")
        assert told(desk) == ["newborn.declined"]

    def test_a_child_without_nik_is_called_to_mind_at_its_puskesmas_and_its_family(self):
        desk, clerk, mother = r.desk(r.contracted()), r.clerk(), f.covered_person(sex=2)
        r.birth(desk, mother, puskesmas=clerk.facility)
        newborns.remind(on=f.TODAY + datetime.timedelta(days=7))
        newborns.remind(on=f.TODAY + datetime.timedelta(days=8))
        assert told(clerk) == ["newborn.without_nik"]
        assert told_family(mother.household) == ["newborn.register"]


class TestOfficers:
    def test_an_emergency_goes_back_and_forth_between_hospital_and_officer(self):
        notice = e.report()
        desk, officer = notice.reported_by, e.officer()
        assert told(officer) == ["emergency.reported"]
        deciding.ask(notice=notice, question="Kriteria?", until=f.NOW + 5 * e.HOUR, actor=officer, at=f.NOW + e.HOUR)
        assert told(desk) == ["emergency.asked"]
        reporting.answer(notice=notice, text="Diperbaiki", actor=desk, at=f.NOW + 2 * e.HOUR)
        assert told(desk) == []
        deciding.approve(notice=notice, actor=officer, at=f.NOW + 3 * e.HOUR)
        assert "emergency.approved" in told(desk)
        assert told(officer) == []

    def test_a_case_without_a_hospital_calls_the_duty_officer_and_comes_back_to_the_clerk(self):
        officer = r.officer()
        type(officer).objects.filter(pk=officer.pk).update(email="jaga@contoh.id")
        clerk = r.refused_thrice().issued_by
        assert "escalation.opened" in told(officer)
        assert Delivery.objects.filter(address="jaga@contoh.id").exists()
        case = Escalation.objects.get()
        escalation.take(escalation=case, actor=officer, at=f.NOW + 4 * r.LATER)
        assert "escalation.opened" not in told(officer)
        unmet = {"reason": "NO_BED_IN_CITY", "note": "Lima RS ditelepon."}
        escalation.give_up(escalation=case, actor=officer, at=f.NOW + 5 * r.LATER, **unmet)
        assert told(clerk)[-1] == "escalation.unmet"

    def test_a_letter_beyond_the_limits_waits_at_dinkes_and_is_told_when_it_is_decided(self):
        clerk, officer = r.clerk(), r.officer()
        sjp = r.issue(clerk, to=r.outside())
        assert (told(officer), told(r.desk(sjp.hospital))) == (["sjp.to_approve"], [])
        approval.approve(sjp=sjp, actor=officer, at=f.NOW + r.LATER)
        assert (told(officer), told(clerk)) == ([], ["sjp.approved"])
        assert told(r.desk(sjp.hospital)) == ["sjp.issued"]
        other = r.issue(clerk, to=r.outside())
        approval.decline(sjp=other, actor=officer, at=f.NOW + r.LATER, reason="Dapat dilayani di RSUD")
        assert told(clerk) == ["sjp.approved", "sjp.declined"]

    def test_an_extension_is_asked_for_and_answered(self):
        sjp = r.issue(service="INPATIENT")
        desk, officer = r.desk(sjp.hospital), r.officer()
        r.admit(sjp, desk)
        sjp.refresh_from_db()
        later = f.NOW + datetime.timedelta(days=10)
        why = {"doctor_name": "dr. Rahma, Sp.PD", "reason": "Infus belum selesai."}
        asked = extension.request(sjp=sjp, actor=desk, at=later, **why)
        assert told(officer) == ["extension.asked"]
        extension.grant(extension=asked, actor=officer, at=later)
        assert (told(officer), told(desk)) == ([], ["extension.granted"])


class TestClaimsAndMoney:
    def test_a_verifier_is_told_of_the_batch_and_the_hospital_once_of_what_comes_back(self):
        batch, reader = v.assigned(v.submitted(claims=2))
        assert told(reader) == ["batch.assigned"]
        for claim in batch.claims.all():
            v.decide(claim, reader, Outcome.RETURN, reason="Resume tidak ada")
        assert told(f.make_user(Role.HOSPITAL_BILLER, facility=batch.hospital)) == ["claims.returned"]

    def test_a_bahv_is_told_to_each_who_signs_in_turn(self):
        batch, reader = v.decided()
        director = f.make_user(Role.HOSPITAL_DIRECTOR, facility=batch.hospital)
        type(director).objects.filter(pk=director.pk).update(email="direktur@contoh.id")
        dinkes = f.make_user(Role.DINKES_SERVICES)
        bahv = minutes.draw(batch=batch, actor=reader, at=f.NOW)
        assert told(director) == ["bahv.to_sign"]
        assert Delivery.objects.get().address == "direktur@contoh.id"
        bahv = minutes.sign_hospital(bahv=bahv, actor=director, at=f.NOW)
        assert told(director) == []
        assert "bahv.to_sign" in told(reader)
        bahv = minutes.sign_verifier(bahv=bahv, actor=reader, at=f.NOW)
        assert told(dinkes) == ["bahv.to_sign"]
        minutes.approve(bahv=bahv, actor=dinkes, at=f.NOW)
        assert told(dinkes) == []

    def test_a_payment_is_told_to_the_hospital(self):
        payment = b.propose()
        for step in b.STEPS:
            payment = b.record(payment, step, number=f"{step}/1")
        director = f.make_user(Role.HOSPITAL_DIRECTOR, facility=payment.hospital)
        assert told(director)[-1] == "payment.made"
        assert "Rp" in Notice.objects.visible_to(director).last().text


class TestNetwork:
    def test_an_agreement_that_ends_is_told_to_dinkes_and_the_director_once_a_threshold(self):
        place = f.make_facility()
        f.make_contract(place, until=f.TODAY + datetime.timedelta(days=61))
        dinkes, director = f.make_user(Role.DINKES_SERVICES), f.make_user(Role.HOSPITAL_DIRECTOR, facility=place)
        for days in (0, 1, 35):
            contracts.warn(on=f.TODAY + datetime.timedelta(days=days))
        assert told(director) == ["contract.ending"] * 2
        assert told(dinkes) == ["contract.ending"] * 2

    def test_a_hospital_silent_about_its_beds_is_told_once_a_day(self):
        desk, dinkes = r.desk(r.contracted()), f.make_user(Role.DINKES_SERVICES)
        for hours in (0, 1, 24):
            bed_board.tell_silence(at=f.NOW + datetime.timedelta(hours=hours))
        assert (told(desk), told(dinkes)) == (["beds.stale"] * 2, ["beds.silent"] * 2)
        later = timezone.now() + datetime.timedelta(hours=1)
        assert settle_silence(at=later) == 0  # still silent
        report_wards(hospital=desk.facility, at=later)
        assert settle_silence(at=later) == 4
        assert (told(desk), told(dinkes)) == ([], [])


class TestFiles:
    def test_an_unusual_file_is_told_to_both_offices_until_somebody_decides(self, tmp_path):
        city = people(60)
        take(tmp_path, city)
        run = take(tmp_path, city[20:], day=DAY + datetime.timedelta(days=1))
        offices = [f.make_user(role) for role in (Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR)]
        assert [told(office) for office in offices] == [["sync.held"]] * 2
        assert Notice.objects.filter(kind="sync.held").last().address == reverse("participants:sync_run", args=[run.pk])
        runs.refuse(run=run, actor=offices[0], at=f.NOW, reason="Salah berkas")
        assert told(offices[0]) == []

    def test_a_file_that_broke_off_is_told(self, tmp_path):
        run = take(tmp_path, people(3))
        type(run).objects.filter(pk=run.pk).update(state="STAGED")
        run.refresh_from_db()
        runs.give_up(run, ValueError("x"), actor=None, at=f.NOW)
        assert told(f.make_user(Role.DINKES_MEMBERSHIP)) == ["sync.failed"]


@pytest.mark.parametrize("kind", [one for one in all_kinds() if one.route], ids=lambda one: one.code)
def test_the_page_of_a_kind_exists(kind):
    link = "7" if kind.code.startswith("sync.") else "7c1f1a3e-0000-4000-8000-000000000000"
    assert kind.address(link).startswith("/")
