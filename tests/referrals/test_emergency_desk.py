"""The pages of emergencies: the desk's report with its check, the officer's answers, papers, the statement L9."""

import io
import re

import pytest
from django.urls import reverse
from django.utils.html import strip_tags
from pypdf import PdfReader

from ksb.core.errors import WrongState
from ksb.core.letters import letter_html, letter_pdf
from participants.models import Lookup
from referrals.emergency import deciding, letter
from referrals.models import EmergencyNotice, EmergencyPaper, Sjp
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r
from tests.support.scans import upload

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _now(time_machine):
    time_machine.move_to(f.NOW, tick=False)


@pytest.fixture
def desk():
    return r.desk(r.contracted())


def typed(**values):
    return {
        "step": "check",
        "identity_check": "KTP_SEEN",
        "day": "22-11-2026",
        "clock": "07.30",
        "medical_record": "00-77",
        "service": "INPATIENT",
        "room": "ICU 2",
        "specialty": "IGD",
        "criterion": "CONSCIOUSNESS",
        "diagnosis": "j189",
        "findings": "GCS 9",
        "statement": "Segera",
        "doctor_name": "dr. Rudi",
        "cause": "ILLNESS",
        **values,
    }


def described(**values):
    return {**typed(**values), "sex": "1", "age": "40", "marks": "Kemeja biru"}


def post(client, user, name, data, *args):
    client.force_login(user)
    return client.post(reverse(f"referrals:{name}", args=args), data)


def begin(client, desk, person):
    """The address of the report about ``person``."""
    return post(client, desk, "begin_emergency", {"nik": person.nik}).url


def test_nik_report_check_reported(client, desk):
    person = f.covered_person()
    address = begin(client, desk, person)
    assert Lookup.objects.get().purpose == "EMERGENCY"
    assert person.nik not in address
    assert person.name in client.get(address).content.decode()
    checked = client.post(address, typed())
    assert "ICU 2" in checked.content.decode()
    assert not EmergencyNotice.objects.exists()
    done = client.post(address, typed(step="report"))
    notice = EmergencyNotice.objects.get()
    assert done.url == reverse("referrals:emergency", args=[notice.public_id])
    assert (notice.resident, notice.service, notice.diagnosis_id) == (person, "INPATIENT", "J18.9")


def test_everything_typed_travels_through_the_check_and_back(client, desk):
    address = begin(client, desk, f.covered_person())
    page = client.post(address, typed(room="Melati 3")).content.decode()
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page))
    back = client.post(address, {**hidden, "step": "change"})
    assert back.context["form"]["room"].value() == "Melati 3"
    assert not EmergencyNotice.objects.exists()
    client.post(address, {**hidden, "step": "report"})
    assert EmergencyNotice.objects.get().room == "Melati 3"


def test_a_double_click_reports_once(client, desk):
    address = begin(client, desk, f.covered_person())
    urls = {client.post(address, typed(step="report")).url for _ in range(2)}
    assert len(urls) == EmergencyNotice.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"criterion": ""}, "criterion"),
        ({"diagnosis": "XYZ"}, "diagnosis"),
        ({"clock": "23.00"}, "clock"),
        ({"left_day": "22-11-2026"}, "left_clock"),
        ({"left_day": "22-11-2026", "left_clock": "06.00"}, "left_clock"),
        ({"dead_on_arrival": "on"}, "service"),
        ({"day": "15-11-2026"}, "late_reason"),
        ({"identity_check": ""}, "identity_check"),
    ],
)
def test_what_is_wrong_is_said_beside_its_field(client, desk, change, field):
    page = client.post(begin(client, desk, f.covered_person()), typed(**change))
    assert field in page.context["form"].errors
    assert not EmergencyNotice.objects.exists()


def test_a_late_report_says_so_before_it_is_sent(client, desk):
    address = begin(client, desk, f.covered_person())
    page = client.post(address, typed(day="15-11-2026", late_reason="Keluarga jauh"))
    assert page.context["late"]
    client.post(address, typed(day="15-11-2026", late_reason="Keluarga jauh", step="report"))
    assert EmergencyNotice.objects.get().state == "LATE"


def test_who_is_no_resident_is_a_general_patient(client, desk):
    page = post(client, desk, "begin_emergency", {"nik": "3216010101950001"})
    assert page.context["form"].errors
    assert not EmergencyNotice.objects.exists()


def test_a_member_of_jkn_is_told_to_use_jkn_and_not_reported(client, desk):
    person = f.covered_person()
    f.cover_elsewhere(person, segment=13)
    address = begin(client, desk, person)
    page = client.get(address)
    assert "JKN/KIS" in page.content.decode()
    assert client.post(address, typed(step="report")).status_code == 409
    assert not EmergencyNotice.objects.exists()


