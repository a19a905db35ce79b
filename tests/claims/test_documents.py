"""Papers of claims: harmless, of one claim, complete by kind of care, seen inside the perimeter only; a month's scans at once."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.urls import reverse

from claims import corrections, documents, scans
from claims.enums import DocumentKind
from claims.models import ClaimDocument
from facilities.enums import Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from tests import factories as f
from tests.claims import factories as c
from tests.support.scans import pdf, photo, upload

pytestmark = pytest.mark.django_db
D = DocumentKind


def paper(text="1"):
    return upload(pdf(extra=b"(%s)" % text.encode()), "x.pdf")


def attach(claim, kind=D.RESUME, file=None, actor=None, at=c.AT):
    return documents.attach(
        claim=claim, kind=kind, file=file or paper(), actor=actor or c.biller(claim.hospital), at=at
    )


@pytest.fixture
def claim():
    return c.claimed()


def test_a_scan_is_kept_once_with_its_checksum_and_every_look_is_on_record(claim):
    first, second = attach(claim), attach(claim)
    assert first == second
    assert len(first.sha256) == 64
    reader = c.biller(claim.hospital)
    response = documents.hand_out(document=first, actor=reader)
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "attachment" in response.headers["Content-Disposition"]
    assert JournalEntry.objects.filter(verb="claim.document_view", actor=reader).exists()


@pytest.mark.parametrize("content", [b"", b"MZ\x90", b"<html>", pdf(extra=b"<< /JavaScript (x) >>"), b"%PDF-1.4"])
def test_what_is_no_harmless_scan_is_refused_and_not_kept(claim, content):
    with pytest.raises(Refused):
        attach(claim, file=upload(content, "resume.pdf"))
    assert not ClaimDocument.objects.exists()
    assert not default_storage.exists(documents.FOLDER) or not any(default_storage.listdir(documents.FOLDER)[1])


def test_ADM_08_a_proof_of_care_stands_in_one_claim_a_paper_of_the_person_in_several(claim):
    other = c.claimed()
    attach(claim)
    with pytest.raises(Refused, match=r"already|sudah"):
        attach(other)
    attach(claim, D.KTP, paper("ktp"))
    with pytest.raises(Refused):
        attach(other, D.KTP, paper("ktp"))
    again = c.claimed(c.letter(claim.resident, since=c.DAY.replace(day=20)))
    assert attach(again, D.KTP, paper("ktp")).claim == again


def test_papers_follow_the_corrected_row_to_its_new_version(claim):
    scan = attach(claim)
    c.take([c.row(claim.sjp, MRN="8")])
    scan.refresh_from_db()
    assert scan.claim.replaces == claim


def test_papers_are_added_until_the_decision_and_taken_away_until_the_submission(claim):
    from claims import batches

    biller = c.biller(claim.hospital)
    documents.remove(document=attach(claim), actor=biller)
    assert not ClaimDocument.objects.exists()
    scan = attach(claim)
    batches.submit(batch=claim.batch, actor=biller, at=c.AT)
    with pytest.raises(WrongState):
        documents.remove(document=scan, actor=biller)
    assert attach(claim, D.INVOICE, paper("2"))
    with pytest.raises(NotAllowed):
        attach(claim, D.INVOICE, paper("3"), actor=c.biller(c.hospital(1)))


def test_what_is_missing_depends_on_the_care_and_what_KSB_holds_itself_needs_no_scan(claim):
    stay = c.claimed(c.letter(service=Service.INPATIENT), days=2)
    lacking = documents.missing([claim, stay])
    assert lacking[claim.pk] == [D.KTP, D.KK, D.CARD, D.RESUME, D.INVOICE]
    assert lacking[stay.pk] == [D.KTP, D.KK, D.CARD, D.RESUME, D.RESULTS, D.INVOICE, D.DISCHARGE]
    attach(claim, D.KK, upload(photo(), "kk.jpg"))
    assert D.KK not in documents.missing([claim])[claim.pk]
    unlinked = c.take([c.row(c.letter(), SEP="")]).batch.claims.get(sjp=None)
    assert documents.missing([unlinked])[unlinked.pk][:2] == [D.SJP, D.REFERRAL]


def test_every_kind_of_care_has_its_list_and_every_word_its_kind():
    assert set(documents.REQUIRED) == set(Service)
    assert set(DocumentKind.WORDS.values()) == set(DocumentKind.values)


def archive(members):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return out


def name_of(claim, word, end="pdf"):
    return f"{claim.sjp.number.replace('/', '-')}_{word}.{end}"


def test_a_months_scans_find_their_claims_by_their_names(claim):
    members = {
        f"Oktober/{name_of(claim, 'RESUME')}": pdf(extra=b"(a)"),
        name_of(claim, "ktp"): pdf(extra=b"(b)"),
        name_of(claim, "KK_2", "jpg"): photo(),
        name_of(claim, "FOTO"): pdf(),
        "999999-SJP-1-X-2026_RESUME.pdf": pdf(),
        name_of(claim, "RINCIAN"): b"MZ",
    }
    actor = c.biller(claim.hospital)
    found = scans.take_archive(batch=claim.batch, file=archive(members), actor=actor, at=c.AT)
    assert [bool(one.refusal) for one in found] == [False, False, False, True, True, True]
    assert sorted(claim.documents.values_list("kind", flat=True)) == ["KK", "KTP", "RESUME"]
    again = scans.take_archive(batch=claim.batch, file=archive(members), actor=actor, at=c.AT)
    assert [bool(one.refusal) for one in again] == [False, False, False, True, True, True]
    assert claim.documents.count() == 3


def test_visits_under_one_letter_are_told_apart_by_the_day_in_the_name():
    sjp = c.letter(service=Service.HAEMODIALYSIS)
    days = [c.DAY, c.DAY.replace(day=15)]
    batch = c.take([c.row(sjp, admitted=day) for day in days]).batch
    actor = c.biller(sjp.hospital)
    stem = sjp.number.replace("/", "-")
    files = [
        upload(pdf(extra=b"(%d)" % n), name)
        for n, name in enumerate([f"{stem}_PROTOKOL.pdf", f"{stem}_20261015_RINCIAN.pdf"])
    ]
    found = scans.take_files(batch=batch, files=files, actor=actor, at=c.AT)
    assert [bool(one.refusal) for one in found] == [True, False]
    assert ClaimDocument.objects.get().claim.admitted_on == days[1]


def test_a_damaged_archive_is_refused(claim):
    whole = archive({"a_RESUME.pdf": pdf()}).getvalue()
    with pytest.raises(Refused):
        scans.take_archive(batch=claim.batch, file=io.BytesIO(whole[:40]), actor=c.biller(), at=c.AT)


def test_the_pages_take_show_and_give_out_papers_inside_the_perimeter(client, claim):
    client.force_login(c.biller(claim.hospital))
    page = reverse("claims:papers", args=[claim.public_id])
    assert client.post(page, {"kind": "RESUME", "file": upload(b"x")}).context["form"].errors["file"]
    assert client.post(page, {"kind": "RESUME", "file": paper()}).headers["Location"] == page
    month = reverse("claims:scans", args=[claim.batch.public_id])
    response = client.post(
        month, {"files": [upload(pdf(extra=b"(i)"), name_of(claim, "RINCIAN")), upload(pdf(), "x.pdf")]}
    )
    assert [one.name for one in response.context["refused"]] == ["x.pdf"]
    assert claim.documents.count() == 2
    scan = claim.documents.first()
    look = reverse("claims:paper", args=[scan.public_id])
    assert client.get(look).headers["Content-Type"] == "application/pdf"
    client.force_login(f.make_user("HOSPITAL_DIRECTOR", facility=claim.hospital))
    assert client.get(look).status_code == 403
    client.force_login(c.biller(c.hospital(1)))
    assert [client.get(address).status_code for address in (look, page, month)] == [404, 404, 404]


def test_the_list_of_what_is_missing_costs_the_same_for_any_number_of_claims(client, query_count):
    client.force_login(c.biller())
    for n, month in ((1, 9), (8, 10)):
        batch = c.take([c.row(c.letter(since=c.DAY.replace(month=month))) for _ in range(n)]).batch
        with query_count("claims.scans"):
            client.get(reverse("claims:scans", args=[batch.public_id]))


def test_the_list_tells_of_missing_papers_only_where_they_may_still_come(claim):
    finding = claim.findings.create(rule="ADM-04", severity="P")
    assert documents.found_incomplete([claim.batch]) == {claim.batch_id: 1}
    finding.overridden_at, finding.overridden_by, finding.override_reason = c.AT, f.system(), "Sudah dilihat"
    finding.save()
    assert documents.found_incomplete([claim.batch]) == {}
    other = c.claimed()
    other.findings.create(rule="ADM-04", severity="P")
    assert documents.found_incomplete([other.batch]) == {other.batch_id: 1}
    corrections.withdraw(claim=other, actor=c.biller(), at=c.AT)
    assert documents.found_incomplete([other.batch]) == {}
