"""The desk's pages for births: recording, the child's page, request and answer, reminder, matching by Dinkes."""

import datetime

import pytest
from django.urls import reverse

from facilities.enums import Role
from participants import newborns as births
from participants.models import Lookup, Newborn
from referrals.models import NewbornRequest, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(f.NOW, tick=False)


@pytest.fixture
def desk():
    return r.desk(r.contracted())


def typed(mother=None, **values):
    return {
        "mother_nik": mother.nik if mother else "",
        "mother_name": mother.name if mother else "Ibu Luar",
        "father_nik": "",
        "outcome": "LIVE",
        "day": "22-11-2026",
        "clock": "04.30",
        "sex": "1",
        "weight": "3100",
        "children": "1",
        "birth_order": "1",
        "place": "RS",
        "doctor_name": "dr. Anita",
        "certificate": "SKL/1",
        "puskesmas": str(f.puskesmas().pk),
        **values,
    }


def mother_of_family():
    return f.covered_person(sex=2, birth_date=datetime.date(1995, 2, 3))


def post(client, user, name, data, *args):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def test_a_birth_is_recorded_on_one_page_and_the_decision_shown(client, desk):
    mother = mother_of_family()
    response = post(client, desk, "referrals:record_newborn", typed(mother))
    child = Newborn.objects.get()
    assert response.url == reverse("referrals:newborn", args=[child.public_id])
    assert Lookup.objects.get(actor=desk).resident == mother
    page = client.get(response.url).content.decode()
    assert f"BY. NY. {mother.name}" in page
    assert child.decision["headline_rule"] == "C21"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"mother_name": "Orang Lain"}, "mother_nik"),
        ({"mother_nik": "327501"}, "mother_nik"),
        ({"mother_nik": ""}, "mother_nik"),
        ({"birth_order": "2"}, "birth_order"),
        ({"weight": "31"}, "weight"),
        ({"father_nik": "3275010101900000"}, "father_nik"),
        ({"clock": "23.00"}, "clock"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, desk, change, field):
    response = post(client, desk, "referrals:record_newborn", typed(mother_of_family(), **change))
    assert response.status_code == 200
    assert field in response.context["form"].errors
    assert not Newborn.objects.exists()


def test_a_man_is_no_mother(client, desk):
    response = post(client, desk, "referrals:record_newborn", typed(f.covered_person(sex=1)))
    assert "mother_nik" in response.context["form"].errors


def test_a_mother_from_another_city_needs_the_father(client, desk):
    stranger = {"mother_nik": "3216010101950001", "mother_name": "Siti"}
    response = post(client, desk, "referrals:record_newborn", typed(**stranger))
    assert response.context["form"].non_field_errors()
    father = f.covered_person(sex=1)
    post(client, desk, "referrals:record_newborn", typed(**stranger, father_nik=father.nik))
    child = Newborn.objects.get()
    assert (child.name, child.guardian) == ("BY. NY. SITI", father)


def test_the_puskesmas_records_births_too(client):
    clerk = r.clerk(f.puskesmas())
    post(client, clerk, "referrals:record_newborn", typed(mother_of_family()))
    assert Newborn.objects.get().facility == clerk.facility


def test_hospital_asks_puskesmas_issues(client, desk):
    desk.facility.specialties.add("ANA")
    clerk = r.clerk(f.puskesmas())
    child = r.birth(desk, mother_of_family())
    asked = {
        "specialty": "ANA",
        "diagnosis": "p220",
        "complaint": "Sesak",
        "findings": "Apgar 5",
        "doctor_name": "dr. Anita",
    }
    response = post(client, desk, "referrals:request_newborn_sjp", asked, child.public_id)
    request = NewbornRequest.objects.get()
    assert response.url == reverse("referrals:newborn_request", args=[request.public_id])
    client.force_login(clerk)
    assert child.name in client.get(reverse("referrals:newborns")).content.decode()
    assert "P22.0" in client.get(response.url).content.decode()
    response = client.post(reverse("referrals:issue_newborn_sjp", args=[request.public_id]))
    sjp = Sjp.objects.get()
    assert response.url == reverse("referrals:issued", args=[sjp.public_id])
    page = client.get(reverse("referrals:letter", args=[sjp.public_id])).content.decode()
    assert child.name in page
    client.force_login(desk)
    assert child.name in client.get(reverse("referrals:inbox")).content.decode()
    assert child.name in client.get(reverse("referrals:admit", args=[sjp.public_id])).content.decode()


def test_a_code_that_is_none_is_said_beside_the_field(client, desk):
    child = r.birth(desk, mother_of_family())
    response = post(client, desk, "referrals:request_newborn_sjp", {"diagnosis": "XYZ"}, child.public_id)
    assert "diagnosis" in response.context["form"].errors


