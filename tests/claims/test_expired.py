"""What has expired is told and listed as lost; and what changes a finding reaches open claims at once."""

import datetime

import pytest
from django.urls import reverse

from claims import by_hand, clocks, dispensations, expired, paid_elsewhere, reminders
from ksb.core import outbox
from ksb.core.models import Notice
from referrals import issuing
from tests import factories as f
from tests.claims import factories as c
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
LONG_AGO = c.DAY - datetime.timedelta(days=200)


def granted(care, *, since=LONG_AGO, until=f.TODAY + datetime.timedelta(days=60)):
    """A dispensation for the month from ``since`` of the hospital of a claim or an episode."""
    proposed = dispensations.propose(
        hospital=care.hospital,
        first=since,
        last=since + datetime.timedelta(days=30),
        until=until,
        reason="Peralihan sistem",
        actor=f.make_user("DINKES_CLAIMS"),
        at=c.AT,
    )
    return dispensations.approve(dispensation=proposed, actor=f.make_user("DINKES_SERVICES"), at=c.AT)


def test_an_expired_claim_is_told_and_listed_until_a_dispensation_covers_it(client):
    claim = c.claimed(c.letter(since=LONG_AGO))
    actor = c.biller(claim.hospital)
    assert claim.has_expired
    assert list(expired.claims(actor)) == [claim]
    assert not expired.claims(c.biller(r.contracted(1))).exists()
    client.force_login(actor)
    assert claim.patient_name in client.get(reverse("claims:expired")).content.decode()
    granted(claim)
    outbox.drain()
    claim.refresh_from_db()
    assert (claim.state, claim.has_expired) == ("READY", False)
    assert not expired.claims(actor).exists()


def test_finished_care_nobody_claimed_is_lost_after_six_months_and_only_the_own():
    episode = r.done(r.issue()).episodes.get()
    ended, own = episode.discharged_at.date(), c.biller(episode.hospital)
    in_time, late = ended + datetime.timedelta(days=170), ended + datetime.timedelta(days=200)
    assert not expired.episodes(own, on=in_time).exists()
    assert list(expired.episodes(own, on=late)) == [episode]
    assert not expired.episodes(c.biller(r.contracted(1)), on=late).exists()


def test_care_is_either_lost_or_may_be_claimed_by_hand_and_a_dispensation_brings_it_back():
    episode = r.done(r.issue()).episodes.get()
    ended, own = episode.discharged_at.date(), c.biller(episode.hospital)
    episode.admitted_at -= datetime.timedelta(days=100)  # a long stay: its end counts
    episode.save()
    last = clocks.shifted(ended, 6)
    for day, lost in ((ended, False), (last, False), (last + datetime.timedelta(days=1), True)):
        assert expired.episodes(own, on=day).exists() is lost, day
        assert by_hand.unclaimed(own, on=day).exists() is not lost, day
    granted(episode, since=ended, until=day)
    assert not expired.episodes(own, on=day).exists()
    assert list(by_hand.unclaimed(own, on=day)) == [episode]


def test_who_sees_no_patients_reads_nothing_about_their_care(client):
    client.force_login(f.make_user("DINKES_CLAIMS"))
    page = client.get(reverse("claims:expired")).content.decode()
    assert "Semua pelayanan" not in page
    assert "Tidak ada klaim yang terlambat." in page


def test_before_the_year_ends_hospitals_are_told_twice_what_is_not_claimed_yet():
    episode = r.done(r.issue()).episodes.get()
    at = episode.discharged_at.replace(month=12)
    for day, notices in ((1, 1), (5, 1), (13, 2), (15, 2), (16, 2)):
        reminders.remind(at=at.replace(day=day))
        assert Notice.objects.filter(kind="claims.year_end").count() == notices, day


def test_a_revoked_letter_blocks_its_open_claim_at_once():
    claim = c.claimed()
    issuing.revoke(sjp=claim.sjp, actor=f.make_user("DINKES_SERVICES"), at=c.AT, reason="Ditanggung pihak lain")
    outbox.drain()
    claim.refresh_from_db()
    assert claim.state == "BLOCKED"
    assert claim.findings.get(rule="ADM-02").severity == "R"


def test_a_list_of_care_paid_elsewhere_blocks_open_claims_at_once(tmp_path):
    claim = c.claimed()
    path = tmp_path / "sep.csv"
    day = claim.admitted_on.isoformat()
    path.write_text(f"no_sep,nik,tgl_masuk,tgl_pulang\n0224R0021026V000001,{claim.resident.nik},{day},{day}\n")
    paid_elsewhere.load(path=path, source="SEP", actor=None, at=c.AT)
    outbox.drain()
    claim.refresh_from_db()
    assert claim.state == "BLOCKED"
