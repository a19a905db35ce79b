"""Table C, row by row: who is covered, and why not."""

import datetime

import pytest

from facilities.enums import Service
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters
from participants.eligibility import Cause, Complement, Effect, evaluate
from participants.enums import CardState, CoverageSource, Decision, EnrolmentState, SyncKind
from participants.models import Card, FormerNik
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    covered_person,
    enrol,
    fresh_sources,
    hospital,
    make_contract,
    make_facility,
    make_household,
    make_resident,
    make_run,
    puskesmas,
    system,
)

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = datetime.timedelta(days=1)


def judge(person, on=TODAY, at=NOW, service=Service.OUTPATIENT, **asked):
    return evaluate(person, on=on, at=at, service=service, **asked)


def decided(evaluation):
    return evaluation.decision, evaluation.headline_rule


def applying(evaluation):
    return [reason.rule for reason in evaluation.applying]


def reason(evaluation, rule):
    return next(r for r in evaluation.applying if r.rule == rule)


def change_scheme(code="P6", **parameters):
    SchemeVersion.objects.filter(code=code).update(parameters=Parameters(**parameters).as_json())


# C01 programme


def test_c01_no_scheme_in_force_on_the_date():
    evaluation = judge(covered_person(), on=D(2013, 6, 1))
    assert decided(evaluation) == (Decision.EXCLUDED_PROGRAM_BERHENTI, "C01")
    assert evaluation.scheme_code is None
    assert "1 June 2013" in evaluation.headline.message_en


def test_c01_programme_suspended_says_since_when():
    change_scheme(open=False)
    evaluation = judge(covered_person())
    assert decided(evaluation) == (Decision.EXCLUDED_PROGRAM_BERHENTI, "C01")
    assert "1 January 2025" in evaluation.headline.message_en


# C02 registry


@pytest.mark.parametrize("nik", ["3275019999999999", "327501999999999", "", "32750199999999990", "ABC"])
def test_c02_nik_unknown_or_malformed_is_not_found(nik):
    covered_person()
    evaluation = judge(nik)
    assert decided(evaluation) == (Decision.EXCLUDED_NIK_TIDAK_DITEMUKAN, "C02")
    assert evaluation.scheme_code == "P6"
    assert not evaluation.covered


def test_c02_person_gone_from_the_registry_is_not_found_from_that_day():
    person = covered_person(status=9, status_on=TODAY)
    assert decided(judge(person)) == (Decision.EXCLUDED_NIK_TIDAK_DITEMUKAN, "C02")
    assert judge(person, on=TODAY - DAY).covered


def test_c02_a_replaced_nik_still_finds_its_person():
    person = covered_person()
    FormerNik.objects.create(nik="3275010101019999", resident=person, run=make_run())
    assert judge("3275010101019999").resident_id == person.pk


# C03 death, C04 double NIK


def test_c03_not_covered_after_the_date_of_death():
    person = covered_person(status=1, status_on=TODAY - DAY)
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.EXCLUDED_MENINGGAL, "C03")
    assert "21 November 2026" in evaluation.headline.message_en


def test_c03_covered_on_the_day_of_death():
    person = covered_person(status=1, status_on=TODAY)
    evaluation = judge(person)
    assert evaluation.covered
    assert evaluation.next_change_on == TODAY + DAY


def test_c03_death_without_a_date_excludes_on_any_day():
    assert decided(judge(covered_person(status=1)))[1] == "C03"


def test_c04_double_or_deactivated_nik():
    person = covered_person(status=3, status_on=TODAY)
    assert decided(judge(person)) == (Decision.EXCLUDED_NIK_GANDA, "C04")
    assert judge(person, on=TODAY - DAY).covered


# C05 residence, C07 waiting period


def test_c05_moved_out_is_no_resident_from_that_day():
    person = covered_person(status=2, status_on=TODAY, city_code="32.16")
    assert decided(judge(person)) == (Decision.EXCLUDED_BUKAN_WARGA, "C05")
    before = judge(person, on=TODAY - DAY)
    assert before.covered
    assert before.next_change_on == TODAY