def test_another_desks_look_up_is_none_of_mine(client, desk):
    address = begin(client, desk, f.covered_person())
    client.force_login(r.desk(desk.facility))
    assert client.get(address).status_code == 404


def test_a_patient_without_name_is_described_and_identified_later(client, desk):
    post(client, desk, "report_unknown", described(step="report"))
    notice = EmergencyNotice.objects.get()
    assert notice.resident is None
    page = client.get(reverse("referrals:emergency", args=[notice.public_id])).content.decode()
    assert "Kemeja biru" in page
    person = f.covered_person()
    told = {"nik": person.nik, "identity_check": "FAMILY"}
    post(client, desk, "identify_emergency", told, notice.public_id)
    notice.refresh_from_db()
    assert notice.resident == person
    wrong = post(client, desk, "identify_emergency", told | {"nik": f.covered_person(sex=2).nik}, notice.public_id)
    assert "nik" in wrong.context["form"].errors


def test_the_officer_sees_the_queue_by_its_clock_and_approves(client, desk, time_machine):
    first, second = e.report(desk, at=f.NOW - 30 * e.HOUR), e.report(desk)
    officer = e.officer()
    client.force_login(officer)
    page = client.get(reverse("referrals:emergencies"))
    assert list(page.context["waiting"]) == [first, second]
    assert page.content.decode().count("k-tag--bad") == 1
    page = client.get(reverse("referrals:emergency", args=[second.public_id])).content.decode()
    assert "GCS 9" in page
    client.post(reverse("referrals:approve_emergency", args=[second.public_id]))
    sjp = Sjp.objects.get()
    assert sjp.emergency
    client.force_login(desk)
    assert sjp.number in client.get(reverse("referrals:emergency", args=[second.public_id])).content.decode()
    assert client.get(reverse("referrals:letter", args=[sjp.public_id])).context["may_discharge"]
    assert client.get(reverse("referrals:sjp_text", args=[sjp.public_id])).status_code == 200


def test_cover_lost_since_is_said_on_the_page_of_the_case(client, desk):
    notice = e.report(desk)
    f.cover_elsewhere(notice.resident, segment=21)
    page = post(client, e.officer(), "approve_emergency", {}, notice.public_id)
    assert page.status_code == 409
    assert "JKN/KIS" in page.content.decode()


def test_a_second_officer_reads_that_a_colleague_was_faster(client, desk):
    notice = e.approved(desk)
    assert post(client, e.officer(), "approve_emergency", {}, notice.public_id).status_code == 409


def test_question_and_answer_on_screen(client, desk):
    notice = e.report(desk)
    asked = {"question": "Pernyataan DPJP?", "until_day": "23-11-2026", "until_clock": "12.00"}
    post(client, e.officer(), "ask_emergency", asked, notice.public_id)
    client.force_login(desk)
    page = client.get(reverse("referrals:answer_emergency", args=[notice.public_id]))
    assert "Pernyataan DPJP?" in page.content.decode()
    answer = {**page.context["form"].initial, "text": "Terlampir", "criterion": "HAEMODYNAMIC"}
    post(client, desk, "answer_emergency", answer, notice.public_id)
    notice.refresh_from_db()
    assert (notice.state, notice.criterion) == ("REPORTED", "HAEMODYNAMIC")


@pytest.mark.parametrize("until", ["22-11-2026", "22-01-2027", "x"])
def test_a_question_needs_a_day_that_can_be_kept(client, desk, until):
    notice = e.report(desk)
    asked = {"question": "Apa?", "until_day": until, "until_clock": "08.00"}
    page = post(client, e.officer(), "ask_emergency", asked, notice.public_id)
    assert "until_day" in page.context["form"].errors


def test_declining_tells_the_desk_what_to_tell_the_patient(client, desk):
    notice = e.report(desk)
    answer = {"step": "decline_criteria", "reason": "Batuk biasa"}
    post(client, e.officer(), "decline_emergency", answer, notice.public_id)
    client.force_login(desk)
    page = client.get(reverse("referrals:emergency", args=[notice.public_id])).content.decode()
    assert "Batuk biasa" in page
    assert not Sjp.objects.exists()


def test_a_late_report_is_permitted_on_screen(client, desk):
    notice = e.late(desk)
    post(client, e.officer(), "permit_emergency", {"reason": "RS baru bergabung"}, notice.public_id)
    notice.refresh_from_db()
    assert (notice.state, notice.reason) == ("APPROVED", "RS baru bergabung")


def test_the_first_payer_is_recorded(client, desk):
    notice = e.report(desk, cause="TRAFFIC_ACCIDENT")
    told = {"police_report": "LP/9", "payer_letter": "JR/1", "payer_amount": "20.000.000"}
    post(client, desk, "emergency_payer", told, notice.public_id)
    notice.refresh_from_db()
    assert (notice.payer_amount, notice.payer_by) == (20_000_000, desk)
    wrong = post(client, desk, "emergency_payer", told | {"unpaid_elsewhere": "on"}, notice.public_id)
    assert "payer_amount" in wrong.context["form"].errors


