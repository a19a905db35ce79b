"""Brokers and newcomers are noticed with their evidence, and nobody is refused for it (domain.md B2)."""

import datetime
from datetime import timedelta

import pytest
from django.urls import reverse

from facilities.enums import Role
from ksb.core import outbox
from ksb.core.errors import NotAllowed, Refused
from ksb.core.models import JournalEntry
from participants import enrolment, self_service, signals
from participants.enums import EnrolmentState, Relation, SignalKind, SignalOutcome
from participants.families import find_family
from participants.models import Enrolment, Signal
from referrals import newcomers
from tests import factories as f
from tests.factories import NOW, TODAY, make_family, make_household, make_resident, make_user
from tests.participants.factories import clerk, keeper, make_draft, make_online_application, verifier
from tests.referrals import factories as r
from tests.support.scans import photo, upload

pytestmark = pytest.mark.django_db
LATELY = TODAY - timedelta(days=20)


def found(kind):
    signals.refresh(on=TODAY)
    newcomers.refresh(on=TODAY)
    return list(Signal.objects.filter(kind=kind).order_by("pk"))


def drafts(number, **values):
    return [make_draft(**values).household.pk for _ in range(number)]


# One contact, several families


@pytest.mark.parametrize(
    ("kind", "values"),
    [(SignalKind.SAME_PHONE, {"phone": "0812000111"}), (SignalKind.SAME_DEVICE, {"device": "d" * 40})],
)
def test_families_with_the_same_contact_are_one_signal_from_three_on(kind, values):
    Enrolment.objects.all().delete()
    households = [make_draft(**{"phone": f"08{n}", **values}).household.pk for n in range(10, 12)]
    assert found(kind) == []
    households.append(make_draft(**{"phone": "0813", **values}).household.pk)
    signal = found(kind)[0]
    assert (signal.count, signal.households) == (3, sorted(households))
    assert "3" in signal.sentence
    assert "0812000111" not in f"{signal.key}{signal.facts}{signal.sentence}"


def test_the_same_photo_in_two_families_is_noticed_the_moment_it_is_handed_in():
    same = photo(colour="red")
    first, second = make_draft(phone="0811"), make_draft(phone="0812")
    for draft in (first, second):
        self_service.attach(enrolment=draft, kind="KK", file=upload(same), at=NOW)
        self_service.attach(enrolment=draft, kind="KTP", file=upload(photo(size=(640, 500 + draft.pk % 100))), at=NOW)
        self_service.hand_in(application=draft, at=NOW)
    signal = Signal.objects.get(kind=SignalKind.SAME_FILE)
    assert signal.households == sorted([first.household_id, second.household_id])
    second.refresh_from_db()
    assert second.state == EnrolmentState.CHECKING


def test_one_family_that_applies_again_is_no_signal():
    household = make_family()
    for _ in range(3):
        make_draft(household)
        Enrolment.objects.filter(household=household).update(state="REJECTED", reason_code="OWN_REQUEST")
    assert found(SignalKind.SAME_PHONE) == []


# Crowds


def test_many_family_cards_at_one_numbered_address_with_a_newcomer_are_noticed():
    households = [make_household(address="Jl. Mawar No. 7", rt="003") for _ in range(5)]
    for household in households:
        make_resident(household)
    assert found(SignalKind.ADDRESS) == []
    make_resident(households[0], resident_since=LATELY)
    signal = found(SignalKind.ADDRESS)[0]
    assert signal.households == [household.pk for household in households]


@pytest.mark.parametrize("address", ["Kp. Ciketing", ""])
def test_a_hamlet_without_house_numbers_is_no_crowd(address):
    for _ in range(6):
        make_resident(make_household(address=address, rt="003"), resident_since=LATELY)
    assert found(SignalKind.ADDRESS) == []


def test_many_arrivals_on_an_existing_family_card_are_noticed_births_are_not():
    household = make_family(2)
    for n in range(4):
        make_resident(household, birth_date=LATELY, resident_since=LATELY + timedelta(days=n), ektp_recorded=False)
    assert found(SignalKind.NEW_MEMBERS) == []
    for n in range(4):
        make_resident(household, relation=Relation.OTHER_RELATIVE, resident_since=LATELY + timedelta(days=n))
    signal = found(SignalKind.NEW_MEMBERS)[0]
    assert (signal.households, signal.count) == ([household.pk], 4)


def test_a_family_that_moves_in_as_a_whole_is_not_crowding_itself():
    household = make_household()
    for _ in range(5):
        make_resident(household, resident_since=LATELY)
    assert found(SignalKind.NEW_MEMBERS) == []


# With letters and stays


def newcomer(household=None, *, days=20, **values):
    person = f.covered_person(**({"household": household} if household else {}))
    type(person).objects.filter(pk=person.pk).update(resident_since=TODAY - timedelta(days=days), **values)
    person.refresh_from_db()
    return person


def letter_for(person):
    long_ago = person.resident_since
    type(person).objects.filter(pk=person.pk).update(resident_since=datetime.date(2015, 1, 1))
    sjp = r.issue(resident=type(person).objects.get(pk=person.pk))
    type(person).objects.filter(pk=person.pk).update(resident_since=long_ago)
    return sjp


@pytest.mark.parametrize(("days", "noticed"), [(20, True), (90, True), (91, False)])
def test_a_first_letter_soon_after_moving_in_is_noticed(days, noticed):
    letter_for(newcomer(days=days))
    assert bool(found(SignalKind.MOVE_AND_TREAT)) is noticed