def test_c05_address_in_another_city():
    assert decided(judge(covered_person(city_code="32.16")))[1] == "C05"


def test_c05_not_yet_registered_here_on_the_service_date():
    person = covered_person(resident_since=D(2026, 11, 23))
    assert decided(judge(person))[1] == "C05"


def test_c05_residence_comes_from_the_address_and_not_from_the_nik():
    assert judge(covered_person(nik="3171010101900001")).covered
    assert not judge(covered_person(nik="3275010101900001", city_code="31.71")).covered


def test_c07_waiting_period_says_since_when_and_until_when():
    person = covered_person(resident_since=D(2026, 6, 1))
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.EXCLUDED_MASA_TUNGGU, "C07")
    assert "1 June 2026" in evaluation.headline.message_en
    assert "1 December 2026" in evaluation.headline.message_en
    assert evaluation.facts["waiting_until"] == D(2026, 12, 1)


def test_c07_covered_on_the_day_residence_is_exactly_six_months():
    assert judge(covered_person(resident_since=D(2026, 5, 22))).covered
    waiting = judge(covered_person(resident_since=D(2026, 5, 23)))
    assert waiting.headline_rule == "C07"
    assert waiting.next_change_on == TODAY + DAY  # the sources become too old before anything else changes


@pytest.mark.parametrize(
    ("since", "first_day"),
    [
        (D(2025, 8, 31), D(2026, 2, 28)),
        (D(2027, 8, 31), D(2028, 2, 29)),
        (D(2027, 8, 29), D(2028, 2, 29)),
        (D(2028, 2, 29), D(2028, 8, 29)),
    ],
)
def test_c07_months_end_on_the_last_day_where_there_is_no_such_day(since, first_day):
    person = covered_person(resident_since=since)
    make_run(SyncKind.REGISTRY, snapshot_date=first_day, at=NOW)
    make_run(SyncKind.JKN, snapshot_date=first_day, at=NOW)
    assert judge(person, on=first_day - DAY, at=NOW).headline_rule == "C07"
    assert judge(person, on=first_day, at=NOW).headline_rule in ("C34", "C32")


def test_c07_who_was_born_here_never_waits():
    born = TODAY - 40 * DAY
    assert judge(covered_person(birth_date=born, resident_since=born, ektp_recorded=False)).covered
    reported_late = covered_person(birth_date=born, resident_since=born + 30 * DAY, ektp_recorded=False)
    assert judge(reported_late).covered


def test_c07_no_waiting_period_when_the_scheme_has_none():
    person = covered_person(resident_since=D(2019, 5, 1))
    person.household.enrolments.update(registered_on=D(2018, 1, 1))
    assert judge(person, on=D(2019, 5, 2)).scheme_code == "P3"
    assert judge(person, on=D(2019, 5, 2)).covered


# C08, C09 membership


def test_c08_family_not_registered():
    person = make_resident()
    fresh_sources()
    assert decided(judge(person)) == (Decision.EXCLUDED_BELUM_TERDAFTAR, "C08")


@pytest.mark.parametrize("state", [EnrolmentState.DRAFT, EnrolmentState.SUBMITTED, EnrolmentState.NEEDS_CORRECTION])
def test_c08_an_application_is_no_membership(state):
    person = make_resident()
    enrol(person.household, state=state, registered_on=None)
    fresh_sources()
    assert judge(person).headline_rule == "C08"


def test_c08_membership_begins_on_its_first_day():
    person = make_resident()
    enrol(person.household, registered_on=TODAY)
    fresh_sources()
    assert judge(person).covered
    assert judge(person, on=TODAY - DAY).headline_rule == "C08"


def test_c08_only_a_warning_in_an_emergency():
    person = make_resident()
    fresh_sources()
    evaluation = judge(person, service=Service.EMERGENCY)
    assert evaluation.covered
    assert reason(evaluation, "C08").effect == Effect.WARNS
    assert not reason(evaluation, "C08").blocking


