"""From hospital to hospital: one referral, one child letter, two stays that do not overlap."""

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.enums import Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import OutboxEvent
from referrals import escalation, hospital, letters, moves
from referrals.enums import MoveDirection, ReferralReason
from referrals.models import Escalation, Referral, Sjp
from tests.referrals import factories as r
from tests.referrals.test_at_once import at_once

pytestmark = pytest.mark.django_db
FOUND = {
    "complaint": "Sesak berat, perlu ventilator.",
    "findings": "SpO2 84, napas 36.",
    "therapy": "O2 15 lpm.",
    "doctor_name": "dr. Bayu, Sp.PD",
    "reason": ReferralReason.EQUIPMENT,
    "direction": MoveDirection.UP,
}


def in_care(**values):
    """The letter of a patient admitted to the first hospital."""
    sjp = r.issue(service=Service.INPATIENT, **values)
    r.admit(sjp, at=r.AT)
    sjp.refresh_from_db()
    return sjp


def ask(sjp, to, *, actor=None, at=r.AT + 2 * r.LATER, **values):
    about = {"service": Service.INPATIENT, "specialty": sjp.specialty, "diagnosis": sjp.diagnosis, **FOUND, **values}
    return moves.request(sjp=sjp, actor=actor or r.desk(sjp.hospital), at=at, hospital=to, **about)


def accepted(child):
    hospital.accept(referral=child.referral, actor=r.desk(child.hospital), at=r.AT + 2 * r.LATER)
    child.refresh_from_db()
    child.referral.refresh_from_db()
    return child


@pytest.fixture
def sjp():
    return in_care()


def test_the_child_letter_goes_on_from_the_first_without_a_new_puskesmas_visit(sjp):
    to = r.contracted(1)
    child = ask(sjp, to)
    assert (child.parent, child.hospital, child.issuing_hospital) == (sjp, to, sjp.hospital)
    assert (child.puskesmas, child.referral.issuing_hospital) == (sjp.puskesmas, sjp.hospital)
    assert all(sjp.hospital.code in number for number in (child.number, child.referral.number))
    assert OutboxEvent.objects.filter(kind="sjp.issued", object_id=child.pk).exists()


def test_both_papers_name_the_hospital_that_sends(sjp):
    child = ask(sjp, r.contracted(1))
    assert child.letter["kind"].startswith("pindah rumah sakit dari")
    assert child.referral.letter["puskesmas"]["code"] == sjp.hospital.code
    assert child.referral.letter["direction"]
    assert letters.referral_letter(child.referral).unit.name == sjp.hospital.name


def test_out_of_one_hospital_and_into_the_other_on_one_day(sjp):
    child = accepted(ask(sjp, r.contracted(1)))
    with pytest.raises(Refused):
        r.admit(child, at=r.AT + 3 * r.LATER)
    moves.depart(child=child, actor=r.desk(sjp.hospital), at=r.AT + 3 * r.LATER)
    sjp.refresh_from_db()
    assert sjp.state == "SERVICE_DONE"
    assert sjp.episodes.get().discharge_status == 2
    r.admit(child, at=r.AT + 4 * r.LATER)
    child.refresh_from_db()
    assert child.state == "USED"


def test_nobody_leaves_before_the_other_hospital_has_accepted(sjp):
    child = ask(sjp, r.contracted(1))
    with pytest.raises(WrongState):
        moves.depart(child=child, actor=r.desk(sjp.hospital), at=r.AT + 3 * r.LATER)


def test_refused_the_next_hospital_is_asked(sjp):
    child = ask(sjp, r.contracted(1))
    r.refuse(child, at=r.AT + 3 * r.LATER)
    assert moves.refusals(sjp) == 1
    assert ask(sjp, r.contracted(2)).state == "ISSUED"


def test_three_refusals_of_a_move_are_one_case_and_call_the_duty_officer(sjp):
    for number in (1, 2, 3):
        child = ask(sjp, r.contracted(number), at=r.AT + number * r.LATER)
        assert child.referral.answer_due > r.AT + number * r.LATER
        r.refuse(child, at=r.AT + number * r.LATER + r.LATER / 6)
    case = Escalation.objects.get()
    assert (case.referral, case.puskesmas, case.ward) == (child.referral, sjp.puskesmas, "CLASS_3")
    assert [letter.hospital for letter in escalation.letters_of(case)] == [r.contracted(n) for n in (1, 2, 3)]


