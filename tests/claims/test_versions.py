"""Corrected rows: only they are handed in again, into the same batch; each makes a new version, and the old one is kept."""

import csv
import io

import pytest

from claims import batches
from claims.models import Claim, ClaimBatch, IntakeRow
from claims.refused_file import refused_file
from claims.versions import differences
from ksb.core.models import JournalEntry
from tests import factories as f
from tests.claims import factories as c

pytestmark = pytest.mark.django_db


def rows_to_correct(batch):
    """The downloaded file as a list of dicts by column name."""
    return list(csv.DictReader(io.StringIO(refused_file(batch).removeprefix("\ufeff")), delimiter="\t"))


def hand_back(rows, **kwargs):
    return c.take(c.text(rows, columns=tuple(rows[0])), **kwargs)


def test_only_the_corrected_rows_come_back_into_the_same_batch_and_the_old_ones_are_kept():
    good, wrong_class, wrong_number, broken = (c.letter() for _ in range(4))
    first = c.take(
        [
            c.row(good),
            c.row(wrong_class, KELAS_RAWAT="1"),
            c.row(wrong_number, SEP="X1"),
            c.row(broken, TARIF_RS="1,8E+06"),
        ]
    )
    batch = first.batch
    assert (first.accepted, first.refused) == (1, 3)
    back = rows_to_correct(batch)
    assert [row["BARIS_ASAL"] for row in back] == [f"{batch.number}#{n}" for n in (3, 4, 5)]
    assert all(row["ALASAN_PENOLAKAN"] for row in back)
    back[0]["KELAS_RAWAT"] = "3"
    back[1]["SEP"] = wrong_number.number
    back[2]["TARIF_RS"] = str(c.tariff(broken.hospital, c.VISIT) + 50_000)
    second = hand_back(back)
    batch.refresh_from_db()
    assert second.batch == batch
    assert ClaimBatch.objects.count() == 1
    assert (second.rows, second.accepted, second.refused, second.replaced) == (3, 3, 0, 2)
    assert (batch.rows, batch.accepted, batch.refused) == (4, 4, 0)
    assert [(file.offset, file.rows, file.taken) for file in batch.files.all()] == [(0, 4, 3), (5, 3, 3)]
    assert IntakeRow.objects.get().status == "CORRECTED"
    old = Claim.objects.get(sjp=wrong_class, version=1)
    new = old.successors.get()
    assert (old.state, new.state, new.version, new.resubmitted) == ("WITHDRAWN", "READY", 2, 0)
    assert old.findings.filter(rule="CTR-02").exists()
    assert [(d.label, d.old, d.new) for d in differences(old, new)] == [("KELAS_RAWAT", "1", "3")]
    assert Claim.objects.get(sjp=wrong_number).replaces.reference == "X1"
    assert not rows_to_correct(batch)
    assert JournalEntry.objects.about(old).get().verb == "claim.replace"
    assert batch.claimed == sum(Claim.objects.filter(state="READY").values_list("claimed", flat=True))


def test_a_whole_month_handed_in_again_changes_only_what_differs():
    sjps = [c.letter() for _ in range(3)]
    rows = [c.row(sjp) for sjp in sjps]
    batch = c.take(rows).batch
    rows[1]["MRN"] = "777"
    late = c.row(c.letter())
    result = c.take([*rows, late])
    assert (result.rows, result.accepted, result.unchanged, result.replaced) == (4, 4, 2, 1)
    assert [line.line for line in result.lines] == [2, 3, 4, 5]
    batch.refresh_from_db()
    assert (batch.rows, batch.accepted, batch.claims.count()) == (4, 4, 5)
    assert batch.claims.get(sjp=sjps[1], state="READY").medical_record == "777"
    assert batch.claims.get(sjp=sjps[0]).version == 1


def test_a_row_that_is_refused_again_takes_the_place_of_the_first_refusal():
    batch = c.take([c.row(c.letter()), c.row(c.letter(), SEX="x")]).batch
    back = rows_to_correct(batch)
    back.append({**c.row(c.letter()), "BARIS_ASAL": "", "ALASAN_PENOLAKAN": ""})
    back[0]["SEX"] = "y"
    assert hand_back(back).refused == 1
    batch.refresh_from_db()
    assert (batch.rows, batch.refused) == (3, 1)
    assert sorted(IntakeRow.objects.values_list("status", flat=True)) == ["CORRECTED", "REFUSED"]
    assert [row["BARIS_ASAL"] for row in rows_to_correct(batch)] == [f"{batch.number}#5"]


