"""Beside JKN: a category of the scheme, a proof, and always Dinkes."""

import pytest
from django.urls import reverse

from ksb.core.errors import Refused
from referrals import approval
from referrals.coverage import NotCovered
from referrals.models import Proof, Sjp
from tests import factories as f
from tests.referrals import factories as r
from tests.support.scans import upload

pytestmark = pytest.mark.django_db


def member(**values):
    """Somebody whom JKN covers."""
    person = f.covered_person(**values)
    f.cover_elsewhere(person, segment=13)
    return person


def test_a_member_of_jkn_gets_no_ordinary_letter_and_a_complement_only_by_dinkes():
    person = member()
    with pytest.raises(NotCovered):
        r.issue(resident=person)
    sjp = r.complement(person)
    assert (sjp.state, sjp.approval_grounds) == ("WAITING", ["COMPLEMENT"])
    sjp = approval.approve(sjp=sjp, actor=r.officer(), at=r.AT)
    assert sjp.decision["decision"] == "COVERED_COMPLEMENTARY"
    assert sjp.letter["kind"].startswith("pelengkap JKN")
    assert sjp.proofs.get().number == "441/BPJS/2026"


def test_a_category_the_scheme_does_not_take_over_is_refused():
    r.rule(complement_categories=["DISASTER"])
    with pytest.raises(NotCovered):
        r.complement(member())
    assert not Proof.objects.exists()


def test_somebody_whom_jkn_does_not_cover_needs_no_complement():
    with pytest.raises(Refused):
        r.complement(f.covered_person())
    assert not Sjp.objects.exists()


def test_at_arrival_the_complement_still_counts():
    sjp = approval.approve(sjp=r.complement(member()), actor=r.officer(), at=r.AT)
    assert r.admit(sjp).decision["decision"] == "COVERED_COMPLEMENTARY"


def test_the_clerk_asks_with_a_scan_and_dinkes_reads_it(client):
    person, clerk, to = member(), r.clerk(), r.contracted()
    lookup = r.draft_for(clerk, person).lookup
    client.force_login(clerk)
    address = reverse("referrals:request_complement", args=[lookup.pk])
    assert address in client.get(reverse("referrals:patient", args=[lookup.pk])).content.decode()
    assert client.get(address).status_code == 200
    answers = {
        **{name: str(value) for name, value in r.EXAMINATION.items()},
        **{"category": "ASSAULT", "proof_kind": "POLICE_REPORT", "proof_number": "LP/1", "proof_dated": "20-11-2026"},
        **{"service": "OUTPATIENT", "specialty": "INT", "diagnosis": "S06.0", "hospital": to.pk},
    }
    assert client.post(address, answers).context["form"].errors["file"]
    assert client.post(address, {**answers, "file": upload()}).status_code == 302
    sjp = Sjp.objects.get()
    client.force_login(r.officer())
    page = client.get(reverse("referrals:decide", args=[sjp.public_id]))
    proof = reverse("referrals:proof", args=[sjp.proofs.get().public_id])
    assert proof in page.content.decode()
    assert client.get(proof).status_code == 200
    client.force_login(r.clerk(f.puskesmas(1)))
    assert client.get(proof).status_code == 404