def test_one_question_at_a_time(sjp):
    ask(sjp, r.contracted(1))
    with pytest.raises(WrongState):
        ask(sjp, r.contracted(2), specialty=r.specialty("BED"))


def test_only_a_patient_in_care_is_referred_on():
    unused = r.issue(service=Service.INPATIENT)
    with pytest.raises(WrongState):
        ask(unused, r.contracted(1))
    gone = r.done(r.issue(service=Service.INPATIENT))
    with pytest.raises(WrongState):
        ask(gone, r.contracted(1))


def test_only_by_the_hospital_that_has_the_patient(sjp):
    with pytest.raises(NotAllowed):
        ask(sjp, r.contracted(1), actor=r.desk(r.contracted(2)))
    with pytest.raises(Refused):
        ask(sjp, sjp.hospital)


def test_out_of_the_city_dinkes_decides_first(sjp):
    child = ask(sjp, r.outside())
    assert child.state == "WAITING"
    assert Sjp.objects.visible_to(r.desk(sjp.hospital)).filter(pk=child.pk).exists()
    assert not Sjp.objects.visible_to(r.desk(child.hospital)).filter(pk=child.pk).exists()


def test_the_hospital_takes_its_own_letter_back_and_no_other(client, sjp):
    child = ask(sjp, r.contracted(1))
    client.force_login(r.desk(child.hospital))
    address = reverse("referrals:withdraw", args=[child.public_id])
    assert client.post(address, {"reason": "Membaik"}).status_code == 403
    client.force_login(r.desk(sjp.hospital))
    assert client.post(address, {"reason": "Membaik"}).status_code == 302
    child.refresh_from_db()
    assert (child.state, child.referral.state) == ("CANCELLED", "CANCELLED")


def test_the_database_knows_no_move_without_direction_or_to_the_same_hospital(sjp):
    child = ask(sjp, r.contracted(1))
    for wrong in ({"direction": ""}, {"hospital": sjp.hospital}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Referral.objects.filter(pk=child.referral_id).update(**wrong)


@pytest.mark.django_db(transaction=True)
def test_two_desks_of_one_hospital_refer_once():
    sjp = in_care()
    places, desks = [r.contracted(1), r.contracted(2)], [r.desk(sjp.hospital) for _ in range(2)]
    at_once(*(lambda n=n: ask(sjp, places[n], actor=desks[n]) for n in range(2)))
    assert sjp.children.count() == 1


def test_the_desk_refers_on_and_registers_the_departure(client, sjp):
    to = r.contracted(1)
    client.force_login(r.desk(sjp.hospital))
    address = reverse("referrals:move", args=[sjp.public_id])
    assert address in client.get(reverse("referrals:letter", args=[sjp.public_id])).content.decode()
    page = client.get(address)
    listed = [option.hospital.pk for option in page.context["form"].suitable]
    assert to.pk in listed
    assert sjp.hospital_id not in listed
    answers = {**FOUND, "service": "INPATIENT", "specialty": "INT", "diagnosis": "J18.9"}
    shown = client.post(address, {**answers, "show": "hospitals"})
    assert shown.status_code == 200
    assert not shown.context["form"].errors
    assert FOUND["complaint"] in shown.content.decode()
    assert client.post(address, answers).context["form"].errors["hospital"]
    assert client.post(address, {**answers, "hospital": to.pk}).status_code == 302
    child = accepted(Sjp.objects.get(parent=sjp))
    page = reverse("referrals:letter", args=[child.public_id])
    depart = reverse("referrals:depart", args=[child.public_id])
    assert depart in client.get(page).content.decode()
    assert client.post(depart).status_code == 302
    assert client.post(depart).status_code == 409
    for name in ("sjp_text", "referral_text"):
        assert client.get(reverse(f"referrals:{name}", args=[child.public_id])).status_code == 200
