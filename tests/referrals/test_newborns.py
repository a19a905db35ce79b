"""The SJP of a newborn without NIK, from the request to the claim (domain.md B4)."""

import datetime
from contextlib import contextmanager

import pytest

from claims.models import Claim
from claims.rejudging import JUDGE
from facilities.enums import Role
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import OutboxEvent
from participants import newborns as births
from participants.models import Newborn
from referrals import hospital, letters, newborns
from referrals.enums import SjpState
from referrals.models import Episode, Sjp
from tests import factories as f
from tests.claims import factories as c
from tests.participants.test_newborns import in_registry, mother_of_family, record
from tests.referrals import factories as r

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def place():
    found = r.contracted()
    found.specialties.add("ANA")
    return found


@pytest.fixture
def desk(place):
    return r.desk(place)


@pytest.fixture
def clerk():
    return r.clerk(f.puskesmas())


ask = r.ask_for


@contextmanager
def refused(code):
    with pytest.raises(Refused) as no:
        yield
    assert no.value.code == code


def letter(desk, clerk, mother=None, *, at=f.NOW, **values):
    child = record(desk, mother=mother or mother_of_family(), **values)
    return newborns.issue(asked=ask(child, desk, at=at), actor=clerk, at=at)


# Asking and issuing


def test_the_hospital_asks_and_the_puskesmas_issues(desk, clerk):
    mother = mother_of_family()
    sjp = letter(desk, clerk, mother)
    assert (sjp.service, sjp.hospital, sjp.puskesmas) == ("NEWBORN", desk.facility, clerk.facility)
    assert (sjp.resident, sjp.patient_name) == (mother, f"BY. NY. {mother.name}")
    assert sjp.decision["decision"] == "COVERED_NEWBORN"
    with pytest.raises(NotAllowed):
        newborns.issue(asked=sjp.newborn_request, actor=desk, at=f.NOW)


def test_asked_again_for_the_same_request_the_same_letter_comes(desk, clerk):
    sjp = letter(desk, clerk)
    assert newborns.issue(asked=sjp.newborn_request, actor=clerk, at=f.NOW) == sjp
    assert Sjp.objects.count() == 1


def test_the_letter_is_valid_to_day_28_at_most(desk, clerk):
    child = record(desk, mother=mother_of_family(), birth_time=f.NOW - 20 * DAY)
    sjp = newborns.issue(asked=ask(child, desk, late_reason="Baru dirujuk"), actor=clerk, at=f.NOW)
    assert sjp.valid_until == child.born_on + 28 * DAY


def test_after_the_hours_of_the_scheme_a_reason_is_asked_for(desk):
    child = record(desk, mother=mother_of_family(), birth_time=f.NOW - 4 * DAY)
    with refused("late"):
        ask(child, desk)
    assert ask(child, desk, late_reason="Ibu dirawat di ICU").late_reason


def test_day_28_is_the_last_for_a_new_letter_without_nik(desk, clerk):
    child = record(desk, mother=mother_of_family())
    f.fresh_sources(on=f.TODAY + 29 * DAY, at=f.NOW + 29 * DAY)
    with refused("C02"):
        ask(child, desk, at=f.NOW + 29 * DAY, late_reason="Lupa")
    asked = ask(child, desk, at=f.NOW + 28 * DAY, late_reason="Lupa")
    with refused("C02"):
        newborns.issue(asked=asked, actor=clerk, at=f.NOW + 29 * DAY)
    assert newborns.issue(asked=asked, actor=clerk, at=f.NOW + 28 * DAY).valid_until == f.TODAY + 28 * DAY


def test_a_running_stay_goes_on_after_day_28(desk, clerk):
    sjp = letter(desk, clerk)
    episode = r.admit(sjp, desk)
    births.expire(on=f.TODAY + 29 * DAY, at=f.NOW)
    hospital.discharge(episode=episode, actor=desk, at=f.NOW + 40 * DAY, status=1)
    sjp.refresh_from_db()
    assert sjp.state == SjpState.SERVICE_DONE


def test_no_letter_for_the_child_of_a_jkn_mother(desk, clerk):
    mother = mother_of_family()
    f.cover_elsewhere(mother, segment=13)
    with refused("C23"):
        letter(desk, clerk, mother)


def test_no_letter_for_a_stillborn_child(desk):
    with refused("stillborn"):
        ask(record(desk, mother=mother_of_family(), stillborn=True), desk)


