"""The clerk's pages: each step, each refusal, and nothing of a person in any address."""

import re

import pytest
from django.urls import reverse

from ksb.core.errors import Refused
from ksb.core.models import JournalEntry
from participants.eligibility import Exclusion
from participants.models import Lookup
from referrals.models import Draft, Referral, Sjp
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


@pytest.fixture
def clerk(client):
    clerk = r.clerk()
    client.force_login(clerk)
    return clerk


@pytest.fixture
def person():
    """The head of a covered family of three."""
    household = f.make_family(3)
    f.enrol(household)
    f.fresh_sources()
    return household.head


def answers(hospital, **values):
    return {
        **r.EXAMINATION,
        "diagnosis": "J18.9",
        "service": "OUTPATIENT",
        "specialty": "INT",
        "hospital": hospital.pk,
        "pass_over_reason": "",
        "query": "",
        **values,
    }


def look_up(client, nik):
    return client.post(reverse("referrals:search"), {"nik": nik})


def to_check(client, person, hospital, **values):
    """The address of the check page after everything was filled in."""
    lookup = look_up(client, person.nik).url.split("/")[-2]
    response = client.post(reverse("referrals:refer", args=[lookup]), answers(hospital, **values))
    assert response.status_code == 302, response.context["form"].errors
    return response.url


def confirm(client, address, **values):
    page = client.get(address)
    digest = re.search(r'name="answers" value="(\w+)"', page.content.decode()).group(1)
    return client.post(address, {"answers": digest, **values})


def test_the_whole_journey_takes_six_pages_and_ends_with_a_letter(client, clerk, person):
    to = r.contracted()
    assert client.get(reverse("referrals:search")).status_code == 200
    found = client.post(reverse("referrals:search"), {"nik": person.nik}, follow=True)
    lookup = found.context["lookup"]
    assert client.get(reverse("referrals:refer", args=[lookup.pk])).status_code == 200
    check = client.post(reverse("referrals:refer", args=[lookup.pk]), answers(to), follow=True)
    done = client.post(reverse("referrals:check", args=[lookup.pk]), {"answers": check.context["digest"]}, follow=True)
    sjp = Sjp.objects.get()
    assert sjp.number in done.content.decode()
    assert (sjp.resident, sjp.issued_by, sjp.hospital) == (person, clerk, to)
    assert sjp.referral.complaint == r.EXAMINATION["complaint"]


def test_no_address_of_the_journey_holds_a_number_of_the_person(client, clerk, person):
    address = to_check(client, person, r.contracted())
    issued = confirm(client, address).url
    for url in (address, issued, *re.findall(r'(?:href|action|hx-get)="([^"]+)"', client.get(issued).content.decode())):
        assert not re.search(r"\d{16}", url)


def test_the_nik_may_be_typed_in_any_spacing(client, clerk, person):
    nik = person.nik
    assert look_up(client, f"{nik[:4]} {nik[4:8]}-{nik[8:12]}.{nik[12:]}").status_code == 302


@pytest.mark.parametrize("typed", ["", "123", "3275O10101010001", "32750101010100011"])
def test_a_nik_that_is_none_is_told_beside_the_field(client, clerk, typed):
    page = look_up(client, typed)
    assert page.status_code == 200
    assert page.context["form"].errors["nik"]
    assert not Lookup.objects.exists()


def test_an_unknown_nik_is_refused_and_journalled(client, clerk):
    f.fresh_sources()
    page = look_up(client, "3275019999999999")
    assert page.context["form"].errors["nik"]
    assert JournalEntry.objects.filter(verb="lookup.unknown", actor=clerk).exists()


def test_a_covered_person_gets_the_button_with_every_reason(client, clerk, person):
    page = client.get(look_up(client, person.nik).url)
    text = page.content.decode()
    assert page.context["evaluation"].covered
    assert reverse("referrals:refer", args=[page.context["lookup"].pk]) in text
    for reason in page.context["evaluation"].reasons:
        assert reason.law in text