def test_c08_registration_not_required_under_lkm():
    person = make_resident()
    fresh_sources()
    evaluation = judge(person, on=D(2021, 5, 1))
    assert evaluation.scheme_code == "P4"
    assert evaluation.covered


def test_c09_suspended_membership_says_why():
    person = make_resident()
    enrol(
        person.household,
        state=EnrolmentState.SUSPENDED,
        reason_code="SANCTION",
        suspended_at=NOW,
        suspended_by=system(),
    )
    fresh_sources()
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.EXCLUDED_SANKSI, "C09")
    assert "sanction" in evaluation.headline.message_en
    assert judge(person, on=TODAY - DAY).covered
    assert judge(person, service=Service.EMERGENCY).headline_rule == "C09"


def test_c09_ended_membership_until_the_family_registers_again():
    person = make_resident()
    enrol(person.household, state=EnrolmentState.ENDED, registered_on=D(2020, 1, 1), ended_on=D(2026, 11, 1))
    fresh_sources()
    assert decided(judge(person)) == (Decision.EXCLUDED_SANKSI, "C09")
    before = judge(person, on=D(2026, 10, 31))
    assert before.covered
    assert before.next_change_on == D(2026, 11, 1)
    enrol(person.household, registered_on=D(2026, 11, 20))
    assert judge(person).covered


# C10 KTP-el, C11 another family's card


def test_c10_adult_without_ktp_el():
    evaluation = judge(covered_person(ektp_recorded=False))
    assert decided(evaluation) == (Decision.EXCLUDED_BELUM_EKTP, "C10")


def test_c10_begins_on_the_seventeenth_birthday():
    assert judge(covered_person(ektp_recorded=False, birth_date=D(2009, 11, 22))).headline_rule == "C10"
    minor = judge(covered_person(ektp_recorded=False, birth_date=D(2009, 11, 23)))
    assert minor.covered
    assert minor.next_change_on == TODAY + DAY


def test_c10_who_was_born_on_a_leap_day_is_seventeen_on_28_february():
    person = covered_person(ektp_recorded=False, birth_date=D(2008, 2, 29), resident_since=D(2008, 2, 29))
    assert judge(person, on=D(2025, 2, 28)).headline_rule == "C10"
    assert judge(person, on=D(2025, 2, 27)).covered


@pytest.mark.parametrize("marital_status", [2, 3, 4])
def test_c10_who_is_or_was_married_is_an_adult(marital_status):
    person = covered_person(ektp_recorded=False, birth_date=D(2011, 1, 1), marital_status=marital_status)
    assert judge(person).headline_rule == "C10"


def test_c10_days_of_grace_after_the_birthday():
    change_scheme(ktp_grace_days=14)
    assert judge(covered_person(ektp_recorded=False, birth_date=D(2009, 11, 9))).covered
    assert judge(covered_person(ektp_recorded=False, birth_date=D(2009, 11, 8))).headline_rule == "C10"


def test_c10_does_not_hold_in_an_emergency_nor_where_the_scheme_asks_for_none():
    person = covered_person(ektp_recorded=False)
    assert judge(person, service=Service.EMERGENCY).covered
    change_scheme(ktp_el_required=False)
    assert "C10" not in applying(judge(person))


def test_c11_person_not_on_the_card_presented():
    person, other = covered_person(), make_household()
    evaluation = judge(person, household_shown=other)
    assert decided(evaluation) == (Decision.EXCLUDED_BELUM_TERDAFTAR, "C11")
    assert judge(person, household_shown=other, service=Service.EMERGENCY).headline_rule == "C11"
    assert judge(person, household_shown=person.household).covered


# C12 to C15 JKN


def test_c12_pbi_of_the_state_budget():
    person = covered_person()
    cover_elsewhere(person, segment=21)
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.EXCLUDED_PBI_APBN, "C12")
    assert evaluation.headline.blocking
    assert evaluation.headline.source_code == "JKN"
    assert evaluation.headline.source_date == TODAY


