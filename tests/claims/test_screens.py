"""The billing officer's pages: each act with its form, nobody else's claims, the same cost for any number of rows."""

import csv
import io

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from claims import batches
from claims.models import Claim, ClaimBatch
from ksb.core.models import JournalEntry
from tests import factories as f
from tests.claims import factories as c
from tests.support.pdf import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    """Pages look at the clock; it shows the day of intake, and runs."""
    with time_machine.travel(c.AT, tick=True):
        yield


@pytest.fixture
def biller(client):
    biller = c.biller()
    client.force_login(biller)
    return biller


def url(name, thing=None):
    return reverse(f"claims:{name}", args=[thing.public_id] if thing else [])


def upload(client, content, button="hand_in", **values):
    if isinstance(content, list):
        content = c.text(content)
    content = content.encode() if isinstance(content, str) else content
    file = SimpleUploadedFile("oktober.txt", content, content_type="text/plain")
    hospital = f.User.objects.get(pk=client.session["_auth_user_id"]).facility
    return client.post(url("hand_in"), {"file": file, button: "1", "hospital": hospital.pk, **values})


def page(response):
    return response.content.decode()


def test_a_file_handed_in_leads_to_its_batch(client, biller):
    response = upload(client, [c.row(c.letter())])
    batch = ClaimBatch.objects.get()
    assert response.headers["Location"] == url("batch", batch)
    assert batch.created_by == biller
    shown = page(client.get(url("batch", batch)))
    assert batch.number in shown
    assert Claim.objects.get().patient_name in shown


def test_a_check_shows_findings_and_keeps_nothing(client, biller):
    rows = [c.row(c.letter()), c.row(c.letter(), KELAS_RAWAT="1"), c.row(c.letter(), SEX="x")]
    response = upload(client, rows, "check")
    assert response.status_code == 200
    assert "CTR-02" in page(response)
    assert "ADM-01" in page(response)
    assert not ClaimBatch.objects.exists()


@pytest.mark.parametrize(
    "content", [b"", b"PK\x03\x04", b"\x00\x01", c.text([{"KODE_RS": "3275999"}]), "KODE_RS\tSEP\n1\t2\n"]
)
def test_a_file_that_is_none_is_a_sentence_beside_the_field(client, biller, content):
    response = upload(client, content)
    assert response.status_code == 200
    assert response.context["form"].errors["file"]
    assert not ClaimBatch.objects.exists()


def test_a_file_without_any_row_to_take_shows_why_for_each_row(client, biller):
    response = upload(client, [c.row(c.letter(), PAYOR_ID="3;JKN")])
    assert response.context["form"].errors["file"]
    assert "PAY-01" in page(response)


def test_no_file_is_a_sentence_too(client, biller):
    response = client.post(url("hand_in"), {"hospital": biller.facility.pk, "hand_in": "1"})
    assert response.context["form"].errors["file"]


def test_nobody_hands_in_for_another_hospital(client, biller):
    response = upload(client, [c.row(c.letter())], hospital=c.hospital(1).pk)
    assert response.context["form"].errors["hospital"]
    assert not ClaimBatch.objects.exists()


def test_the_same_file_twice_names_the_first_batch(client, biller):
    rows = [c.row(c.letter())]
    upload(client, rows)
    response = upload(client, rows)
    assert ClaimBatch.objects.get().number in response.context["form"].errors["file"][0]


@pytest.fixture
def batch(biller):
    """A clean row, one with a question, a blocked one, a refused one."""
    rows = [
        c.row(c.letter()),
        c.row(c.letter(), SEX="2"),
        c.row(c.letter(), KELAS_RAWAT="1", DPJP="=HYPERLINK(1)"),
        c.row(c.letter(), TARIF_RS="rusak"),
    ]
    return c.take(rows, actor=biller).batch


@pytest.mark.parametrize(("part", "line"), [("clean", 2), ("questions", 3), ("blocked", 4), ("refused", 5)])
def test_the_rows_of_a_batch_are_grouped_by_what_the_rules_found(client, batch, part, line):
    response = client.get(url("batch", batch), {"part": part})
    assert [row.line_number for row in response.context["page"]] == [line]
    assert {name: count for name, _label, count in response.context["parts"]} == dict.fromkeys(
        ("questions", "blocked", "refused", "clean"), 1
    )


@pytest.mark.parametrize("poison", [{"part": "x"}, {"page": "zzz"}, {"part": "\x00"}])
def test_a_strange_address_breaks_nothing(client, batch, poison):
    assert client.get(url("batch", batch), poison).status_code == 200
    assert client.get(url("batches"), {"state": "x", "hospital": "y", **poison}).status_code == 200