def test_papers_follow_and_are_shown_to_who_reads_the_case(client, desk):
    notice = e.report(desk)
    post(client, desk, "attach_emergency_paper", {"kind": "KTP", "file": upload()}, notice.public_id)
    post(client, desk, "attach_emergency_paper", {"kind": "KTP", "file": upload()}, notice.public_id)
    paper = EmergencyPaper.objects.get()
    address = reverse("referrals:emergency_paper", args=[paper.public_id])
    for user, status in (
        (desk, 200),
        (e.officer(), 200),
        (f.make_user("AUDITOR"), 403),
        (r.desk(f.hospital(5)), 404),
    ):
        client.force_login(user)
        assert client.get(address).status_code == status
    bad = post(client, desk, "attach_emergency_paper", {"kind": "KK", "file": upload(b"x")}, notice.public_id)
    assert "file" in bad.context["form"].errors


def test_a_stable_patient_is_marked_on_screen_and_listed(client):
    desk = r.desk(f.make_facility())
    notice = e.approved(desk)
    post(client, desk, "emergency_stable", {}, notice.public_id)
    assert [n.pk for n in client.get(reverse("referrals:emergencies")).context["to_move"]] == [notice.pk]
    page = client.get(reverse("referrals:emergency", args=[notice.public_id])).content.decode()
    assert reverse("referrals:move", args=[notice.sjp.public_id]) in page


def test_an_auditor_reads_the_case_without_its_health(client, desk):
    notice = e.report(desk)
    client.force_login(f.make_user("AUDITOR"))
    page = client.get(reverse("referrals:emergency", args=[notice.public_id])).content.decode()
    assert notice.number in page
    assert "GCS 9" not in page
    assert "J18.9" not in page


@pytest.mark.parametrize("rows", [2, 8])
def test_a_list_takes_the_same_statements_however_long_it_is(client, rows, django_assert_num_queries, desk):
    for _ in range(rows):
        e.report(desk)
    client.force_login(e.officer())
    client.get(reverse("referrals:emergencies"))
    with django_assert_num_queries(7):
        client.get(reverse("referrals:emergencies"))


# Letter L9


def words(text):
    return re.sub(r"\s+", "", str(text))


def text_of(pdf):
    return words(" ".join(page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages))


def test_the_statement_holds_every_field_of_l9():
    notice = e.report(cause="TRAFFIC_ACCIDENT", police_report="LP/44")
    text = text_of(letter.print_pdf(notice=notice, actor=notice.reported_by, at=f.NOW))
    nik = notice.resident.nik
    for said in (
        notice.number,
        notice.resident.name,
        f"{nik[:4]} •••• •••• {nik[-4:]}",
        "22 November 2026 07.30",
        "3. ",
        e.CASE["findings"],
        e.CASE["statement"],
        e.CASE["doctor_name"],
        "J18.9",
        "LP/44",
        str(notice.reported_by),
        notice.hospital.name.upper(),
    ):
        assert words(said) in text, said
    assert nik not in text


@pytest.mark.parametrize("unknown", [False, True])
def test_the_page_says_what_the_paper_says_on_one_sheet(unknown):
    notice = e.report(**e.UNKNOWN) if unknown else e.report()
    composed = letter.letter_of(notice)
    html = letter_html(composed, screen=True)
    said = strip_tags(html[html.index("<body") :].replace("<", " <")).split()
    pdf = letter_pdf(composed)
    on_paper = text_of(pdf)
    assert [word for word in said if word not in on_paper] == []
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1


def test_a_second_print_says_so_and_a_declined_statement_is_not_printed():
    notice = e.report()
    letter.print_pdf(notice=notice, actor=notice.reported_by, at=f.NOW)
    assert "Dicetak2x" in text_of(letter.print_pdf(notice=notice, actor=notice.reported_by, at=f.NOW))
    deciding.decline(notice=notice, step="decline_criteria", reason="x", actor=e.officer(), at=f.NOW)
    with pytest.raises(WrongState):
        letter.print_pdf(notice=notice, actor=notice.reported_by, at=f.NOW)


@pytest.mark.parametrize(("state", "word"), [("REPORTED", "VALID"), ("DECLINED_CRITERIA", "REVOKED")])
def test_the_qr_code_of_the_statement_tells_a_stranger_whether_it_holds(client, state, word):
    notice = e.report()
    EmergencyNotice.objects.filter(pk=notice.pk).update(state=state)
    page = client.get(reverse("validity:letter", args=[notice.token]))
    assert page.context["validity"] == word
    assert notice.resident.name not in page.content.decode()
    assert notice.number in page.content.decode()