def test_a_pbi_member_is_told_why_and_what_to_do_and_gets_no_button(client, clerk, person):
    f.cover_elsewhere(person, segment=21)
    page = client.get(look_up(client, person.nik).url)
    text = page.content.decode()
    assert page.context["evaluation"].headline_rule == "C12"
    assert "JKN/KIS" in text
    assert reverse("referrals:refer", args=[page.context["lookup"].pk]) not in text


def test_the_family_is_shown_with_each_members_status(client, clerk, person):
    child = person.household.residents.last()
    f.cover_elsewhere(child, segment=22)
    page = client.get(look_up(client, person.nik).url)
    assert [m.evaluation.covered for m in page.context["family"].members] == [True, True, False]


def test_turning_to_a_member_of_the_family_is_a_look_up_of_its_own(client, clerk, person):
    child = person.household.residents.last()
    lookup = look_up(client, person.nik).url.split("/")[-2]
    page = client.post(reverse("referrals:member", args=[lookup]), {"member": child.pk}, follow=True)
    assert page.context["resident"] == child
    assert Lookup.objects.filter(actor=clerk, resident=child).exists()


@pytest.mark.parametrize("member", ["", "x", "0", "-1", "9" * 30, "²"])
def test_nobody_outside_the_family_is_reached_that_way(client, clerk, person, member):
    lookup = look_up(client, person.nik).url.split("/")[-2]
    assert client.post(reverse("referrals:member", args=[lookup]), {"member": member}).status_code == 404
    stranger = f.make_resident()
    assert client.post(reverse("referrals:member", args=[lookup]), {"member": stranger.pk}).status_code == 404


def test_a_colleagues_look_up_does_not_exist(client, clerk, person):
    address = look_up(client, person.nik).url
    client.force_login(r.clerk())
    for name in ("patient", "refer", "check"):
        assert client.get(reverse(f"referrals:{name}", args=[address.split("/")[-2]])).status_code == 404


def test_what_is_missing_is_told_field_by_field_and_nothing_typed_is_lost(client, clerk, person):
    lookup = look_up(client, person.nik).url.split("/")[-2]
    page = client.post(reverse("referrals:refer", args=[lookup]), {"complaint": "Demam", "service": "OUTPATIENT"})
    assert page.status_code == 200
    assert set(page.context["form"].errors) >= {
        "findings",
        "diagnosis",
        "specialty",
        "hospital",
        "reason",
        "doctor_name",
    }
    assert "Demam" in client.get(reverse("referrals:refer", args=[lookup])).content.decode()


@pytest.mark.parametrize("place", ["diagnoses", "hospitals"])
def test_without_javascript_the_small_buttons_keep_everything_and_come_back(client, clerk, person, place):
    r.contracted()
    lookup = look_up(client, person.nik).url.split("/")[-2]
    address = reverse("referrals:refer", args=[lookup])
    typed = {"complaint": "Demam", "query": "paru", "service": "OUTPATIENT", "specialty": "INT", "show": place}
    response = client.post(address, typed)
    assert response.url == f"{address}#{place}"
    form = client.get(address).context["form"]
    assert form.initial["complaint"] == "Demam"
    assert form.suitable
    assert "A16.2" in str(form["diagnosis"])


def test_the_first_hospital_by_the_rule_is_marked_already(client, clerk, person):
    r.contracted()
    r.contracted(public=False)
    lookup = look_up(client, person.nik).url.split("/")[-2]
    address = reverse("referrals:refer", args=[lookup])
    client.post(address, {"service": "OUTPATIENT", "specialty": "INT", "show": "hospitals"})
    form = client.get(address).context["form"]
    assert form.initial["hospital"] == str(form.suitable[0].hospital.pk)


def test_a_private_hospital_without_reason_is_told_beside_the_field(client, clerk, person):
    r.contracted()
    lookup = look_up(client, person.nik).url.split("/")[-2]
    private = r.contracted(public=False)
    page = client.post(reverse("referrals:refer", args=[lookup]), answers(private))
    assert set(page.context["form"].errors) == {"pass_over_reason"}