def test_the_rows_to_correct_come_as_a_harmless_file_that_can_be_handed_in_again(client, batch, biller):
    response = client.get(url("refused_rows", batch))
    text = response.content.decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(text), delimiter="\t", quoting=csv.QUOTE_NONE)
    assert header[-1] == "ALASAN_PENOLAKAN"
    assert [len(row) for row in rows] == [len(header)] * 2
    assert all(row[-1] for row in rows)
    assert rows[0][header.index("DPJP")] == "'=HYPERLINK(1)"
    assert "3275014505900001" not in text
    assert response.headers["Cache-Control"] == "private, no-store"
    assert JournalEntry.objects.filter(verb="batch.download_refused", object_id=batch.pk).exists()
    corrected = text.replace("\trusak\t", f"\t{batch.claims.first().hospital_bill}\t")
    corrected = corrected.replace("\tC\t1\tCS", "\tC\t3\tCS")
    again = c.take(corrected, place=batch.hospital, actor=biller)
    assert (again.rows, again.accepted) == (2, 2)
    assert [line.findings for line in again.lines] == [(), ()]


def test_a_batch_is_submitted_over_the_check_page(client, batch):
    shown = client.get(url("submit", batch))
    assert shown.context["counts"]["ready"] == 2
    initial = shown.context["form"].initial
    response = client.post(url("submit", batch), initial)
    assert response.headers["Location"] == url("batch", batch)
    batch.refresh_from_db()
    assert batch.state == "TO_SIGN"


def test_what_changed_since_the_check_page_is_not_submitted(client, batch):
    response = client.post(url("submit", batch), {"ready": 2, "claimed": batch.claimed + 1})
    assert response.status_code == 409
    assert client.post(url("submit", batch), {"ready": "x"}).status_code == 200
    batch.refresh_from_db()
    assert batch.state == "OPEN"


def test_submitting_twice_is_answered_409(client, batch, biller):
    batches.submit(batch=batch, actor=biller, at=c.AT)
    response = client.post(url("submit", batch), {"ready": 2, "claimed": batch.claimed})
    assert response.status_code == 409
    assert client.get(url("submit", batch)).status_code == 302


def test_a_batch_is_taken_back_with_a_reason(client, batch):
    assert client.post(url("withdraw", batch), {"reason": " "}).context["form"].errors
    response = client.post(url("withdraw", batch), {"reason": "Salah bulan"})
    assert response.status_code == 302
    assert client.post(url("withdraw", batch), {"reason": "Sekali lagi"}).status_code == 409


def test_a_claim_shows_amounts_letter_findings_and_what_happened(client, batch, biller):
    batches.submit(batch=batch, actor=biller, at=c.AT)
    claim = batch.claims.get(line_number=2)
    response = client.get(url("claim", claim))
    assert claim.sjp.number in page(response)
    assert [str(step.actor) for step in response.context["history"]] == [str(biller)] * 2
    assert claim.resident.nik not in page(response)
    assert "I10" in page(response)
    assert JournalEntry.objects.filter(verb="claim.view", object_id=claim.pk, actor=biller).exists()


def test_a_director_sees_amounts_but_no_diagnosis(client, batch):
    client.force_login(f.make_user("HOSPITAL_DIRECTOR", facility=batch.hospital))
    shown = page(client.get(url("claim", batch.claims.get(line_number=2))))
    assert "I10" not in shown
    assert c.VISIT not in shown
    assert "Rp" in shown


def test_an_sjp_is_linked_by_hand_on_the_page_of_the_claim(client, biller):
    sjp = c.letter()
    batch = c.take([c.row(sjp, SEP="")], actor=biller).batch
    claim = batch.claims.get()
    response = client.post(url("link", claim), {"sjp_number": "999999/SJP/1/X/2026"})
    assert response.context["link_form"].errors["sjp_number"]
    response = client.post(url("link", claim), {"sjp_number": sjp.number})
    assert response.headers["Location"] == url("claim", claim)
    claim.refresh_from_db()
    assert claim.state == "READY"
    assert client.post(url("link", claim), {"sjp_number": sjp.number}).status_code == 409


def test_one_claim_is_taken_back(client, batch):
    claim = batch.claims.get(line_number=2)
    assert client.post(url("withdraw_claim", claim)).status_code == 302
    assert client.post(url("withdraw_claim", claim)).status_code == 409
    assert client.get(url("withdraw_claim", claim)).status_code == 405