def test_the_puskesmas_declines_with_a_reason(client, desk):
    asked = r.ask_for(r.birth(desk, mother_of_family()), desk)
    clerk = r.clerk(f.puskesmas())
    post(client, clerk, "referrals:decline_newborn_sjp", {"reason": "Rawat gabung"}, asked.public_id)
    asked.refresh_from_db()
    assert (asked.declined_by, asked.reason) == (clerk, "Rawat gabung")


def test_a_refused_letter_is_said_on_the_request_page(client, desk):
    mother = mother_of_family()
    asked = r.ask_for(r.birth(desk, mother), desk)
    f.cover_elsewhere(mother, segment=21, known_from=f.NOW - DAY)
    response = post(client, r.clerk(f.puskesmas()), "referrals:issue_newborn_sjp", {}, asked.public_id)
    assert response.status_code == 409
    assert not Sjp.objects.exists()


def test_a_reminder_is_printed_and_counts_as_handed_over(client, desk):
    child = r.birth(desk, mother_of_family())
    births.remind(on=f.TODAY + 7 * DAY)
    client.force_login(desk)
    assert client.get(reverse("referrals:newborns")).context["page"].items[0].reminder_waits
    response = client.post(reverse("referrals:remind_newborn", args=[child.public_id]))
    assert response.content.startswith(b"%PDF")
    child.refresh_from_db()
    assert not child.reminder_waits


def test_the_family_and_its_own_page_show_the_child_under_the_mothers_kk(client, desk):
    mother = mother_of_family()
    r.birth(desk, mother)
    client.force_login(f.make_user(Role.DINKES_MEMBERSHIP))
    page = client.get(reverse("participants:family", args=[mother.household.public_id]))
    assert f"BY. NY. {mother.name}" in page.content.decode()
    client.logout()
    details = {
        "kk_number": mother.household.kk_number,
        "nik": mother.nik,
        "birth_date": f"{mother.birth_date:%d-%m-%Y}",
    }
    page = client.post(reverse("resident:check"), details, follow=True)
    assert page.context["newborns"][0]["covered"]
    assert mother.name not in page.content.decode()


# Matching


@pytest.fixture
def officer():
    return f.make_user(Role.DINKES_MEMBERSHIP)


def unsure(desk):
    mother = mother_of_family()
    child = r.birth(desk, mother, sex=1)
    person = f.make_resident(mother.household, birth_date=f.TODAY, sex=2, mother_nik=mother.nik)
    births.match_births(on=f.TODAY, at=f.NOW)
    return child, person


def test_the_candidates_stand_side_by_side_with_differences_marked(client, desk, officer):
    child, person = unsure(desk)
    client.force_login(officer)
    assert child.name in client.get(reverse("participants:births")).content.decode()
    page = client.get(reverse("participants:birth", args=[child.public_id]))
    ((candidate, differs),) = page.context["candidates"]
    assert (candidate.resident, differs) == (person, {"sex": True, "birth": False, "mother": False})


def test_dinkes_decides_and_undoes(client, desk, officer):
    child, person = unsure(desk)
    candidate = child.candidates.get()
    post(client, officer, "participants:birth", {"candidate": candidate.pk}, child.public_id)
    child.refresh_from_db()
    assert child.resident == person
    post(client, officer, "participants:undo_birth", {"reason": "Keliru"}, child.public_id)
    child.refresh_from_db()
    assert child.resident is None


def test_dinkes_matches_by_a_nik_and_the_look_up_is_on_record(client, desk, officer):
    child, _person = unsure(desk)
    other = f.make_resident(birth_date=f.TODAY, sex=1)
    post(client, officer, "participants:birth", {"nik": other.nik}, child.public_id)
    child.refresh_from_db()
    assert child.resident == other
    assert Lookup.objects.get(actor=officer).resident == other


def test_a_wrong_nik_is_said_and_nothing_changes(client, desk, officer):
    child, _person = unsure(desk)
    page = post(client, officer, "participants:birth", {"nik": "3275010101900000"}, child.public_id)
    assert page.context["form"].non_field_errors()
    page = post(client, officer, "participants:birth", {}, child.public_id)
    assert "nik" in page.context["form"].errors


def test_not_this_child(client, desk, officer):
    child, _person = unsure(desk)
    candidate = child.candidates.get()
    post(client, officer, "participants:reject_birth", {"candidate": candidate.pk}, child.public_id)
    candidate.refresh_from_db()
    assert candidate.rejected
    assert post(client, officer, "participants:reject_birth", {"candidate": "x"}, child.public_id).status_code == 302
