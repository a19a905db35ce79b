"""The case behind a claim: who judges the claim reads all of it, on record, and nobody else does."""

import uuid

import pytest
from django.db import connection
from django.template.loader import render_to_string
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from ksb.core.models import JournalEntry
from referrals import case_file
from referrals.emergency import deciding, reporting
from tests import factories as f
from tests.referrals import emergencies as e
from tests.referrals import factories as r
from tests.referrals.test_series import DAY, MONDAY, begin, first_letter, session
from tests.verification import factories as v

pytestmark = pytest.mark.django_db


def claimed(sjp):
    """A claim for ``sjp`` in the hands of a verifier: ``(claim, verifier)``."""
    batch = v.submitted(sjp.hospital)
    claim = batch.claims.get()
    claim.pk, claim.public_id, claim.line_number = None, uuid.uuid4(), 2
    claim.sjp, claim.resident = sjp, sjp.resident
    claim.save(force_insert=True)
    return claim, v.assigned(batch)[1]


def page_of(client, user, claim):
    client.force_login(user)
    return client.get(reverse("verification:case", args=[claim.public_id]))


def test_the_verifier_of_the_claim_reads_referral_visit_and_summary_on_record(client):
    desk = r.desk(r.contracted())
    sjp = r.issue(to=desk.facility)
    r.complete(r.left(sjp, desk), desk)
    claim, reader = claimed(sjp)
    page = page_of(client, reader, claim).content.decode()
    for text in (sjp.referral.findings, r.SUMMARY["findings"], r.SUMMARY["therapy"], sjp.number):
        assert text in page
    assert JournalEntry.objects.filter(verb="sjp.case_read", actor=reader).count() == 1
    assert page_of(client, v.verifier(), claim).status_code == 404
    assert page_of(client, desk, claim).status_code == 403


def test_of_an_emergency_it_tells_the_notice_and_what_was_asked(client):
    notice = e.report()
    deciding.ask(notice=notice, question="Mohon hasil CT scan.", until=f.NOW + e.HOUR, actor=e.officer(), at=f.NOW)
    notice.refresh_from_db()
    reporting.answer(notice=notice, text="Perdarahan kiri.", actor=notice.reported_by, at=f.NOW)
    notice.refresh_from_db()
    claim, reader = claimed(deciding.approve(notice=notice, actor=e.officer(), at=f.NOW + e.HOUR))
    page = page_of(client, reader, claim).content.decode()
    for text in (notice.number, e.CASE["statement"], "Mohon hasil CT scan.", "Perdarahan kiri."):
        assert text in page


def test_a_claim_without_letter_has_no_case(client):
    batch, reader = v.assigned()
    assert page_of(client, reader, batch.claims.get()).status_code == 404


def test_the_number_of_queries_does_not_grow_with_the_visits():
    sjp = first_letter(r.contracted())
    programme = begin(sjp)
    statements = []
    for start in (MONDAY, MONDAY + DAY):
        session(programme, start)
        with CaptureQueriesContext(connection) as found:
            case = case_file.of_letter(sjp.pk, actor=programme.started_by)
            render_to_string("referrals/parts/case_file.html", {"case": case, "reasons": []})
        statements.append(len(found))
    assert len(case["visits"]) == 2
    assert statements[0] == statements[1]
