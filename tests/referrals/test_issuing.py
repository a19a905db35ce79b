"""One letter, its number, its decision, its events; and everything that must not become a letter."""

import datetime

import pytest

from facilities.enums import Service
from facilities.models import Tariff
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry, NumberSeries, OutboxEvent
from referrals import expiry, issuing
from referrals.coverage import NotCovered
from referrals.models import Referral, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def nothing_written():
    return not (
        Sjp.objects.exists()
        or Referral.objects.exists()
        or NumberSeries.objects.exists()
        or OutboxEvent.objects.exists()
        or JournalEntry.objects.filter(verb="sjp.issue").exists()
    )


def test_a_letter_has_number_validity_frozen_decision_journal_and_event():
    clerk = r.clerk()
    sjp = r.issue(clerk)
    code = clerk.facility.code
    assert sjp.number == f"000001/SJP/{code}/XI/2026"
    assert sjp.referral.number == f"000001/RUJ/{code}/XI/2026"
    assert (sjp.valid_from, sjp.valid_until) == (datetime.date(2026, 11, 22), datetime.date(2026, 12, 21))
    assert sjp.referral.valid_until == datetime.date(2027, 2, 19)
    assert sjp.decision["decision"] == "COVERED"
    assert sjp.decision["scheme"] == sjp.scheme.code == "P6"
    assert sjp.issued_by == clerk
    assert JournalEntry.objects.get(verb="sjp.issue").object_id == sjp.pk
    event = OutboxEvent.objects.get(kind="sjp.issued")
    assert (event.object_id, event.payload["estimate"]) == (sjp.pk, sjp.estimate)


@pytest.mark.parametrize(
    ("service", "specialty", "until"),
    [
        (Service.OUTPATIENT, "INT", datetime.date(2026, 12, 21)),
        (Service.INPATIENT, "INT", datetime.date(2026, 12, 5)),
        (Service.EMERGENCY, "INT", datetime.date(2026, 12, 5)),
        (Service.HAEMODIALYSIS, "HDL", datetime.date(2027, 2, 19)),
    ],
)
def test_the_last_day_follows_the_service_the_first_day_counted(service, specialty, until):
    to = f.hospital(public=True)
    to.specialties.add(specialty)
    f.make_contract(to)
    assert r.issue(to=to, service=service, specialty=r.specialty(specialty)).valid_until == until


def test_numbers_go_on_by_puskesmas_and_start_anew_each_year():
    first, second = r.clerk(), r.clerk(f.puskesmas(1))
    to = r.contracted()
    assert r.issue(first, to=to).number.startswith("000001/")
    assert r.issue(first, to=to).number.startswith("000002/")
    assert r.issue(second, to=to).number.startswith("000001/")


def test_a_refused_letter_gives_its_number_back():
    clerk, to = r.clerk(), r.contracted()
    resident = f.covered_person()
    r.issue(clerk, resident=resident, to=to)
    with pytest.raises(Refused):
        r.issue(clerk, resident=resident, to=to)
    assert r.issue(clerk, to=to).number.startswith("000002/")


def test_a_pbi_member_gets_no_letter_and_is_told_why():
    resident = f.covered_person()
    f.cover_elsewhere(resident, segment=21)
    to, clerk = r.contracted(), r.clerk()
    with pytest.raises(NotCovered) as refusal:
        r.issue(clerk, resident=resident, to=to)
    assert refusal.value.code == "C12"
    assert "JKN/KIS" in refusal.value.message
    assert nothing_written()


def test_who_became_a_pbi_member_between_look_up_and_issue_gets_no_letter():
    resident = f.covered_person()
    clerk, to = r.clerk(), r.contracted()
    draft = r.draft_for(clerk, resident)
    assert draft.lookup.evaluation.covered
    f.cover_elsewhere(resident, segment=21)
    with pytest.raises(NotCovered):
        r.issue(clerk, resident=resident, to=to, draft=draft)
    assert not Sjp.objects.exists()


def test_only_a_clerk_of_the_puskesmas_issues():
    other = f.puskesmas(1)
    for actor in (f.make_user("PUSKESMAS_DOCTOR"), f.make_user("HOSPITAL_DESK"), f.make_user("DINKES_SERVICES")):
        with pytest.raises(NotAllowed):
            r.issue(actor, puskesmas=f.puskesmas())
    with pytest.raises(NotAllowed):
        r.issue(r.clerk(), puskesmas=other)
    assert nothing_written()


def test_a_hospital_without_contract_cannot_be_chosen():
    with pytest.raises(Refused) as refusal:
        r.issue(to=f.hospital(public=True))
    assert refusal.value.code == "C28"
    assert nothing_written()


def test_a_contract_without_the_service_is_none_for_it():
    to = r.contracted(services=(Service.INPATIENT,))
    with pytest.raises(Refused) as refusal:
        r.issue(to=to, service=Service.OUTPATIENT)
    assert refusal.value.code == "C28"


def test_a_private_hospital_needs_a_reason_while_an_rsud_could_take_the_patient():
    rsud, private = r.contracted(), r.contracted(public=False)
    assert rsud.specialties.filter(pk="INT").exists()
    with pytest.raises(Refused) as refusal:
        r.issue(to=private)
    assert refusal.value.code == "RSUD_FIRST"
    assert r.issue(to=private, pass_over_reason="RSUD_FULL").referral.pass_over_reason == "RSUD_FULL"