def test_c12_does_not_block_before_the_rule():
    change_scheme(pbi_blocks=False)
    person = covered_person()
    cover_elsewhere(person, segment=21)
    evaluation = judge(person)
    assert evaluation.covered
    assert reason(evaluation, "C12").effect == Effect.WARNS


def test_c12_a_monthly_list_counts_until_the_next_one_is_in():
    person = covered_person()
    row = cover_elsewhere(person, segment=21, since=D(2026, 10, 1), until=D(2026, 10, 31))
    assert judge(person, on=D(2026, 11, 3)).headline_rule == "C12"
    type(row).objects.filter(pk=row.pk).update(open=False)  # the list of November does not name the person
    evaluation = judge(person, on=D(2026, 11, 3))
    assert evaluation.covered
    assert "C15" in applying(evaluation)
    assert judge(person, on=D(2026, 10, 31)).headline_rule == "C12"


def test_c13_pbi_of_the_local_budget():
    person = covered_person()
    cover_elsewhere(person, segment=22)
    assert decided(judge(person)) == (Decision.EXCLUDED_PBI_APBD, "C13")


@pytest.mark.parametrize("segment", [0, 1, 13, 14, 15, 28])
def test_c14_active_jkn_of_any_other_segment(segment):
    person = covered_person()
    cover_elsewhere(person, segment=segment)
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.EXCLUDED_JKN_AKTIF, "C14")
    assert applying(evaluation) == ["C14"]


def test_c14_last_day_of_cover_counts():
    person = covered_person()
    cover_elsewhere(person, segment=13, until=TODAY)
    evaluation = judge(person)
    assert evaluation.headline_rule == "C14"
    assert "22 November 2026" in evaluation.headline.message_en
    assert evaluation.next_change_on == TODAY + DAY
    assert judge(person, on=TODAY + DAY).covered


def test_c14_last_day_does_not_count_where_the_scheme_says_so():
    change_scheme(tat_inclusive=False)
    person = covered_person()
    cover_elsewhere(person, segment=13, until=TODAY)
    assert judge(person).covered
    assert judge(person, on=TODAY - DAY).headline_rule == "C14"


def test_c14_cover_that_begins_later_does_not_count_yet():
    person = covered_person()
    cover_elsewhere(person, segment=13, since=TODAY + DAY)
    evaluation = judge(person)
    assert evaluation.covered
    assert evaluation.next_change_on == TODAY + DAY
    assert "C15" not in applying(evaluation)


def test_c14_also_in_an_emergency():
    person = covered_person()
    cover_elsewhere(person, segment=13)
    assert judge(person, service=Service.EMERGENCY).headline_rule == "C14"


@pytest.mark.parametrize(("status", "until"), [(9, None), (6, None), (0, TODAY - DAY)])
def test_c15_inactive_jkn_is_covered_with_advice(status, until):
    person = covered_person()
    cover_elsewhere(person, segment=14, status=status, until=until)
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.COVERED, "C34")
    assert reason(evaluation, "C15").effect == Effect.INFORMS


def test_c15_is_not_said_to_who_is_excluded():
    person = covered_person(city_code="32.16")
    cover_elsewhere(person, segment=14, status=9)
    assert applying(judge(person)) == ["C05"]


# C17 to C20 other payers


def test_c17_other_insurance_blocks_or_warns_as_the_scheme_says():
    person = covered_person()
    cover_elsewhere(person, segment=0, source=CoverageSource.DECLARED)
    assert decided(judge(person)) == (Decision.EXCLUDED_ASURANSI_LAIN, "C17")
    change_scheme(other_insurance_blocks=False)
    evaluation = judge(person)
    assert evaluation.covered
    assert reason(evaluation, "C17").effect == Effect.WARNS


