"""The buttons of the desks that ask Dukcapil on line, what is shown of the answer, and the operator's page."""

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.demo.bpjs import member
from participants.answers import ELEMENT_NAMES
from participants.enums import EnrolmentState, OnlineOutcome, SyncKind
from participants.models import Household, OnlineCheck, Resident
from tests.factories import covered_person, enrol, make_family, make_resident, make_run, make_user
from tests.participants.factories import make_application, make_card
from tests.participants.office import make_check
from tests.participants.online import bpjs, dukcapil, dukcapil_row

__all__ = ["bpjs", "dukcapil"]
pytestmark = pytest.mark.django_db
NIK = "3275015705900001"
ASK = reverse("participants:ask_online")
SERVICES = reverse("participants:online_services")


def text(response):
    return response.content.decode()


def ask(client, nik=NIK):
    return client.post(ASK, {"nik": nik}, follow=True)


@pytest.fixture
def clerk(client):
    user = make_user(Role.PUSKESMAS_CLERK)
    client.force_login(user)
    return user


def test_a_nik_unknown_here_is_asked_for_with_one_button(client, clerk, dukcapil):
    page = client.post(reverse("referrals:search"), {"nik": NIK})
    assert f'action="{ASK}"' in text(page)
    assert f'value="{NIK}"' in text(page)


def test_the_counter_has_the_same_button(client, dukcapil):
    client.force_login(make_user(Role.REGISTRATION_CLERK))
    assert f'action="{ASK}"' in text(client.post(reverse("participants:families"), {"number": NIK}))


def test_the_desk_of_a_hospital_has_it_too_and_reads_its_own_answer(client, dukcapil):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    client.force_login(make_user(Role.HOSPITAL_DESK))
    assert f'action="{ASK}"' in text(client.post(reverse("referrals:begin_emergency"), {"nik": NIK}))
    assert "SI*** A***" in text(ask(client))


def test_without_a_server_the_desks_work_as_before(client, clerk):
    assert ASK not in text(client.post(reverse("referrals:search"), {"nik": NIK}))
    assert client.get(ASK).status_code == 200
    assert client.post(ASK, {"nik": NIK}).status_code == 200
    assert not OnlineCheck.objects.exists()


def test_an_answer_shows_enough_to_recognise_and_too_little_to_copy(client, clerk, dukcapil):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    page = ask(client)
    assert NIK not in page.redirect_chain[-1][0]
    shown = text(page)
    assert "SI*** A***" in shown
    assert "KOTA BEKASI" in shown
    assert "1990" in shown
    for hidden in ("SITI", "1990-05-17", "IBU RAHASIA", NIK, "JL. UJI", "3275010101260001"):
        assert hidden not in shown


def test_nothing_of_the_answer_is_written_into_the_registry(client, clerk, dukcapil):
    dukcapil.register[NIK] = dukcapil_row(NIK)
    ask(client)
    assert not Resident.objects.filter(nik=NIK).exists()
    assert not Household.objects.filter(kk_number="3275010101260001").exists()


@pytest.mark.parametrize("code", ["11", "12", "13", "14", "15"])
def test_every_other_answer_says_what_to_do_and_the_counter_can_open_a_ticket(client, dukcapil, code):
    client.force_login(make_user(Role.REGISTRATION_CLERK))
    dukcapil.register[NIK] = code
    shown = text(ask(client))
    assert "Disdukcapil" in shown
    assert reverse("participants:ticket_of_answer", args=[OnlineCheck.objects.get().public_id]) in shown


def test_who_lives_elsewhere_is_told_so(client, clerk, dukcapil):
    dukcapil.register[NIK] = dukcapil_row(NIK, NO_KAB=71, KAB_NAME="KOTA BOGOR")
    assert "KOTA BOGOR" in text(ask(client))


@pytest.mark.parametrize("fault", ["html", "status"])
def test_without_an_answer_the_page_says_that_nothing_is_said(client, clerk, dukcapil, fault):
    dukcapil.fault = fault
    page = ask(client)
    assert page.status_code == 200
    assert page.context["reading"].sentiment == "mute"


def test_an_answer_is_the_asking_desks_own(client, clerk):
    check = make_check(make_user(Role.PUSKESMAS_CLERK), nik=NIK)
    assert client.get(reverse("participants:online_answer", args=[check.public_id])).status_code == 404


def test_a_member_of_a_family_is_compared_element_by_element(client, dukcapil):
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    person = make_resident(name="SITI AMINAH", sex=2)
    same = {"NO_KK": person.household.kk_number, "ALAMAT": person.household.address}
    dukcapil.register[person.nik] = dukcapil_row(person.nik, TMPT_LHR="JAKARTA", **same)
    family = reverse("participants:family", args=[person.household.public_id])
    compare = reverse("participants:compare_family", args=[person.household.public_id])
    assert compare in text(client.get(family))
    page = client.post(compare, {"resident": person.pk}, follow=True)
    told = {str(label): agrees for label, agrees, _percent in page.context["elements"]}
    assert [label for label, agrees in told.items() if not agrees] == [str(ELEMENT_NAMES["TMPT_LHR"])]
    assert "JAKARTA" not in text(page)