def test_without_a_fitting_rsud_the_reason_writes_itself():
    private = r.contracted(public=False)
    assert r.issue(to=private).referral.pass_over_reason == "RSUD_CANNOT"


def test_a_second_letter_for_the_same_is_refused_naming_the_first_of_whatever_puskesmas():
    resident, to = f.covered_person(), r.contracted()
    first = r.issue(r.clerk(), resident=resident, to=to)
    with pytest.raises(Refused) as refusal:
        r.issue(r.clerk(f.puskesmas(1)), resident=resident, to=to)
    assert first.number in refusal.value.message
    assert f.puskesmas().name in refusal.value.message
    assert Sjp.objects.count() == 1


def test_another_specialty_is_another_letter():
    resident, to = f.covered_person(), r.contracted()
    r.issue(resident=resident, to=to)
    r.issue(resident=resident, to=to, specialty=r.specialty("BED"))
    assert Sjp.objects.filter(resident=resident).count() == 2


def test_the_same_draft_sent_twice_becomes_one_letter():
    resident, clerk, to = f.covered_person(), r.clerk(), r.contracted()
    draft = r.draft_for(clerk, resident, complaint="Demam")
    first = r.issue(clerk, resident=resident, to=to, draft=draft)
    second = r.issue(clerk, resident=resident, to=to, draft=draft)
    assert first.pk == second.pk
    assert Sjp.objects.count() == 1
    draft.refresh_from_db()
    assert draft.answers == {}


def test_the_estimate_is_the_mean_class_three_tariff_of_the_hospitals_kind():
    to = r.contracted()
    amounts = Tariff.objects.filter(
        tariff_code=to.tariff_code, regional=to.tariff_regional, care_type=2, care_class=3
    ).values_list("amount", flat=True)
    assert r.issue(to=to).estimate == round(sum(amounts) / len(amounts))


def test_without_a_tariff_table_the_schemes_estimate_stands_in():
    Tariff.objects.all().delete()
    assert r.issue().estimate == 300_000
    assert r.issue(service=Service.INPATIENT, to=r.contracted(1)).estimate == 4_000_000


def test_cancelling_frees_the_letter_the_referral_and_the_reservation():
    clerk = r.clerk()
    sjp = issuing.cancel(sjp=r.issue(clerk), actor=clerk, at=r.AT, reason="Salah rumah sakit")
    sjp.referral.refresh_from_db()
    assert (sjp.state, sjp.reason, sjp.referral.state) == ("CANCELLED", "Salah rumah sakit", "CANCELLED")
    assert (sjp.cancelled_at, sjp.cancelled_by) == (r.AT, clerk)
    assert OutboxEvent.objects.get(kind="sjp.released").payload == {"why": "cancel"}


def test_after_cancelling_a_new_letter_is_possible():
    clerk, resident, to = r.clerk(), f.covered_person(), r.contracted()
    issuing.cancel(sjp=r.issue(clerk, resident=resident, to=to), actor=clerk, at=r.AT, reason="Salah poli")
    assert r.issue(clerk, resident=resident, to=to).state == "ISSUED"


def test_nothing_ends_without_a_reason():
    clerk = r.clerk()
    sjp = r.issue(clerk)
    for reason in ("", "   "):
        with pytest.raises(Refused):
            issuing.cancel(sjp=sjp, actor=clerk, at=r.AT, reason=reason)
    assert Sjp.objects.get().state == "ISSUED"


def test_a_clerk_of_another_puskesmas_cannot_cancel():
    sjp = r.issue()
    with pytest.raises(NotAllowed):
        issuing.cancel(sjp=sjp, actor=r.clerk(f.puskesmas(1)), at=r.AT, reason="x")


def test_a_used_letter_is_revoked_by_dinkes_and_not_cancelled():
    clerk, dinkes = r.clerk(), f.make_user("DINKES_SERVICES")
    sjp = r.issue(clerk)
    r.admit(sjp)
    with pytest.raises(WrongState):
        issuing.cancel(sjp=sjp, actor=clerk, at=r.AT, reason="terlambat")
    sjp = issuing.revoke(sjp=sjp, actor=dinkes, at=r.AT, reason="identitas palsu")
    assert (sjp.state, sjp.revoked_by) == ("REVOKED", dinkes)
    assert OutboxEvent.objects.filter(kind="sjp.released", object_id=sjp.pk).count() == 1


def test_a_new_sjp_follows_from_a_referral_still_valid():
    clerk = r.clerk()
    old = r.issue(clerk)
    expiry.expire(on=old.valid_until + datetime.timedelta(days=1), at=r.AT)
    at = r.AT + datetime.timedelta(days=31)
    f.fresh_sources(on=f.TODAY + datetime.timedelta(days=31), at=at)
    new = issuing.renew(referral=old.referral, actor=clerk, at=at)
    assert new.referral_id == old.referral_id
    assert new.valid_from == datetime.date(2026, 12, 23)
    assert new.number.startswith("000002/SJP/")


def test_no_new_sjp_from_a_referral_whose_time_is_over():
    clerk = r.clerk()
    old = r.issue(clerk)
    expiry.expire(on=old.referral.valid_until + datetime.timedelta(days=1), at=r.AT)
    with pytest.raises(WrongState):
        issuing.renew(referral=old.referral, actor=clerk, at=r.AT + datetime.timedelta(days=90))
