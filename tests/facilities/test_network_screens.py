"""The pages of the network: what Dinkes enters there, what a hospital sees of itself, and how wrong input is answered."""

import datetime

import pytest
from django.urls import reverse

from facilities import suspensions
from facilities.enums import Role, Service
from facilities.models import AccountChange, Contract, Doctor, Facility, Standing
from ksb.core.errors import NotAllowed
from tests import factories as f

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)
FACTS = {
    "name": "RS Baru",
    "kecamatan": "32.75.04",
    "address": "Jl. Baru 1",
    "phone": "021 777",
    "email": "igd@rs.example",
    "director": "dr. Direktur",
    "director_nip": "",
    "beds": "100",
    "services": ["OUTPATIENT", "INPATIENT"],
    "wards": ["CLASS_3"],
    "specialties": ["INT"],
    "active": "on",
}
NEW = FACTS | {
    "code": "3275999",
    "kind": "HOSPITAL",
    "hospital_class": "C",
    "ownership": "PRIVATE",
    "tariff_code": "cs",
}
CONTRACT = {
    "number": "440/1/PKS",
    "signed_on": "01-11-2026",
    "signed_by_dinkes": "Kepala Dinas",
    "signed_by_facility": "Direktur",
    "first": "22-11-2026",
    "last": "31-12-2027",
    "services": ["OUTPATIENT"],
    "tariff_annex": "INA-CBG 2023",
    "quota_letters": "120",
    "quota_rupiah": "Rp 1.200.000.000",
}
ADDENDUM = {
    "number": "440/1/ADD",
    "signed_on": "01-11-2026",
    "summary": "Tambah rawat inap",
    "starts": "01-01-2027",
    "last": "31-12-2027",
    "services": ["OUTPATIENT", "INPATIENT"],
}
ACCOUNT = {
    "bank_name": "Bank BJB",
    "bank_account": "0012 3456 78",
    "bank_holder": "RS Baru",
    "tax_number": "",
    "evidence": "12/RS/2026",
}
DOCTOR = {"name": "dr. Ayu, Sp.A", "registration": "SIP/1", "specialty": "ANA", "first": "01-01-2026", "last": ""}


@pytest.fixture
def place():
    return f.make_facility(hospital_class="D", kecamatan_id="32.75.04")


@pytest.fixture
def dinkes(client):
    user = f.make_user(Role.DINKES_SERVICES)
    client.force_login(user)
    return user


@pytest.fixture
def as_role(client):
    def log_in(role, facility=None):
        user = f.make_user(role, facility=facility)
        client.force_login(user)
        return user

    return log_in


def page(client, name, *args):
    answer = client.get(reverse(name, args=args))
    assert answer.status_code == 200
    return answer.content.decode()


def send(client, name, *args, data):
    return client.post(reverse(name, args=args), data)