def test_a_dry_run_of_corrections_replaces_nothing():
    sjp = c.letter()
    c.take([c.row(sjp)])
    result = c.take([c.row(sjp, MRN="2")], dry_run=True)
    assert (result.accepted, result.replaced) == (1, 1)
    assert Claim.objects.get().state == "READY"


def test_after_the_submission_corrections_open_a_batch_of_their_own_and_the_submitted_claim_stays():
    sjp = c.letter()
    first = c.take([c.row(sjp)])
    batches.submit(batch=first.batch, actor=c.biller(), at=c.AT)
    second = c.take([c.row(sjp, MRN="2"), c.row(c.letter())])
    assert second.batch != first.batch
    assert (second.accepted, second.replaced) == (1, 0)
    assert c.rules(second) >= {"DUP-01"}
    assert first.batch.claims.get().state == "SUBMITTED"


def test_a_returned_claim_is_handed_in_again_as_its_next_version():
    from tests.claims.test_batches import decided

    old = decided("RETURNED")
    result = c.take([c.row(old.sjp, MRN="9")])
    claim = result.batch.claims.get()
    assert (claim.replaces, claim.version, claim.resubmitted, claim.state) == (old, 2, 1, "READY")
    old.refresh_from_db()
    assert old.state == "RETURNED"


def test_another_hospitals_line_cannot_be_named():
    foreign = c.take([c.row(c.letter(to=c.hospital(1)))], place=c.hospital(1)).batch
    row = {**c.row(c.letter()), "BARIS_ASAL": f"{foreign.number}#2"}
    result = hand_back([row])
    assert (result.batch == foreign, result.replaced) == (False, 0)
    assert foreign.claims.get().state == "READY"


def test_both_versions_are_shown_side_by_side_with_what_changed(client):
    sjp = c.letter()
    batch = c.take([c.row(sjp)]).batch
    c.take([c.row(sjp, DIAGLIST="E11.9", TARIF_RS="999999", KONSULTASI="999999", OBAT="0")])
    new = batch.claims.get(version=2)
    client.force_login(c.biller())
    shown = client.get(f"/claims/claim/{new.public_id}/versions/")
    text = shown.content.decode()
    assert {"DIAGLIST", "TARIF_RS"} <= {d.label for d in shown.context["steps"][0].differences}
    assert "E11.9" in text
    assert "NAMA_PASIEN" not in text
    client.force_login(f.make_user("HOSPITAL_DIRECTOR", facility=batch.hospital))
    assert "E11.9" not in client.get(f"/claims/claim/{new.public_id}/versions/").content.decode()
    client.force_login(c.biller(c.hospital(1)))
    assert client.get(f"/claims/claim/{new.public_id}/versions/").status_code == 404


def test_a_month_handed_in_again_corrects_the_claims_of_a_part_that_came_back_too():
    place, actor = c.hospital(), c.biller()
    visits, stay = [c.row(c.letter(to=place)) for _ in range(2)], c.row(c.letter(to=place, service="INPATIENT"), days=3)
    batch = batches.submit(batch=c.take([*visits, stay], actor=actor).batch, actor=actor, at=c.AT)
    part = batch.splits.get()
    for one in (part, batch):
        batches.send_back(batch=one, actor=c.director(place), at=c.AT, reason="Periksa lagi")
    visits[0]["MRN"] = "777"
    result = c.take([*visits, stay], actor=actor)
    part.refresh_from_db()
    assert (result.batch, result.accepted, result.replaced, result.unchanged) == (batch, 3, 1, 2)
    assert (part.rows, part.accepted, part.claims.get(state="READY").reference) == (1, 1, visits[1]["SEP"])
    assert part.claimed == part.claims.get(state="READY").claimed


def test_a_corrected_row_counts_once_even_where_its_last_version_went_to_a_part():
    visit, stay = c.row(c.letter()), c.row(c.letter(service="INPATIENT"), days=3)
    c.take([visit, stay])
    batch = c.take([{**visit, "MRN": "777"}, stay]).batch
    batch = batches.submit(batch=batch, actor=c.biller(), at=c.AT)
    assert [part.rows for part in batch.family()] == [1, 1]