def test_a_service_nobody_is_guaranteed_is_refused_with_the_sentence_of_the_rule(client, clerk, person):
    lookup = look_up(client, person.nik).url.split("/")[-2]
    typed = answers(r.contracted(), exclusion="COSMETIC")
    response = client.post(reverse("referrals:refer", args=[lookup]), typed)
    assert response.status_code == 200
    assert str(Exclusion.COSMETIC.label) in response.context["form"].errors["exclusion"][0]
    with pytest.raises(Refused):
        r.issue(clerk, resident=person, exclusion="COSMETIC")
    assert not Sjp.objects.exists()


def test_a_hospital_that_does_not_fit_is_refused_beside_the_field(client, clerk, person):
    lookup = look_up(client, person.nik).url.split("/")[-2]
    page = client.post(reverse("referrals:refer", args=[lookup]), answers(f.hospital()))
    assert "hospital" in page.context["form"].errors


def test_the_button_pressed_twice_issues_once(client, clerk, person):
    address = to_check(client, person, r.contracted())
    digest = client.get(address).context["digest"]
    first, second = client.post(address, {"answers": digest}), client.post(address, {"answers": digest})
    assert first.url == second.url
    assert Sjp.objects.count() == Referral.objects.count() == 1


def test_answers_changed_in_another_window_are_shown_again_first(client, clerk, person):
    to = r.contracted()
    address = to_check(client, person, to)
    digest = client.get(address).context["digest"]
    refer = reverse("referrals:refer", args=[Draft.objects.get().pk])
    client.post(refer, answers(to, complaint="Ternyata lain"))
    page = client.post(address, {"answers": digest})
    assert page.status_code == 409
    assert "Ternyata lain" in page.content.decode()
    assert not Sjp.objects.exists()


def test_who_is_no_longer_covered_when_the_button_is_pressed_gets_no_letter(client, clerk, person):
    address = to_check(client, person, r.contracted())
    digest = client.get(address).context["digest"]
    f.cover_elsewhere(person, segment=21)
    page = client.post(address, {"answers": digest}, follow=True)
    assert page.context["evaluation"].headline_rule == "C12"
    assert not Sjp.objects.exists()


def test_a_letter_of_another_puskesmas_is_named_on_the_check_page(client, clerk, person):
    to = r.contracted()
    other = r.issue(r.clerk(f.puskesmas(1)), resident=person, to=to)
    page = confirm(client, to_check(client, person, to))
    assert page.status_code == 409
    assert other.number in page.content.decode()
    assert Sjp.objects.count() == 1


def test_the_check_page_without_answers_leads_back(client, clerk, person):
    lookup = look_up(client, person.nik).url.split("/")[-2]
    assert client.get(reverse("referrals:check", args=[lookup])).status_code == 404
    client.get(reverse("referrals:refer", args=[lookup]))
    assert client.get(reverse("referrals:check", args=[lookup])).url == reverse("referrals:refer", args=[lookup])


def test_the_doctor_of_the_last_letter_stands_there_already(client, clerk, person):
    confirm(client, to_check(client, person, r.contracted()))
    other = person.household.residents.last()
    lookup = look_up(client, other.nik).url.split("/")[-2]
    form = client.get(reverse("referrals:refer", args=[lookup])).context["form"]
    assert form.initial["doctor_name"] == r.EXAMINATION["doctor_name"]


def test_fragments_come_to_htmx_and_whole_pages_to_everybody_else(client, clerk):
    r.contracted()
    for name, query in (
        ("find_diagnosis", {"query": "J189"}),
        ("find_hospital", {"specialty": "INT", "service": "OUTPATIENT"}),
    ):
        page = client.get(reverse(f"referrals:{name}"), query).content.decode()
        fragment = client.get(reverse(f"referrals:{name}"), query, headers={"HX-Request": "true"}).content.decode()
        assert "<html" in page
        assert "<html" not in fragment
        assert "<fieldset" in fragment