@pytest.mark.parametrize("picked", ["", "x", "9" * 40, "1"])
def test_somebody_who_is_not_of_the_family_is_not_compared(client, dukcapil, picked):
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    household = make_family()
    stranger = make_resident()
    for value in (picked, stranger.pk):
        client.post(reverse("participants:compare_family", args=[household.public_id]), {"resident": value})
    assert not dukcapil.requests


def test_an_application_keeps_what_dukcapil_said_with_time_and_user_and_moves_nowhere(client, dukcapil):
    verifier = make_user(Role.MEMBERSHIP_VERIFIER)
    client.force_login(verifier)
    application = make_application()
    head = application.household.head
    dukcapil.register[head.nik] = dukcapil_row(head.nik)
    page = reverse("participants:application", args=[application.public_id])
    address = reverse("participants:ask_for_application", args=[application.public_id])
    assert address in text(client.get(page))
    client.post(address)
    check = OnlineCheck.objects.get(enrolment=application)
    assert (check.actor, check.outcome) == (verifier, OnlineOutcome.FOUND)
    assert reverse("participants:online_answer", args=[check.public_id]) in text(client.get(page))
    application.refresh_from_db()
    assert application.state == EnrolmentState.CHECKING


def test_the_family_of_an_application_is_held_against_ours(client, dukcapil):
    client.force_login(make_user(Role.MEMBERSHIP_VERIFIER))
    application = make_application()
    head, newcomer = application.household.head, "3275011508260001"
    dukcapil.register[head.nik] = dukcapil_row(head.nik)
    dukcapil.family = lambda nik: [dukcapil_row(nik), dukcapil_row(newcomer, NAMA_LGKP="BAYI BARU", STAT_HBKEL="ANAK")]
    page = client.post(reverse("participants:ask_for_application", args=[application.public_id]), follow=True)
    sides = [(theirs, ours) for *_person, theirs, ours in page.context["members"]]
    assert sides == [(True, True), (True, False), (False, True), (False, True)]
    assert "BAYI" not in text(page)


def test_a_decided_application_asks_nothing_more(client, dukcapil):
    client.force_login(make_user(Role.MEMBERSHIP_VERIFIER))
    member = make_card().enrolment
    assert client.post(reverse("participants:ask_for_application", args=[member.public_id])).status_code == 409
    assert not dukcapil.requests


def test_the_operator_sees_breaker_quota_and_faults_and_no_people(client, clerk, dukcapil):
    dukcapil.fault = "html"
    for _ in range(4):
        ask(client)
    client.force_login(make_user(Role.SYSTEM_ADMIN))
    page = client.get(SERVICES)
    resting = next(s for s in page.context["services"] if s.set_up)
    assert (resting.resting, resting.used) == (True, 4)
    assert "HTTP 200, no JSON" in text(page)
    assert NIK not in text(page)


def test_the_operators_page_is_there_before_anybody_asked(client):
    client.force_login(make_user(Role.AUDITOR))
    assert client.get(SERVICES).status_code == 200


def test_the_operators_page_costs_the_same_for_every_number_of_checks(client, query_count):
    user = make_user(Role.REGISTRY_OPERATOR)
    client.force_login(user)
    for n in range(30):
        make_check(user, nik=NIK, fault=f"HTTP 500 {n}", outcome="UNREACHABLE")
    with query_count("participants.online_services"):
        client.get(SERVICES)


def test_a_family_member_is_asked_for_at_bpjs_and_the_answer_counts_at_once(client, bpjs):
    client.force_login(make_user(Role.DINKES_MEMBERSHIP))
    person = covered_person()
    bpjs.register[person.nik] = member(person.nik)
    address = reverse("participants:ask_jkn", args=[person.household.public_id])
    family = reverse("participants:family", args=[person.household.public_id])
    assert address in text(client.get(family))
    page = client.post(address, {"resident": person.pk}, follow=True)
    assert "PEGAWAI SWASTA" in text(page)
    assert client.get(family).context["family"].members[0].evaluation.headline_rule == "C14"


def test_the_clerk_asks_bpjs_from_the_patients_page_when_the_lists_are_old(client, clerk, bpjs):
    person = make_resident()
    enrol(person.household)
    make_run(SyncKind.REGISTRY)
    page = client.post(reverse("referrals:search"), {"nik": person.nik}, follow=True)
    assert page.context["evaluation"].headline_rule == "C32"
    address = reverse("referrals:ask_jkn", args=[page.context["lookup"].pk])
    assert address in text(page)
    assert client.post(address, follow=True).context["evaluation"].covered


def test_the_patients_page_stays_as_it_is_without_an_answer(client, clerk, bpjs):
    bpjs.fault = "html"
    person = covered_person()
    page = client.post(reverse("referrals:search"), {"nik": person.nik}, follow=True)
    again = client.post(reverse("referrals:ask_jkn", args=[page.context["lookup"].pk]), follow=True)
    assert again.context["evaluation"].covered