def test_the_covering_letter_says_cases_and_rupiah(client, batch):
    director = f.make_user("HOSPITAL_DIRECTOR", facility=batch.hospital)
    response = client.get(url("recap", batch))
    assert response.headers["Content-Type"] == "application/pdf"
    text = text_of(response.content)
    assert batch.number in text
    assert f"{batch.claimed:,}".replace(",", ".") in text
    assert str(director) in text
    assert batch.sha256 in text.replace(" ", "")


# The perimeter


@pytest.mark.parametrize("name", ["batch", "refused_rows", "recap", "submit", "withdraw"])
def test_R7_the_batch_of_another_hospital_does_not_exist(client, batch, name):
    client.force_login(c.biller(c.hospital(1)))
    assert client.get(url(name, batch)).status_code == 404
    assert client.post(url(name, batch), {"ready": 2, "claimed": 1, "reason": "x"}).status_code in (404, 405)


@pytest.mark.parametrize("name", ["claim", "link", "withdraw_claim"])
def test_R7_the_claim_of_another_hospital_does_not_exist(client, batch, name):
    client.force_login(c.biller(c.hospital(1)))
    method = client.get if name == "claim" else client.post
    assert method(url(name, batch.claims.first()), {"sjp_number": "1"}).status_code == 404


def test_the_list_holds_the_own_hospitals_batches_only(client, batch):
    foreign = c.take([c.row(c.letter(to=c.hospital(1)))], place=c.hospital(1)).batch
    shown = client.get(url("batches"))
    assert [row.pk for row in shown.context["page"]] == [batch.pk]
    assert foreign.number not in page(shown)


@pytest.mark.parametrize("role", ["PUSKESMAS_CLERK", "HOSPITAL_DESK", "TREASURER", "SYSTEM_ADMIN", "PLANNING_VIEWER"])
def test_other_roles_are_turned_away(client, batch, role):
    client.force_login(f.make_user(role, facility=batch.hospital if role == "HOSPITAL_DESK" else None))
    for name, thing in (("batches", None), ("hand_in", None), ("batch", batch), ("claim", batch.claims.first())):
        assert client.get(url(name, thing)).status_code == 403


def test_a_verifier_sees_a_batch_once_however_often_it_was_assigned(batch):
    from verification.models import Assignment

    verifier = f.make_user("VERIFIER_ADMIN")
    Assignment.objects.create(
        batch=batch, verifier=verifier, assigned_at=c.AT, assigned_by=f.system(), ended_at=c.AT, ended_by=f.system()
    )
    assert not ClaimBatch.objects.visible_to(verifier).exists()
    Assignment.objects.create(batch=batch, verifier=verifier, assigned_at=c.AT, assigned_by=f.system())
    assert ClaimBatch.objects.visible_to(verifier).count() == 1
    assert Claim.objects.visible_to(verifier).count() == 3


def test_a_verifier_is_shown_no_batch_of_the_same_hand_in_that_was_not_assigned(client, biller):
    from verification.models import Assignment

    rows = [c.row(c.letter()), c.row(c.letter(service="INPATIENT"), days=3)]
    batch = c.hand_in(c.take(rows, actor=biller).batch, actor=biller)
    verifier = f.make_user("VERIFIER_ADMIN")
    Assignment.objects.create(batch=batch, verifier=verifier, assigned_at=c.AT, assigned_by=f.system())
    for reader, others in ((verifier, 0), (biller, 1)):
        client.force_login(reader)
        assert client.get(url("batch", batch)).context["together"].count() == others


# Cost


def test_pages_cost_the_same_for_any_number_of_rows(client, biller, query_count):
    for n in (2, 12):
        rows = [c.row(c.letter(), SEX="2") for _ in range(n)]
        batch = c.take(rows, actor=biller).batch
        with query_count("claims.batches"):
            client.get(url("batches"))
        with query_count("claims.batch"):
            client.get(url("batch", batch), {"part": "questions"})
        with query_count("claims.claim"):
            client.get(url("claim", batch.claims.first()))


def test_intake_costs_the_same_for_any_number_of_rows(query_count):
    place, actor = c.hospital(), c.biller()
    assert actor.has_role("HOSPITAL_BILLER")
    for n, month in ((1, 9), (9, 10)):
        rows = [c.row(c.letter(since=c.DAY.replace(month=month))) for _ in range(n)]
        with query_count("claims.take_in"):
            c.take(rows, place=place, actor=actor)


def test_submitting_costs_the_same_for_any_number_of_rows(biller, query_count):
    for n in (1, 9):
        batch = c.take([c.row(c.letter()) for _ in range(n)], actor=biller).batch
        with query_count("claims.submit"):
            batches.submit(batch=batch, actor=biller, at=c.AT)