@pytest.mark.parametrize("segment", [21, 22, 13])
def test_c18_complement_for_active_jkn(segment):
    person = covered_person()
    cover_elsewhere(person, segment=segment)
    evaluation = judge(person, complement=Complement.ASSAULT)
    assert decided(evaluation) == (Decision.COVERED_COMPLEMENTARY, "C18")
    assert "assault" in evaluation.headline.message_en


def test_c18_not_for_a_category_outside_the_list():
    change_scheme(complement_categories=("DISASTER",))
    person = covered_person()
    cover_elsewhere(person, segment=13)
    assert judge(person, complement=Complement.ASSAULT).headline_rule == "C14"


def test_c18_who_has_no_jkn_is_simply_covered():
    assert decided(judge(covered_person(), complement=Complement.ASSAULT)) == (Decision.COVERED, "C34")


def test_c19_traffic_accident_names_the_first_payer():
    evaluation = judge(covered_person(), cause=Cause.TRAFFIC_ACCIDENT)
    assert evaluation.covered
    assert "Jasa Raharja" in reason(evaluation, "C19").message_en


def test_c20_work_accident_is_for_others_to_pay():
    evaluation = judge(covered_person(), cause=Cause.WORK_ACCIDENT)
    assert decided(evaluation) == (Decision.EXCLUDED_ASURANSI_LAIN, "C20")


# C21 to C23 newborns


def mother_and_child(*, age=10, same_family=True, **child):
    mother = covered_person(sex=2, birth_date=D(1995, 1, 1))
    born = TODAY - age * DAY
    household = mother.household if same_family else make_household()
    values = {"birth_date": born, "resident_since": born, "ektp_recorded": False, "mother_nik": mother.nik, **child}
    return mother, make_resident(household, **values)


def test_c21_newborn_of_a_covered_mother():
    _, child = mother_and_child()
    evaluation = judge(child)
    assert decided(evaluation) == (Decision.COVERED_NEWBORN, "C21")
    assert "10 December 2026" in evaluation.headline.message_en


def test_c21_ends_after_28_days():
    assert judge(mother_and_child(age=28)[1]).headline_rule == "C21"
    assert judge(mother_and_child(age=29)[1]).headline_rule == "C34"


def test_c21_overrides_the_registration_of_the_childs_own_family_card():
    mother, child = mother_and_child(same_family=False)
    evaluation = judge(child, household_shown=mother.household)
    assert decided(evaluation) == (Decision.COVERED_NEWBORN, "C21")
    assert [reason(evaluation, code).effect for code in ("C08", "C11")] == [Effect.WARNS, Effect.WARNS]


def test_c21_a_mother_who_still_waits_does_not_cover_her_newborn():
    mother, child = mother_and_child()
    type(mother).objects.filter(pk=mother.pk).update(resident_since=TODAY - 30 * DAY)
    assert judge(child).headline_rule == "C07"


def test_c21_the_mother_stands_for_a_child_without_nik():
    mother, _ = mother_and_child(age=100)
    evaluation = judge(mother, service=Service.NEWBORN, born_on=TODAY - 28 * DAY)
    assert decided(evaluation) == (Decision.COVERED_NEWBORN, "C21")
    assert judge(mother, service=Service.NEWBORN).covered


def test_c02_a_child_without_nik_is_no_longer_covered_after_28_days():
    mother, _ = mother_and_child(age=100)
    evaluation = judge(mother, service=Service.NEWBORN, born_on=TODAY - 29 * DAY)
    assert decided(evaluation) == (Decision.EXCLUDED_NIK_TIDAK_DITEMUKAN, "C02")


@pytest.mark.parametrize(("segment", "decision"), [(21, Decision.EXCLUDED_PBI_APBN), (22, Decision.EXCLUDED_PBI_APBD)])
def test_c22_newborn_of_a_pbi_mother_is_pbi(segment, decision):
    mother, child = mother_and_child()
    cover_elsewhere(mother, segment=segment)
    assert decided(judge(child)) == (decision, "C22")
    assert decided(judge(mother, service=Service.NEWBORN)) == (decision, "C22")