class TestFacilities:
    def test_the_list_costs_the_same_for_two_and_for_all(self, client, dinkes, query_count):
        f.make_contract(f.hospital())
        with query_count("facilities.facilities"):
            assert len(client.get(reverse("facilities:facilities")).context["page"]) > 40

    @pytest.mark.parametrize(
        ("query", "found"),
        [
            ("agreement=IN_FORCE", {"Berjalan", "Segera"}),
            ("agreement=ENDING", {"Segera"}),
            ("agreement=SUSPENDED", {"Dihentikan"}),
            ("agreement=NONE", {"Tanpa"}),
            ("name=segera", {"Segera"}),
            ("name=%00", {"Berjalan", "Segera", "Dihentikan", "Tanpa"}),
        ],
    )
    def test_the_list_is_narrowed_by_contract_and_name(self, client, dinkes, query, found):
        Facility.objects.update(name="zz")
        f.make_contract(f.make_facility(name="Berjalan"))
        f.make_contract(f.make_facility(name="Segera"), until=f.TODAY + 20 * DAY)
        suspended = f.make_facility(name="Dihentikan")
        f.make_contract(suspended)
        f.suspend(suspended, since=f.TODAY)
        f.make_facility(name="Tanpa")
        rows = client.get(reverse("facilities:facilities") + f"?kind=HOSPITAL&{query}").context["page"]
        assert {row.name for row in rows} - {"zz"} == found

    def test_dinkes_enters_a_facility_and_is_led_to_its_page(self, client, dinkes):
        answer = send(client, "facilities:new_facility", data=NEW)
        assert answer.url == reverse("facilities:facility", args=["3275999"])
        made = Facility.objects.get(code="3275999")
        assert (made.hospital_class, made.tariff_code, made.in_city) == ("C", "CS", True)
        assert "RS Baru" in page(client, "facilities:facility", "3275999")

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"code": "abc"}, "code"),
            ({"kind": "CLINIC"}, "hospital_class"),
            ({"tariff_code": ""}, "tariff_code"),
            ({"director_nip": "123"}, "director_nip"),
            ({"beds": "-1"}, "beds"),
        ],
    )
    def test_wrong_input_is_answered_beside_its_field_and_nothing_is_entered(self, client, dinkes, wrong, field):
        answer = send(client, "facilities:new_facility", data=NEW | wrong)
        assert list(answer.context["form"].errors) == [field]
        assert not Facility.objects.filter(name="RS Baru").exists()

    def test_a_code_that_is_taken_is_a_form_error(self, client, dinkes, place):
        answer = send(client, "facilities:new_facility", data=NEW | {"code": place.code})
        assert "code" in answer.context["form"].errors

    def test_a_change_stands_in_the_history_with_author_old_and_new_value(self, client, dinkes, place):
        send(client, "facilities:change_facility", place.code, data=FACTS)
        told = page(client, "facilities:facility_history", place.code)
        assert str(dinkes) in told
        assert "RS Baru" in told
        assert place.name in told

    def test_codes_are_told_in_words_of_their_field(self, client, dinkes, place):
        send(
            client,
            "facilities:change_facility",
            place.code,
            data=FACTS | {"services": ["EMERGENCY"], "wards": ["EMERGENCY"]},
        )
        told = page(client, "facilities:facility_history", place.code)
        assert "Pelayanan gawat darurat" in told
        assert "IGD" in told
        assert "EMERGENCY" not in told

    def test_another_class_is_told_with_its_day(self, client, dinkes, place):
        data = {
            "kind": "HOSPITAL",
            "hospital_class": "C",
            "ownership": "PRIVATE",
            "tariff_code": "CS",
            "day": "01-12-2026",
            "decree": "SK 9",
        }
        send(client, "facilities:change_standing", place.code, data=data)
        assert Standing.objects.filter(facility=place, hospital_class="C").exists()
        told = page(client, "facilities:facility_history", place.code)
        assert "1 Desember 2026" in told
        assert "SK 9" in told

    def test_a_suspended_hospital_says_so_and_is_lifted_with_a_reason(self, client, dinkes, place):
        data = {"letter": "440/9", "reason": "Iur biaya", "starts": "22-11-2026", "last": ""}
        assert send(client, "facilities:suspend", place.code, data=data).status_code == 302
        assert "Iur biaya" in page(client, "facilities:facility", place.code)
        suspension = place.suspensions.get()
        assert send(client, "facilities:lift", suspension.pk, data={"reason": ""}).status_code == 200
        send(client, "facilities:lift", suspension.pk, data={"reason": "Uang kembali"})
        assert not Facility.objects.filter(suspensions__ends__isnull=True, pk=place.pk).exists()
        assert send(client, "facilities:lift", suspension.pk, data={"reason": "lagi"}).status_code == 409

    def test_a_suspension_from_yesterday_is_refused_beside_the_day(self, client, dinkes, place):
        data = {"letter": "440/9", "reason": "Iur biaya", "starts": "21-11-2026", "last": ""}
        assert "starts" in send(client, "facilities:suspend", place.code, data=data).context["form"].errors
        assert not place.suspensions.exists()


class TestContracts:
    def test_a_contract_is_entered_amended_and_ended(self, client, dinkes, place):
        send(client, "facilities:new_contract", place.code, data=CONTRACT)
        contract = place.contracts.get()
        assert contract.terms.get().quota_rupiah == 1_200_000_000
        send(client, "facilities:amend", contract.public_id, data=ADDENDUM)
        assert contract.terms.count() == 2
        told = page(client, "facilities:contract", contract.public_id)
        assert "Tambah rawat inap" in told
        send(
            client, "facilities:end_contract", contract.public_id, data={"last": "30-11-2026", "reason": "Izin dicabut"}
        )
        assert "Izin dicabut" in page(client, "facilities:contract", contract.public_id)
        assert "440/1/ADD" in page(client, "facilities:facility_history", place.code)

    def test_an_addendum_starts_from_the_terms_before(self, client, dinkes, place):
        contract = f.make_contract(place, services=[Service.NEWBORN], quota_letters=7)
        form = client.get(reverse("facilities:amend", args=[contract.public_id])).context["form"]
        assert (form["services"].value(), form["quota_letters"].value()) == (["NEWBORN"], 7)

    @pytest.mark.parametrize(
        ("wrong", "field"),
        [
            ({"services": []}, "services"),
            ({"last": "01-01-2020"}, "last"),
            ({"last": "31-12-9999"}, "last"),
            ({"quota_letters": "0"}, "quota_letters"),
            ({"quota_letters": "", "quota_rupiah": "", "quota_blocks": "on"}, "quota_blocks"),
        ],
    )
    def test_wrong_input_is_answered_beside_its_field(self, client, dinkes, place, wrong, field):
        answer = send(client, "facilities:new_contract", place.code, data=CONTRACT | wrong)
        assert list(answer.context["form"].errors) == [field]
        assert not place.contracts.exists()

    def test_a_period_that_is_taken_is_a_form_error(self, client, dinkes, place):
        f.make_contract(place)
        answer = send(client, "facilities:new_contract", place.code, data=CONTRACT)
        assert answer.context["form"].non_field_errors()

    def test_an_addendum_too_early_is_answered_beside_the_day(self, client, dinkes, place):
        contract = f.make_contract(place)
        answer = send(client, "facilities:amend", contract.public_id, data=ADDENDUM | {"starts": "01-01-2025"})
        assert "starts" in answer.context["form"].errors

    def test_an_account_needs_a_second_person(self, client, dinkes, place, as_role):
        contract = f.make_contract(place)
        send(client, "facilities:propose_account", contract.public_id, data=ACCOUNT)
        change = AccountChange.objects.get()
        assert send(client, "facilities:approve_account", change.public_id, data={}).status_code == 403
        as_role(Role.DINKES_CLAIMS)
        assert "0012345678" in page(client, "facilities:contract", contract.public_id)
        assert send(client, "facilities:refuse_account", change.public_id, data={"reason": ""}).status_code == 200
        send(client, "facilities:approve_account", change.public_id, data={})
        assert Contract.objects.get(pk=contract.pk).bank_account == "0012345678"
        assert send(client, "facilities:approve_account", change.public_id, data={}).status_code == 409

    def test_what_needs_attention_stands_on_one_page(self, client, dinkes):
        f.make_contract(f.make_facility(name="RS Segera"), until=f.TODAY + 20 * DAY)
        f.suspend(f.make_facility(name="RS Henti"), since=f.TODAY)
        waiting = f.make_contract(f.make_facility(name="RS Rekening"))
        send(client, "facilities:propose_account", waiting.public_id, data=ACCOUNT)
        told = page(client, "facilities:attention")
        assert all(name in told for name in ("RS Segera", "RS Henti", "RS Rekening"))


