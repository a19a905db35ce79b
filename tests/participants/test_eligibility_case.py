"""Table C, the rows that speak of the case: running care, causes, classes, ceilings, what the clerk accepts."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone, translation

from facilities.enums import Role, Service
from ksb.core.models import SchemeVersion
from ksb.core.scheme import Parameters
from participants.eligibility import Cause, Effect, EmergencyCriterion, Exclusion
from participants.enums import CoverageSource, Decision
from participants.models import CoverageStatus
from tests.factories import NOW, TODAY, cover_elsewhere, covered_person, make_resident, make_user
from tests.participants.test_eligibility_rules import applying, change_scheme, decided, judge, reason

pytestmark = pytest.mark.django_db

D = datetime.date
DAY = datetime.timedelta(days=1)
YESTERDAY = TODAY - DAY


def english(label):
    with translation.override("en"):
        return str(label)


# C01 and C06: care that runs


def suspend_programme(since):
    """The version in force ends the day before; a closed one follows."""
    version = SchemeVersion.objects.on(since)
    version.valid = (version.valid.lower, since)
    version.save()
    return SchemeVersion.objects.create(
        code="P7", name_en="Suspended", name_id="Dihentikan", valid=(since, None), parameters={"open": False}
    )


def test_c01_care_that_runs_when_the_programme_stops_is_guaranteed_until_discharge():
    person = covered_person()
    suspend_programme(TODAY)
    assert judge(person).headline_rule == "C01"
    running = judge(person, running_since=YESTERDAY, service=Service.INPATIENT)
    assert decided(running) == (Decision.COVERED, "C01")
    assert "21 November 2026" in running.headline.message_en
    assert running.scheme_code == "P6"


def test_c01_care_that_began_after_the_stop_is_not_guaranteed():
    person = covered_person()
    suspend_programme(YESTERDAY)
    assert decided(judge(person, running_since=YESTERDAY)) == (Decision.EXCLUDED_PROGRAM_BERHENTI, "C01")


def test_c01_the_end_of_the_last_version_stops_no_care_that_runs():
    person = covered_person()
    SchemeVersion.objects.filter(code="P6").update(valid=(D(2025, 1, 1), TODAY))
    assert decided(judge(person)) == (Decision.EXCLUDED_PROGRAM_BERHENTI, "C01")
    assert decided(judge(person, running_since=YESTERDAY)) == (Decision.COVERED, "C01")


def test_c06_who_moves_out_during_care_is_guaranteed_until_its_end():
    person = covered_person(status=2, status_on=TODAY, city_code="32.16")
    assert judge(person).headline_rule == "C05"
    running = judge(person, running_since=YESTERDAY)
    assert decided(running) == (Decision.COVERED, "C06")
    assert "22 December 2026" in running.headline.message_en
    assert running.next_change_on is not None


def test_c06_not_for_care_that_began_after_the_move_nor_beyond_the_transition():
    person = covered_person(status=2, status_on=TODAY - 10 * DAY, city_code="32.16")
    assert judge(person, running_since=TODAY - 10 * DAY).headline_rule == "C05"
    assert judge(person, running_since=TODAY - 11 * DAY).headline_rule == "C06"
    change_scheme(transition_days=9)
    assert decided(judge(person, running_since=TODAY - 11 * DAY)) == (Decision.EXCLUDED_BUKAN_WARGA, "C05")
    change_scheme(transition_days=10)
    assert judge(person, running_since=TODAY - 11 * DAY).headline_rule == "C06"


def test_care_that_runs_is_judged_by_the_day_it_began_but_not_beyond_death():
    person = covered_person()
    cover_elsewhere(person, segment=13, since=TODAY)
    assert judge(person).headline_rule == "C14"
    assert judge(person, running_since=YESTERDAY).covered
    assert judge(person, running_since=TODAY).headline_rule == "C14"
    dead = covered_person(status=1, status_on=YESTERDAY)
    assert judge(dead, running_since=TODAY - 5 * DAY).headline_rule == "C03"


# C16 bridge


def deactivated_pbi():
    person = covered_person()
    cover_elsewhere(person, segment=21, status=9)
    return person


def test_c16_is_off_unless_the_scheme_counts():
    assert "C16" not in applying(judge(deactivated_pbi(), bridged=9))


def test_c16_warns_or_blocks_who_used_the_bridge_as_the_scheme_says():
    person = deactivated_pbi()
    change_scheme(bridge_max=1)
    assert "C16" not in applying(judge(person, bridged=0))
    warned = judge(person, bridged=1)
    assert warned.covered
    assert reason(warned, "C16").effect == Effect.WARNS
    change_scheme(bridge_max=1, bridge_blocks=True)
    assert decided(judge(person, bridged=1)) == (Decision.EXCLUDED_PBI_APBN, "C16")
    assert judge(person, bridged=1, service=Service.EMERGENCY).covered


def test_c16_is_about_pbi_that_ended_and_not_about_other_jkn():
    change_scheme(bridge_max=1, bridge_blocks=True)
    person = covered_person()
    cover_elsewhere(person, segment=14, status=9)
    assert judge(person, bridged=5).covered


# C17 names the insurer


def test_c17_names_the_insurer_within_the_dates_declared():
    person = covered_person()
    row = cover_elsewhere(person, segment=0, source=CoverageSource.DECLARED, until=TODAY)
    type(row).objects.filter(pk=row.pk).update(insurer="Asuransi Sinar", run=None)
    assert "Asuransi Sinar" in judge(person).headline.message_en
    assert judge(person, on=TODAY + DAY).covered


# C20 work accident


def test_c20_blocks_unless_nobody_else_pays():
    person = covered_person()
    assert judge(person, cause=Cause.WORK_ACCIDENT).headline_rule == "C20"
    attested = judge(person, cause=Cause.WORK_ACCIDENT, unpaid_elsewhere=True)
    assert attested.covered
    assert reason(attested, "C20").effect == Effect.WARNS


# C27 emergency


@pytest.mark.parametrize("criterion", EmergencyCriterion)
def test_c27_names_the_criterion_the_doctor_states(criterion):
    evaluation = judge(covered_person(), service=Service.EMERGENCY, criterion=criterion)
    said = reason(evaluation, "C27").message_en
    assert english(criterion.label) in said
    assert "72 hours" in said
    assert [r.rule for r in evaluation.applying].count("C27") == 1


def test_c27_is_not_said_of_planned_care():
    criterion = EmergencyCriterion.HAEMODYNAMIC
    assert "C27" not in applying(judge(covered_person(), criterion=criterion))


# C29 class, C30 general exclusions, C31 ceiling


@pytest.mark.parametrize(("care_class", "guaranteed"), [(1, False), (2, False), (3, True), (None, True)])
def test_c29_a_higher_class_voids_the_guarantee_but_not_the_cover(care_class, guaranteed):
    evaluation = judge(covered_person(), care_class=care_class, service=Service.INPATIENT)
    assert evaluation.covered
    assert evaluation.guaranteed is guaranteed
    assert ("C29" in applying(evaluation)) is not guaranteed


@pytest.mark.parametrize("exclusion", Exclusion)
def test_c30_what_the_scheme_excludes_is_not_guaranteed(exclusion):
    evaluation = judge(covered_person(), exclusion=exclusion)
    assert evaluation.covered
    assert not evaluation.guaranteed
    assert english(exclusion.label) in reason(evaluation, "C30").message_en


def test_c30_a_category_the_scheme_leaves_out_of_its_list_is_guaranteed():
    change_scheme(general_exclusions=("COSMETIC",))
    assert judge(covered_person(), exclusion=Exclusion.ORTHODONTICS).guaranteed


def test_c31_no_ceiling_unless_the_scheme_has_one():
    assert "C31" not in applying(judge(covered_person(), spent_year=10**12, spent_episode=10**12))


def test_c31_above_the_ceiling_of_a_treatment_or_a_year_the_rest_is_not_guaranteed():
    change_scheme(benefit_cap=5_000_000, benefit_cap_episode=2_000_000)
    person = covered_person()
    assert "C31" not in applying(judge(person, spent_year=5_000_000, spent_episode=2_000_000))
    year, episode = judge(person, spent_year=5_000_001), judge(person, spent_episode=2_000_001)
    assert year.covered
    assert episode.covered
    assert "5.000.000" in reason(year, "C31").message_en
    assert "2.000.000" in reason(episode, "C31").message_en


# C32 what the clerk accepts


def test_c32_a_clerk_may_accept_old_data_with_a_remark():
    person = covered_person()
    late = NOW + 60 * DAY
    assert judge(person, on=late.date(), at=late).headline_rule == "C32"
    accepted = judge(person, on=late.date(), at=late, unverified=True)
    assert accepted.covered
    assert reason(accepted, "C32").effect == Effect.WARNS


def test_what_is_told_of_a_case_changes_nothing_when_it_is_in_order():
    person = covered_person()
    plain = judge(person)
    told = judge(person, care_class=3, bridged=0, spent_year=0, running_since=TODAY, referred=True)
    assert (told.decision, applying(told)) == (plain.decision, applying(plain))
    assert Parameters().general_exclusions == tuple(Exclusion)


# The family's own declaration


def test_c17_what_a_family_declares_counts_from_its_day_and_is_judged_at_once(client):
    person = covered_person()
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    address = reverse("participants:insurance", args=[person.household.public_id])
    told = {"member": person.pk, "insurer": "Asuransi Sinar", "since": "01-11-2026", "until": ""}
    assert client.post(address, told).status_code == 302
    assert judge(person, at=timezone.now()).headline_rule == "C17"
    assert "Asuransi Sinar" in client.get(address).content.decode()
    assert CoverageStatus.objects.get(resident=person).headline_rule == "C17"
    assert "(C34)" not in client.get(reverse("participants:family", args=[person.household.public_id])).content.decode()
    assert client.post(address, told | {"until": "21-11-2026"}).status_code == 302
    assert judge(person, at=timezone.now()).covered
    assert person.other_coverages.count() == 2
    assert "(C34)" in client.get(reverse("participants:family", args=[person.household.public_id])).content.decode()


def test_c17_a_declaration_whose_end_lies_before_its_beginning_is_refused_beside_the_field(client):
    person = covered_person()
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    address = reverse("participants:insurance", args=[person.household.public_id])
    told = {"member": person.pk, "insurer": "Asuransi Sinar", "since": "01-11-2026", "until": "31-10-2026"}
    assert client.post(address, told).status_code == 200
    assert not person.other_coverages.exists()


# Where rows are silent


def test_c04_is_silent_before_the_day_and_for_a_sound_nik():
    assert "C04" not in applying(judge(covered_person()))
    later = covered_person(status=3, status_on=TODAY + DAY)
    assert judge(later).covered


def test_c11_is_silent_for_the_card_of_the_own_family_and_where_none_is_shown():
    person = covered_person()
    assert "C11" not in applying(judge(person))
    assert "C11" not in applying(judge(person, household_shown=person.household))


def test_c13_is_silent_for_pbi_of_the_state_budget_and_for_one_that_ended():
    state, ended = covered_person(), covered_person()
    cover_elsewhere(state, segment=21)
    cover_elsewhere(ended, segment=22, status=9)
    assert applying(judge(state)) == ["C12"]
    assert judge(ended).covered


def test_c19_is_said_to_the_covered_only():
    moved = covered_person(city_code="32.16")
    assert applying(judge(moved, cause=Cause.TRAFFIC_ACCIDENT)) == ["C05"]
    assert "C19" not in applying(judge(covered_person()))


def test_c23_is_silent_when_the_mother_has_no_jkn_or_the_child_is_older():
    mother = covered_person(sex=2)
    born = TODAY - 10 * DAY
    child = make_resident(mother.household, birth_date=born, resident_since=born, mother_nik=mother.nik)
    assert "C23" not in applying(judge(child))
    cover_elsewhere(mother, segment=13)
    assert judge(child).headline_rule == "C23"
    assert "C23" not in applying(judge(child, on=born + 29 * DAY))


def test_c29_follows_the_class_the_scheme_allows():
    change_scheme(class_allowed=2)
    assert judge(covered_person(), care_class=2).guaranteed
    assert not judge(covered_person(), care_class=1).guaranteed


def test_c33_is_not_said_to_who_is_excluded():
    assert "C33" not in applying(judge(covered_person(city_code="32.16")))


def test_c34_is_not_said_to_who_is_covered_on_another_ground():
    person = covered_person()
    cover_elsewhere(person, segment=13)
    assert "C34" not in applying(judge(person, complement="ASSAULT"))
    assert "C34" not in applying(judge(person))