def test_c23_newborn_of_a_mother_with_jkn():
    mother, child = mother_and_child()
    cover_elsewhere(mother, segment=13)
    assert decided(judge(child)) == (Decision.EXCLUDED_JKN_AKTIF, "C23")
    assert decided(judge(mother, service=Service.NEWBORN)) == (Decision.EXCLUDED_JKN_AKTIF, "C23")
    assert judge(mother_and_child(age=29)[1]).covered


# C26 to C28 referral, emergency, contract


def test_c26_hospital_care_needs_a_referral_but_the_person_stays_covered():
    make_contract(place := make_facility())
    evaluation = judge(covered_person(), facility=place, referred=False)
    assert decided(evaluation) == (Decision.COVERED, "C34")
    assert not evaluation.guaranteed
    assert reason(evaluation, "C26").effect == Effect.WITHHOLDS
    assert judge(covered_person(), facility=place, referred=True).guaranteed


def test_c26_not_at_a_puskesmas_not_in_an_emergency_not_before_2018_11():
    make_contract(place := make_facility(), since=D(2017, 1, 1))
    person = covered_person()
    person.household.enrolments.update(registered_on=D(2017, 1, 1))
    assert judge(person, facility=puskesmas(), referred=False).guaranteed
    assert judge(person, facility=place, referred=False, service=Service.EMERGENCY).guaranteed
    assert judge(person, facility=place, referred=False, on=D(2018, 10, 31)).guaranteed
    assert not judge(person, facility=place, referred=False, on=D(2018, 11, 1)).guaranteed


def test_c27_emergency_names_the_reporting_deadline():
    evaluation = judge(covered_person(), service=Service.EMERGENCY)
    assert "72 hours" in reason(evaluation, "C27").message_en


def test_c28_hospital_without_an_agreement_for_the_service():
    place = make_facility()
    person = covered_person()
    assert reason(judge(person, facility=place), "C28").effect == Effect.WITHHOLDS
    make_contract(place, services=[Service.INPATIENT])
    assert not judge(person, facility=place).guaranteed
    assert judge(person, facility=place, service=Service.INPATIENT).guaranteed
    assert not judge(person, facility=place, service=Service.INPATIENT, on=D(2028, 1, 1)).guaranteed


def test_c28_only_a_warning_in_an_emergency():
    evaluation = judge(covered_person(), facility=make_facility(), service=Service.EMERGENCY)
    assert evaluation.guaranteed
    assert reason(evaluation, "C28").effect == Effect.WARNS


# C32 sources


def test_c32_registry_too_old():
    person = make_resident()
    enrol(person.household)
    make_run(SyncKind.REGISTRY, snapshot_date=TODAY - 2 * DAY)
    make_run(SyncKind.JKN)
    assert judge(person).covered
    tomorrow = NOW + DAY
    evaluation = judge(person, on=TODAY + DAY, at=tomorrow)
    assert decided(evaluation) == (Decision.UNKNOWN, "C32")
    assert "20 November 2026" in evaluation.headline.message_en
    assert judge(person, on=TODAY + DAY, at=tomorrow, service=Service.EMERGENCY).covered


def test_c32_counts_from_the_end_of_the_day_of_the_file():
    person = make_resident()
    enrol(person.household)
    make_run(SyncKind.REGISTRY, snapshot_date=TODAY, at=NOW)
    make_run(SyncKind.JKN, snapshot_date=TODAY, at=NOW)
    limit = NOW + datetime.timedelta(hours=36)
    assert judge(person, on=limit.date(), at=limit).covered
    assert judge(person, on=limit.date(), at=limit + datetime.timedelta(seconds=1)).headline_rule == "C32"


def test_c32_the_older_of_the_two_jkn_lists_counts():
    person = make_resident()
    enrol(person.household)
    make_run(SyncKind.REGISTRY)
    pbi = make_run(SyncKind.JKN)
    bpjs = make_run(SyncKind.JKN, snapshot_date=TODAY - 40 * DAY)
    type(pbi).objects.filter(pk=pbi.pk).update(source=CoverageSource.PBI_LIST)
    type(bpjs).objects.filter(pk=bpjs.pk).update(source=CoverageSource.BPJS_LIST)
    assert judge(person).headline_rule == "C32"


