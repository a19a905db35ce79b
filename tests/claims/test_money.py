"""Where a hospital's money is, on its own page and for its own program (formats.md 2.2: V-Claim monitoring)."""

import datetime
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone

from claims.models import Claim, ClaimBatch
from claims.monitoring import claims_of
from facilities import bed_keys
from reports import hospital_money
from tests import factories as f
from tests.claims import factories as c
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
ON = datetime.date(2026, 11, 20)


def beside(claim, state, **values):
    """One more claim of the same batch, as if the offices had brought it to this state; returns it."""
    values = {
        "state": state,
        "public_id": uuid.uuid4(),
        "line_number": Claim.objects.count() + 10,
        "sjp": None,
        **values,
    }
    kept = {f.attname: getattr(claim, f.attname) for f in Claim._meta.concrete_fields if f.name not in (*values, "id")}
    return Claim.objects.create(**kept, **values)


@pytest.fixture
def three():
    """A batch of three claims as the verifiers get it, and its biller."""
    actor = c.biller()
    batch = c.take([c.row(c.letter()) for _ in range(3)], actor=actor).batch
    return c.hand_in(batch, actor=actor), actor


def test_every_claim_is_counted_once_at_its_stage_with_what_is_granted(three):
    batch, _actor = three
    claim = batch.claims.first()
    each = claim.claimed
    beside(claim, "APPROVED", approved=each - 1_000)
    beside(claim, "REJECTED")
    beside(claim, "WITHDRAWN")
    (row,) = hospital_money.batches_of(batch.hospital, on=ON)
    assert {key: (one.claims, one.amount) for key, one in row.sums.items()} == {
        "approved": (1, each - 1_000),
        "refused": (1, each),
        "checked": (3, 3 * each),
    }
    assert row.pending == 4 * each - 1_000
    assert sum(count for _label, count, _sum in hospital_money.ages([row], on=ON)) == 4


def test_the_day_of_payment_follows_the_clocks_and_then_the_last_batches(three):
    batch, _actor = three
    (row,) = hospital_money.batches_of(batch.hospital, on=ON)
    assert row.paid_about == c.AT.date() + datetime.timedelta(days=10 + 15)
    moments = {
        name: c.AT + datetime.timedelta(days=days)
        for name, days in {"signed_at": 0, "completed_at": 2, "verified_at": 5, "paid_at": 9}.items()
    }
    people = {f"{name[:-3]}_by": f.system() for name in moments}
    ClaimBatch.objects.create(
        hospital=batch.hospital,
        number="x",
        service_month=datetime.date(2026, 9, 1),
        state="PAID",
        sha256="1" * 64,
        created_at=c.AT,
        created_by=f.system(),
        **moments,
        **people,
    )
    newest, _old = hospital_money.batches_of(batch.hospital, on=ON)
    assert newest.paid_about == c.AT.date() + datetime.timedelta(days=3 + 4)
    assert newest.overdue


def test_finished_care_that_was_not_claimed_is_shown_with_its_expiry():
    episode = r.done(r.issue()).episodes.get()
    left = timezone.localdate(episode.discharged_at)
    (month,) = hospital_money.unclaimed(episode.hospital, on=ON)
    assert (month["cases"], month["expires_on"]) == (1, left.replace(year=2027, month=left.month - 6))


def test_a_hospital_sees_its_own_page_only(client, three):
    batch, actor = three
    foreign = c.hospital(1)
    other = c.take([c.row(c.letter(to=foreign))], place=foreign).batch
    client.force_login(actor)
    page = client.get(reverse("reports:hospital_money"), {"hospital": foreign.code}).content.decode()
    assert batch.number in page
    assert other.number not in page
    client.force_login(f.make_user("DINKES_CLAIMS"))
    assert client.get(reverse("reports:hospital_money")).status_code == 403


def test_the_page_costs_the_same_for_any_number_of_claims(client, query_count):
    actor = c.biller()
    client.force_login(actor)
    for n in (1, 4):
        c.hand_in(c.take([c.row(c.letter()) for _ in range(n)], actor=actor).batch, actor=actor)
        with query_count("reports.hospital_money"):
            client.get(reverse("reports:hospital_money"))


# For programs


def ask(client, place, day, *, care_type=2, status=1, secret=None):
    key, own = bed_keys.issue(facility=place, actor=f.system(), at=timezone.now())
    stamp = str(int(timezone.now().timestamp()))
    headers = {
        "X-cons-id": key.cons_id,
        "X-timestamp": stamp,
        "X-signature": bed_keys.signature(key.cons_id, secret or own, stamp),
    }
    address = reverse("vclaim:claim_status", kwargs={"discharged_on": day, "care_type": care_type, "status": status})
    return client.get(address, headers=headers)


def test_a_simrs_reads_its_claims_in_the_shape_of_v_claim(client, three):
    batch, _actor = three
    answer = ask(client, batch.hospital, c.DAY.isoformat()).json()
    assert answer["metaData"] == {"code": "200", "message": "OK"}
    assert len(answer["response"]["klaim"]) == 3
    claim, row = batch.claims.order_by("line_number").first(), answer["response"]["klaim"][0]
    assert set(row) == {
        *("Inacbg", "biaya", "kelasRawat", "noFPK", "noSEP", "peserta", "poli", "status", "tglPulang", "tglSep")
    }
    assert row["biaya"]["byPengajuan"] == str(claim.claimed)
    assert (row["noFPK"], row["noSEP"]) == (batch.number, claim.sjp.number)
    beside(claim, "REJECTED")
    assert len(claims_of(batch.hospital, discharged_on=c.DAY, care_type=2, status=3)) == 1
    assert ask(client, batch.hospital, c.DAY.isoformat(), status=2).json()["metaData"]["code"] == "201"


def test_nothing_of_another_hospital_and_nothing_without_a_signature(client, three):
    batch, _actor = three
    assert ask(client, c.hospital(1), c.DAY.isoformat()).json()["response"] is None
    assert ask(client, batch.hospital, c.DAY.isoformat(), secret="x").status_code == 401
    assert ask(client, batch.hospital, "12-10-2026").status_code == 400
    assert ask(client, batch.hospital, c.DAY.isoformat(), status=4).status_code == 400