class TestHospital:
    def test_the_director_sees_the_own_contract_with_what_is_left(self, client, as_role, place):
        f.make_contract(place, quota_letters=1234)
        as_role(Role.HOSPITAL_DIRECTOR, place)
        told = page(client, "referrals:own_contract")
        assert "1.234" in told
        assert "PKS/" in told

    def test_a_hospital_without_contract_reads_that_no_letter_comes(self, client, as_role, place):
        as_role(Role.HOSPITAL_BILLER, place)
        assert client.get(reverse("referrals:own_contract")).context["terms"] is None

    def test_a_suspended_hospital_reads_why(self, client, as_role, place):
        f.make_contract(place)
        f.suspend(place, since=f.TODAY)
        as_role(Role.HOSPITAL_DIRECTOR, place)
        assert "Teguran kedua" in page(client, "referrals:own_contract")

    def test_the_contract_of_another_hospital_does_not_exist(self, client, as_role, place):
        foreign = f.make_contract(f.hospital())
        as_role(Role.HOSPITAL_DIRECTOR, place)
        assert client.get(reverse("facilities:contract", args=[foreign.public_id])).status_code == 404

    def test_the_desk_keeps_its_own_roster_and_sees_no_other(self, client, as_role, place):
        as_role(Role.HOSPITAL_DESK, place)
        assert client.get(reverse("facilities:own_roster")).url == reverse("facilities:doctors", args=[place.code])
        send(client, "facilities:new_doctor", place.code, data=DOCTOR)
        doctor = Doctor.objects.get()
        assert "dr. Ayu, Sp.A" in page(client, "facilities:doctors", place.code)
        send(client, "facilities:doctor", doctor.pk, data=DOCTOR | {"last": "21-11-2026"})
        assert "dr. Ayu, Sp.A" not in page(client, "facilities:doctors", place.code)
        assert client.get(reverse("facilities:doctors", args=[f.hospital().code])).status_code == 404

    def test_a_licence_that_is_known_is_answered_beside_its_field(self, client, as_role, place):
        as_role(Role.HOSPITAL_DESK, place)
        send(client, "facilities:new_doctor", place.code, data=DOCTOR)
        answer = send(client, "facilities:new_doctor", place.code, data=DOCTOR)
        assert "registration" in answer.context["form"].errors


class TestQuotas:
    def test_dinkes_sees_every_quota_and_what_is_used(self, client, dinkes):
        f.make_contract(f.make_facility(name="RS Kuota"), quota_letters=50, quota_rupiah=900_000)
        told = page(client, "referrals:quotas")
        assert told.count("RS Kuota") == 2

    def test_the_page_costs_the_same_for_one_and_for_many(self, client, dinkes, query_count):
        for _n in range(8):
            f.make_contract(f.make_facility(), quota_letters=50)
        with query_count("referrals.quotas"):
            client.get(reverse("referrals:quotas"))


def test_lifting_is_for_dinkes_only(place, as_role):
    suspension = f.suspend(place, since=f.TODAY)
    with pytest.raises(NotAllowed):
        suspensions.lift(suspension=suspension, reason="x", actor=as_role(Role.HOSPITAL_DIRECTOR, place), at=f.NOW)
