"""Large files: received in pieces that break off, taken in once by a worker that may die, with progress for who waits."""

import io
import os
import signal
import subprocess
import sys
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.db import connection
from django.urls import reverse

from claims import deliveries
from claims.enums import DeliveryKind
from claims.models import Claim, ClaimBatch, ClaimDocument, Delivery
from claims.views import hand_in
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.embedded.home import PROJECT
from tests.claims import factories as c
from tests.support.database import database_url
from tests.support.scans import pdf, upload

pytestmark = pytest.mark.django_db


def begun(content, *, kind=DeliveryKind.EKLAIM, name="oktober.txt", batch=None, actor=None):
    common = {"hospital": c.hospital(), "batch": batch, "actor": actor or c.biller(), "at": c.AT}
    return deliveries.begin(kind=kind, file_name=name, size=len(content), **common)


def sent(content, **kwargs):
    delivery = begun(content, **kwargs)
    return deliveries.append(delivery=delivery, offset=0, content=content, actor=delivery.created_by)


def rows(n=3):
    return c.text([c.row(c.letter()) for _ in range(n)]).encode()


def test_a_file_arrives_in_pieces_and_goes_on_where_it_broke_off():
    content = rows()
    actor = c.biller()
    delivery = begun(content, actor=actor)
    delivery = deliveries.append(delivery=delivery, offset=0, content=content[:700], actor=actor)
    assert begun(content, actor=actor) == delivery
    with pytest.raises(WrongState):
        deliveries.append(delivery=delivery, offset=900, content=content[900:], actor=actor)
    with pytest.raises(NotAllowed):
        deliveries.append(delivery=delivery, offset=700, content=content[700:], actor=c.biller(c.hospital(1)))
    assert not deliveries.take(delivery_id=delivery.pk, at=c.AT)
    repeated = deliveries.append(delivery=delivery, offset=0, content=content[:700], actor=actor)
    assert repeated.received == 700
    deliveries.append(delivery=delivery, offset=700, content=content[700:], actor=actor)
    assert deliveries.take(delivery_id=delivery.pk, at=c.AT)
    delivery.refresh_from_db()
    assert (delivery.outcome["accepted"], delivery.batch.claims.count()) == (3, 3)
    assert not deliveries.take(delivery_id=delivery.pk, at=c.AT)
    assert ClaimBatch.objects.get().files.get().received_by == actor


@pytest.mark.parametrize("size", [0, -1, deliveries.LARGEST[DeliveryKind.EKLAIM] + 1])
def test_an_impossible_size_is_refused(size):
    with pytest.raises(Refused):
        deliveries.begin(
            kind=DeliveryKind.EKLAIM, hospital=c.hospital(), file_name="x", size=size, actor=c.biller(), at=c.AT
        )


def test_a_refused_file_says_why_and_is_not_tried_again():
    content = rows()
    c.take(content)
    delivery = sent(content)
    assert deliveries.take_waiting(at=c.AT) == 1
    assert deliveries.take_waiting(at=c.AT) == 0
    delivery.refresh_from_db()
    assert ClaimBatch.objects.get().number in delivery.refusal
    foreign = sent(c.text([c.row(c.letter(), KODE_RS="3275999")]).encode(), name="lain.txt")
    deliveries.take_waiting(at=c.AT)
    foreign.refresh_from_db()
    assert foreign.refusal
    assert foreign.outcome["lines"][0][0] == 2


def test_a_large_file_on_the_screen_leads_to_the_page_that_follows_it(client, monkeypatch):
    monkeypatch.setattr(hand_in, "MOST_ROWS_AT_ONCE", 2)
    actor = c.biller()
    client.force_login(actor)
    file = upload(rows(), "oktober.txt")
    response = client.post(reverse("claims:hand_in"), {"file": file, "hand_in": "1", "hospital": actor.facility.pk})
    delivery = Delivery.objects.get()
    assert response.headers["Location"] == delivery.get_absolute_url()
    page = client.get(delivery.get_absolute_url())
    assert page.context["waits"]
    assert 'hx-trigger="every 2s"' in page.content.decode()
    deliveries.take_waiting(at=c.AT)
    page = client.get(delivery.get_absolute_url()).content.decode()
    assert reverse("claims:batch", args=[ClaimBatch.objects.get().public_id]) in page
    client.force_login(c.biller(c.hospital(1)))
    assert client.get(delivery.get_absolute_url()).status_code == 404


def test_pieces_come_by_PUT_and_a_wrong_one_is_told_where_to_go_on(client):
    claim = c.claimed()
    client.force_login(c.biller(claim.hospital))
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.writestr(f"{claim.sjp.number.replace('/', '-')}_RESUME.pdf", pdf())
    content = out.getvalue()
    begin = reverse("claims:begin_scans", args=[claim.batch.public_id])
    assert client.post(begin, {"file_name": "x", "size": "-"}).status_code == 400
    told = client.post(begin, {"file_name": "x.zip", "size": len(content)}).json()
    piece = told["page"] + "piece/"
    for offset in ("", "x", "9" * 20):
        assert (
            client.put(piece, content, "application/octet-stream", headers={"upload-offset": offset}).status_code == 400
        )
    late = client.put(piece, content[50:], "application/octet-stream", headers={"upload-offset": "50"})
    assert (late.status_code, late.json()["received"]) == (409, 0)
    whole = client.put(piece, content, "application/octet-stream", headers={"upload-offset": "0"})
    assert whole.json()["received"] == len(content)
    deliveries.take_waiting(at=c.AT)
    assert ClaimDocument.objects.get().claim == claim
    assert Delivery.objects.get().outcome["taken"] == 1


@pytest.mark.django_db(transaction=True)
def test_R3_a_worker_killed_in_the_middle_leaves_nothing_and_the_next_one_ends_the_same(settings):
    delivery = sent(rows(4))
    worker = [sys.executable, "-m", "tests.claims.interrupted", str(delivery.pk), c.AT.isoformat()]
    died = subprocess.run(
        [*worker, str(settings.MEDIA_ROOT)], cwd=PROJECT, env=os.environ | database_url(), check=False
    )
    assert died.returncode == -signal.SIGKILL
    delivery.refresh_from_db()
    assert delivery.stage == "JUDGING"
    assert not delivery.finished_at
    assert not Claim.objects.exists()
    _wait_until_the_lock_is_free(delivery)
    assert deliveries.take_waiting(at=c.AT) == 1
    assert (ClaimBatch.objects.get().rows, Claim.objects.filter(state="READY").count()) == (4, 4)
    assert not default_storage.listdir(f"{deliveries.FOLDER}/{delivery.public_id.hex}")[1]


def _wait_until_the_lock_is_free(delivery):
    """PostgreSQL notices the death of a client within milliseconds."""
    from ksb.core import locks

    while locks.holder(f"delivery {delivery.pk}"):
        connection.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_take_it_in_once(in_threads):
    delivery = sent(rows(2))
    answers = in_threads(3, lambda n: deliveries.take(delivery_id=delivery.pk, at=c.AT))
    assert sorted(answers) == [False, False, True]
    assert Claim.objects.count() == 2
