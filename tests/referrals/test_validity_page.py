"""What the QR code of a letter tells a stranger: four words, a number, a day."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from referrals import issuing
from tests import factories as f
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db


def page(client, paper):
    return client.get(reverse("validity:letter", args=[paper.token]))


def test_it_needs_no_log_in_and_tells_number_and_day(client):
    sjp = r.issue()
    for paper in (sjp, sjp.referral):
        response = page(client, paper)
        text = response.content.decode()
        assert response.context["validity"] == "VALID"
        assert paper.number in text
        assert "22 November 2026" in text


def test_it_tells_nothing_of_the_person(client):
    resident = f.covered_person(name="RATNA KUSUMA")
    sjp = r.issue(resident=resident)
    for paper in (sjp, sjp.referral):
        text = page(client, paper).content.decode()
        for secret in (
            resident.name,
            resident.nik,
            resident.nik[-4:],
            resident.household.kk_number,
            resident.household.address,
            sjp.diagnosis.code,
            sjp.diagnosis.title,
            sjp.hospital.name,
            sjp.puskesmas.name,
            sjp.specialty.name_id,
            r.EXAMINATION["complaint"],
            r.EXAMINATION["doctor_name"],
        ):
            assert secret not in text


def test_used_revoked_and_expired(client):
    to, clerk = r.contracted(), r.clerk()
    used, cancelled, revoked, late = (r.issue(clerk, to=to) for _ in range(4))
    r.admit(used)
    issuing.cancel(sjp=cancelled, actor=clerk, at=r.AT, reason="salah")
    issuing.revoke(sjp=revoked, actor=f.make_user("DINKES_SERVICES"), at=r.AT, reason="palsu")
    said = [page(client, sjp).context["validity"] for sjp in (used, cancelled, revoked, late)]
    assert said == ["USED", "REVOKED", "REVOKED", "VALID"]
    with time_machine.travel(r.AT + datetime.timedelta(days=31)):
        assert page(client, late).context["validity"] == "EXPIRED"


@pytest.mark.parametrize("token", ["A" * 22, "-" * 22, "x", "A" * 23, "%00", ".."])
def test_an_unknown_code_is_none_of_ours(client, token):
    response = client.get(f"/periksa/s/{token}/")
    assert response.status_code == 404


def test_guessing_is_slowed_down(client):
    for _ in range(30):
        assert client.get(f"/periksa/s/{'A' * 22}/").status_code == 404
    response = client.get(f"/periksa/s/{'A' * 22}/")
    assert response.status_code == 429
    assert int(response["Retry-After"]) > 0


def test_it_is_not_kept_by_caches(client):
    assert "no-store" in page(client, r.issue())["Cache-Control"]