def test_c32_no_source_at_all_is_too_old():
    person = make_resident()
    enrol(person.household)
    assert decided(judge(person)) == (Decision.UNKNOWN, "C32")


def test_c32_a_day_long_past_is_known_well_enough():
    person = covered_person()
    assert judge(person, on=D(2026, 3, 1), at=NOW + 300 * DAY).covered


def test_c32_comes_after_what_is_known_to_exclude():
    person = make_resident(city_code="32.16")
    assert judge(person).headline_rule == "C05"


# C33, C34


def test_c33_no_card_needed():
    person = covered_person()
    assert reason(judge(person), "C33").effect == Effect.INFORMS
    Card.objects.create(household=person.household, number="KS1", state=CardState.ACTIVE, created_by=system())
    assert "C33" not in applying(judge(person))


def test_c34_resident_registered_and_without_jkn():
    evaluation = judge(covered_person())
    assert decided(evaluation) == (Decision.COVERED, "C34")
    assert evaluation.scheme_code == "P6"
    assert evaluation.guaranteed
    assert {r.rule for r in evaluation.reasons if r.passed} >= {"C02", "C05", "C07", "C08", "C10", "C12", "C13", "C14"}


# Order


def test_all_rules_are_evaluated_and_the_first_that_blocks_gives_the_headline():
    person = make_resident(status=1, status_on=D(2026, 1, 1), city_code="32.16", ektp_recorded=False)
    cover_elsewhere(person, segment=21)
    cover_elsewhere(person, segment=13, source=CoverageSource.BPJS_LIST)
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.EXCLUDED_MENINGGAL, "C03")
    assert applying(evaluation) == ["C03", "C05", "C08", "C10", "C12", "C14", "C32"]


@pytest.mark.parametrize(
    ("facts", "rule"),
    [({"status": 1}, "C03"), ({"status": 3}, "C04"), ({"status": 2}, "C05"), ({"status": 9}, "C02")],
)
def test_an_emergency_does_not_change_who_somebody_is(facts, rule):
    assert judge(covered_person(**facts), service=Service.EMERGENCY).headline_rule == rule


def test_a_complement_does_not_cover_who_is_no_resident():
    person = covered_person(city_code="32.16")
    cover_elsewhere(person, segment=13)
    assert judge(person, complement=Complement.ASSAULT).headline_rule == "C05"


def test_each_date_is_judged_by_its_own_scheme():
    person = covered_person(ektp_recorded=False, resident_since=D(2016, 12, 1))
    person.household.enrolments.update(registered_on=D(2014, 1, 1))
    cover_elsewhere(person, segment=21, since=D(2014, 1, 1))
    cover_elsewhere(person, segment=0, since=D(2014, 1, 1), source=CoverageSource.DECLARED)
    seen = {
        evaluation.scheme_code: (evaluation.headline_rule, set(applying(evaluation)) & {"C07", "C10", "C12", "C17"})
        for evaluation in (
            judge(person, on=on)
            for on in (D(2016, 12, 2), D(2017, 3, 1), D(2018, 1, 1), D(2019, 1, 1), D(2020, 1, 1), D(2023, 1, 1), TODAY)
        )
    }
    assert seen == {
        "P0": ("C34", {"C12", "C17"}),
        "P1": ("C12", {"C12", "C17"}),
        "P2": ("C10", {"C10", "C12", "C17"}),
        "P3": ("C10", {"C10", "C12", "C17"}),
        "P4": ("C10", {"C10", "C12", "C17"}),
        "P5": ("C10", {"C10", "C12", "C17"}),
        "P6": ("C10", {"C10", "C12", "C17"}),
    }


def test_the_hospital_of_the_city_may_be_given_by_its_key():
    assert judge(covered_person(), facility=hospital().pk).decision == Decision.COVERED
