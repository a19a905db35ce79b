"""Claims entered on the screen from finished episodes, and ambulance trips: the same rules, nothing claimed twice."""

import datetime

import pytest
import time_machine
from django.urls import reverse

from claims import by_hand
from claims.enums import Source
from claims.models import BatchFile, Claim
from ksb.core.errors import NotAllowed, Refused, WrongState
from tests import factories as f
from tests.claims import factories as c
from tests.referrals import factories as r
from tests.referrals.test_ambulance import complete

pytestmark = pytest.mark.django_db
LATER = r.AT + datetime.timedelta(days=1)
VALUES = {
    **{"diagnoses": ["I10"], "procedures": [], "discharge_status": 1, "medical_record": "00-12", "doctor": "dr. Ayu"},
    **{"group": c.VISIT, "costs": {"OBAT": 200_000, "KONSULTASI": 100_000}},
}


@pytest.fixture
def episode():
    episode = r.left(r.issue())
    r.complete(episode, r.desk(episode.hospital))
    episode.refresh_from_db()
    f.make_user("HOSPITAL_BILLER", facility=episode.hospital)
    return episode


def enter(episode, actor=None, at=LATER, **values):
    return by_hand.claim_episode(
        episode=episode, actor=actor or c.biller(episode.hospital), at=at, **{**VALUES, **values}
    )


def test_a_finished_episode_waits_prefilled_until_it_is_claimed(episode):
    actor = c.biller(episode.hospital)
    assert list(by_hand.unclaimed(actor, on=f.TODAY)) == [episode]
    assert not by_hand.unclaimed(c.biller(r.contracted(1)), on=f.TODAY).exists()
    given = by_hand.prefilled(episode)
    assert (given["diagnoses"], given["doctor"]) == ([episode.resume.diagnosis_id], "dr. Ayu Lestari, Sp.PD")
    claim = enter(episode, actor)
    assert (claim.sjp, claim.inacbg, claim.diagnoses) == (episode.sjp, c.VISIT, ["I10"])
    assert claim.claimed == claim.tariff == c.tariff(episode.hospital, c.VISIT)
    assert (claim.hospital_bill, claim.cost_sum) == (300_000, 300_000)
    assert BatchFile.objects.get().source == Source.HAND
    assert claim.data["OBAT"] == "200000"
    assert not by_hand.unclaimed(actor, on=f.TODAY).exists()
    with pytest.raises(WrongState):
        enter(episode, actor)


def test_what_the_rules_refuse_is_kept_blocked_with_its_findings(episode):
    claim = enter(episode, diagnoses=["O80.9"] if episode.resident.sex == 1 else ["N40"])
    assert claim.state == "BLOCKED"
    assert claim.findings.filter(rule="CLN-02").exists()


def test_a_group_outside_the_tariff_and_a_stranger_are_refused(episode):
    with pytest.raises(Refused):
        enter(episode, group="Q-5-99-0")
    with pytest.raises(NotAllowed):
        enter(episode, c.biller(r.contracted(1)))
    assert not Claim.objects.exists()


def test_a_patient_in_care_cannot_be_claimed():
    episode = r.admit(r.issue())
    with pytest.raises(WrongState):
        enter(episode)


def test_a_trip_is_claimed_as_it_was_driven_once(client):
    r.ambulance_tariff()
    trip = complete(r.trip(r.issue()))
    episode = trip.sjp.episodes.get()
    actor = c.biller(episode.hospital)
    claim = by_hand.claim_trip(episode=episode, actor=actor, at=LATER)
    assert (claim.claimed, claim.tariff, claim.inacbg) == (trip.amount, trip.amount, "")
    assert [(line.kind, line.asked) for line in claim.lines.all()] == [("TRIP", trip.amount)]
    assert (claim.batch.rows, claim.batch.claimed) == (1, trip.amount if claim.state == "READY" else 0)
    with pytest.raises(WrongState):
        by_hand.claim_trip(episode=episode, actor=actor, at=LATER)


def test_the_pages_list_what_waits_and_take_a_claim(client, episode):
    with time_machine.travel(LATER, tick=True):
        client.force_login(c.biller(episode.hospital))
        listed = client.get(reverse("claims:unclaimed"))
        assert episode.patient_name in listed.content.decode()
        page = reverse("claims:enter", args=[episode.public_id])
        assert client.get(page).context["form"].initial["medical_record"] == "00-12-34"
        typed = {**VALUES, "diagnoses": "i10", "procedures": "", "costs": "obat; 2; 100.000\nkamar; 1; 5"}
        assert "KAMAR_AKOMODASI" in str(client.post(page, typed).context["form"].errors["costs"])
        response = client.post(page, typed | {"costs": "obat; 2; 100.000\nkonsultasi; 1; 100000"})
        claim = Claim.objects.get()
        assert response.headers["Location"] == reverse("claims:claim", args=[claim.public_id])
        assert client.post(page, typed | {"costs": "obat; 1; 1"}).status_code == 409
        client.force_login(c.biller(r.contracted(1)))
        assert client.get(page).status_code == 404


def test_the_list_costs_the_same_for_any_number_of_episodes(client, query_count):
    for n in (1, 3):
        for _ in range(n):
            r.left(r.issue())
        with time_machine.travel(LATER, tick=True):
            client.force_login(c.biller(r.contracted()))
            with query_count("claims.unclaimed"):
                client.get(reverse("claims:unclaimed"))