def test_one_request_waits_at_a_time(desk, clerk):
    child = record(desk, mother=mother_of_family())
    asked = ask(child, desk)
    with refused("one_open_request_per_newborn"):
        ask(child, desk)
    newborns.decline(asked=asked, actor=clerk, at=f.NOW, reason="Bayi sehat, rawat gabung")
    with pytest.raises(WrongState):
        newborns.issue(asked=asked, actor=clerk, at=f.NOW)
    assert ask(child, desk).is_open


def test_only_the_birth_hospital_or_its_puskesmas_asks(desk):
    child = record(desk, mother=mother_of_family())
    with pytest.raises(NotAllowed):
        ask(child, r.desk(f.hospital(1, public=True)))


def test_twins_have_a_letter_and_a_stay_each_beside_their_mothers(desk, clerk):
    mother = mother_of_family()
    own = r.issue(clerk, resident=mother, to=desk.facility, service="INPATIENT", specialty=r.specialty("INT"))
    twins = [letter(desk, clerk, mother, children=2, birth_order=order) for order in (1, 2)]
    for sjp in (own, *twins):
        r.admit(sjp, desk)
    assert Episode.objects.filter(state="IN_CARE").count() == 3
    with pytest.raises(WrongState):
        r.admit(twins[0], desk)


def test_the_mothers_own_letter_does_not_stand_in_the_way_of_the_childs(desk, clerk):
    mother = mother_of_family()
    letter(desk, clerk, mother)
    lookup = r.draft_for(clerk, mother).lookup
    assert not Sjp.objects.unused().of_patient(resident=lookup.resident).exists()


def test_the_papers_say_whose_child_it_is(desk, clerk):
    mother = mother_of_family()
    sjp = letter(desk, clerk, mother, children=2, birth_order=2, certificate="SKL/123")
    paper = letters.page(letters.sjp_letter(sjp))
    for words in (f"BY. NY. {mother.name} (2)", "belum ada (bayi baru lahir)", "ke-2 dari 2", "SKL/123", "Ibu"):
        assert words in paper
    assert mother.nik not in paper.replace(" ", "")
    assert f"BY. NY. {mother.name} (2)" in letters.page(letters.referral_letter(sjp.referral))
    assert letters.print_sjp(sjp=sjp, actor=clerk, at=f.NOW).startswith(b"%PDF")


# The child in the registry


def test_letters_and_stays_follow_the_child_into_the_registry_and_back(desk, clerk):
    mother = mother_of_family()
    sjp = letter(desk, clerk, mother)
    r.admit(sjp, desk)
    child = Newborn.objects.get()
    person = in_registry(mother)
    births.match_births(on=f.TODAY, at=f.NOW)
    outbox.drain()
    sjp = Sjp.objects.get(pk=sjp.pk)
    assert (sjp.resident, sjp.referral.resident, sjp.episodes.get().resident) == (person, person, person)
    assert (sjp.patient_name, sjp.newborn, sjp.patient_id) == (person.name, child, person.pk)
    child.refresh_from_db()
    births.unmatch(newborn=child, reason="Salah anak", actor=f.make_user(Role.DINKES_MEMBERSHIP), at=f.NOW)
    outbox.drain()
    sjp = Sjp.objects.get(pk=sjp.pk)
    assert (sjp.resident, sjp.patient_name, sjp.patient_id) == (mother, child.name, None)


def test_claims_of_a_child_know_nobody_until_it_is_found_and_then_the_child(desk):
    mother = mother_of_family()
    child = record(desk, mother=mother)
    sjp = c.letter(mother, newborn=child, service="NEWBORN", to=c.hospital())
    c.take([c.row(sjp, NAMA_PASIEN=child.name)], place=c.hospital())
    claim = Claim.objects.get()
    assert (claim.sjp, claim.resident) == (sjp, None)
    births.match(newborn=child, resident=in_registry(mother), actor=f.make_user(Role.DINKES_MEMBERSHIP), at=f.NOW)
    outbox.drain()
    claim.refresh_from_db()
    assert claim.resident == Newborn.objects.get().resident
    assert claim.sjp.resident == claim.resident
    assert OutboxEvent.objects.filter(kind=JUDGE, object_id=claim.batch_id, handled__isnull=False).exists()