def test_a_refused_patient_stands_on_the_start_page_and_is_sent_elsewhere(client, clerk, person):
    from referrals import hospital

    sjp = r.issue(clerk, resident=person, to=r.contracted())
    hospital.refuse(sjp=sjp, code="NO_BED", reason="ICU penuh", actor=r.desk(sjp.hospital), at=r.AT)
    assert "ICU penuh" in client.get(reverse("referrals:search")).content.decode()
    page = client.post(reverse("referrals:choose_again", args=[sjp.public_id]), follow=True)
    form = client.get(reverse("referrals:refer", args=[page.context["lookup"].pk])).context["form"]
    assert form.initial["complaint"] == sjp.referral.complaint
    confirm(client, to_check(client, person, r.contracted(1)))
    assert "ICU penuh" not in client.get(reverse("referrals:search")).content.decode()


def test_the_letter_page_is_read_with_a_trace(client, clerk, person):
    sjp = r.issue(clerk, resident=person)
    assert client.get(reverse("referrals:letter", args=[sjp.public_id])).status_code == 200
    assert JournalEntry.objects.filter(verb="sjp.read", object_id=sjp.pk, actor=clerk).exists()


def test_a_letter_of_another_puskesmas_does_not_exist(client, clerk, person):
    sjp = r.issue(r.clerk(f.puskesmas(1)), resident=person)
    for name in ("letter", "issued", "sjp_text", "referral_text", "cancel"):
        assert client.get(reverse(f"referrals:{name}", args=[sjp.public_id])).status_code == 404
    for name in ("print_sjp", "print_referral", "renew", "choose_again"):
        assert client.post(reverse(f"referrals:{name}", args=[sjp.public_id])).status_code == 404


def test_printing_counts_and_shows_a_pdf(client, clerk, person):
    sjp = r.issue(clerk, resident=person)
    for name in ("print_sjp", "print_referral"):
        response = client.post(reverse(f"referrals:{name}", args=[sjp.public_id]))
        assert response["Content-Type"] == "application/pdf"
        assert client.get(reverse(f"referrals:{name}", args=[sjp.public_id])).status_code == 405
    sjp.refresh_from_db()
    assert (sjp.prints, sjp.referral.prints) == (1, 1)


def test_cancelling_asks_for_the_reason(client, clerk, person):
    sjp = r.issue(clerk, resident=person)
    address = reverse("referrals:cancel", args=[sjp.public_id])
    assert client.post(address, {"reason": ""}).context["form"].errors["reason"]
    client.post(address, {"reason": "Salah rumah sakit"})
    sjp.refresh_from_db()
    assert sjp.state == "CANCELLED"


def test_queries_of_the_letter_list_do_not_grow(client, clerk, django_assert_max_num_queries):
    to = r.contracted()
    for _ in range(2):
        r.issue(clerk, to=to)
    with django_assert_max_num_queries(6) as few:
        client.get(reverse("referrals:letters"))
    for _ in range(10):
        r.issue(clerk, to=to)
    with django_assert_max_num_queries(len(few)):
        page = client.get(reverse("referrals:letters"))
    assert len(page.context["page"]) == 12


POISON = ["\x00", "%", "'; DROP TABLE referrals_sjp; --", "<script>alert(1)</script>", "9" * 5000, "𝒶\u202e", "{{ 7 }}"]


@pytest.mark.parametrize("poison", POISON)
def test_strange_input_is_a_form_error_or_harmless(client, clerk, person, poison):
    r.contracted()
    lookup = look_up(client, person.nik).url.split("/")[-2]
    address = reverse("referrals:refer", args=[lookup])
    everywhere = dict.fromkeys(answers(f.hospital()), poison)
    assert client.post(address, everywhere).status_code == 200
    assert client.post(address, everywhere | {"show": "diagnoses"}).status_code == 302
    assert client.get(address).status_code == 200
    for name in ("find_diagnosis", "find_hospital"):
        assert client.get(reverse(f"referrals:{name}"), everywhere).status_code == 200
    assert look_up(client, poison).status_code == 200
    assert not Sjp.objects.exists()