def test_a_guest_on_a_family_card_with_a_letter_is_noticed():
    household = make_family(2)
    guest = newcomer(household, relation=Relation.OTHER_RELATIVE)
    letter_for(guest)
    signal = found(SignalKind.GUEST)[0]
    assert signal.households == [household.pk]
    assert "20" in signal.sentence


def test_who_moved_in_while_in_hospital_is_noticed():
    person = newcomer(days=400)
    r.admit(letter_for(person))
    type(person).objects.filter(pk=person.pk).update(resident_since=TODAY + timedelta(days=3))
    assert found(SignalKind.MOVE_IN_CARE)[0].households == [person.household_id]


def test_an_application_that_comes_in_while_a_member_is_in_hospital_is_noticed():
    person = newcomer(days=400)
    r.admit(letter_for(person))
    Enrolment.objects.filter(household=person.household).update(state="ENDED", ended_on=TODAY)
    application = make_online_application(person.household, at=NOW + timedelta(hours=5))
    signal = found(SignalKind.IN_HOSPITAL)[0]
    assert signal.households == [person.household_id]
    assert application.state == EnrolmentState.CHECKING


def test_what_came_in_while_a_member_was_in_hospital_is_known_at_once_and_decided_by_dinkes():
    person = newcomer(days=400)
    r.admit(letter_for(person))
    Enrolment.objects.filter(household=person.household).update(state="ENDED", ended_on=TODAY)
    application = make_online_application(person.household, at=NOW + timedelta(hours=5))
    outbox.drain()
    assert signals.is_for_dinkes(person.household)
    enrolment.compare(enrolment=application, findings={}, actor=verifier(), at=NOW)
    with pytest.raises(NotAllowed):
        enrolment.approve(enrolment=application, actor=verifier(), at=NOW)
    assert enrolment.approve(enrolment=application, actor=keeper(), at=NOW).state == EnrolmentState.ACTIVE


# Kept, judged, opened again


def test_a_second_night_changes_nothing():
    drafts(3)
    assert signals.refresh(on=TODAY)["SAME_PHONE"] == 1
    assert set(signals.refresh(on=TODAY + timedelta(days=1)).values()) == {0}
    assert Signal.objects.get().noticed_on == TODAY


def test_what_was_judged_stays_judged_until_another_family_joins():
    drafts(3)
    signal = found(SignalKind.SAME_PHONE)[0]
    officer = verifier()
    signals.judge(signal=signal, outcome=SignalOutcome.HARMLESS, note="Ketua RT.", actor=officer, at=NOW)
    signals.refresh(on=TODAY)
    signal.refresh_from_db()
    assert (signal.outcome, signal.judged_by) == ("HARMLESS", officer)
    drafts(1)
    signals.refresh(on=TODAY)
    signal.refresh_from_db()
    assert (signal.outcome, signal.judged_by, signal.count) == ("", None, 4)
    assert JournalEntry.objects.about(signal).get(verb="signal.judge").data == {"outcome": "HARMLESS"}


@pytest.mark.parametrize("answers", [{"outcome": "X", "note": "x"}, {"outcome": "HARMLESS", "note": " "}])
def test_a_judgement_says_what_and_how(answers):
    signal = signals.report(household=make_family(), text="Ditawari kartu.", actor=clerk(), at=NOW)
    with pytest.raises(Refused):
        signals.judge(signal=signal, **answers, actor=keeper(), at=NOW)


def test_only_who_decides_on_families_judges_a_signal():
    signal = signals.report(household=make_family(), text="Ditawari kartu.", actor=clerk(), at=NOW)
    with pytest.raises(NotAllowed):
        signals.judge(signal=signal, outcome="HARMLESS", note="x", actor=make_user(Role.AUDITOR), at=NOW)
    with pytest.raises(NotAllowed):
        signals.report(household=make_family(), text="x", actor=make_user(Role.HOSPITAL_DESK), at=NOW)


def test_a_report_holds_no_identity_number():
    household = make_family()
    signal = signals.report(household=household, text=f"NIK {household.head.nik}", actor=clerk(), at=NOW)
    assert household.head.nik not in signal.sentence


# On the screen


def test_the_list_shows_what_is_open_and_the_application_shows_its_signals(client):
    application = make_online_application()
    signals.report(household=application.household, text="Ditawari kartu.", actor=clerk(), at=NOW)
    client.force_login(verifier())
    assert "Ditawari kartu." in client.get(reverse("participants:signals")).content.decode()
    for name in ("application", "compare"):
        page = client.get(reverse(f"participants:{name}", args=[application.public_id]))
        assert "Ditawari kartu." in page.content.decode()
    signal = Signal.objects.get()
    address = reverse("participants:signal", args=[signal.public_id])
    assert application.household.head.name in client.get(address).content.decode()
    assert client.post(address, {"outcome": "SUSPECTED", "note": "Dikonfirmasi RT."}).url == reverse(
        "participants:signals"
    )
    assert "Ditawari kartu." not in client.get(reverse("participants:signals")).content.decode()
    assert "Ditawari kartu." in client.get(reverse("participants:signals") + "?outcome=SUSPECTED").content.decode()


def test_the_counter_takes_a_report_and_does_not_read_the_list(client):
    officer = clerk()
    application = make_online_application()
    find_family(number=application.household.kk_number, actor=officer, at=NOW)
    client.force_login(officer)
    address = reverse("participants:report_signal", args=[application.household.public_id])
    assert client.get(address).status_code == 200
    client.post(address, {"text": "Ada calo di loket."})
    assert Signal.objects.get().facts == {"text": "Ada calo di loket."}
    assert client.get(reverse("participants:signals")).status_code == 403
    page = client.get(reverse("participants:application", args=[application.public_id]))
    assert "Ada calo" not in page.content.decode()
