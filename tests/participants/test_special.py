"""Cover on a ground of one's own: letters of Dinsos (C24), outbreaks and disasters (C25), graces after a split (C08)."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.enums import Role, Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from participants.eligibility import evaluate_special
from participants.eligibility.city import reevaluate
from participants.enums import Decision
from participants.models import CoverageChange, CoverageStatus, EventPerson, SpecialCover, SpecialEvent, SplitGrace
from participants.special import covers, events
from participants.tasks import judge_event
from tests.factories import (
    KELURAHAN,
    NOW,
    TODAY,
    cover_elsewhere,
    covered_person,
    enrol,
    fresh_sources,
    make_household,
    make_resident,
    make_run,
    make_user,
)
from tests.participants import snapshots
from tests.participants.factories import LETTER, dinsos, keeper, make_special_cover, make_special_event
from tests.participants.test_eligibility_rules import applying, change_scheme, decided, judge, reason

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)


# C24 a letter of Dinsos


def test_c24_a_letter_in_force_covers_who_is_not_registered_has_no_ktp_and_still_waits():
    person = make_resident(ektp_recorded=False, resident_since=TODAY - 30 * DAY)
    fresh_sources()
    assert judge(person).headline_rule == "C07"
    make_special_cover(resident=person, state="APPROVED")
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.COVERED_SPECIAL, "C24")
    assert "20 February 2027" in evaluation.headline.message_en
    assert {"C07", "C08", "C10"} <= set(applying(evaluation))


def test_c24_not_before_the_second_person_nor_outside_its_dates():
    person = make_resident()
    fresh_sources()
    special = make_special_cover(resident=person, since=TODAY + 5 * DAY)
    assert judge(person, on=TODAY + 5 * DAY).headline_rule == "C08"
    covers.approve(special=special, actor=keeper(), at=NOW)
    assert judge(person).headline_rule == "C08"
    assert judge(person).next_change_on is not None
    assert judge(person, on=TODAY + 5 * DAY).headline_rule == "C24"
    assert judge(person, on=TODAY + 95 * DAY).headline_rule != "C08"
    assert judge(person, on=TODAY + 96 * DAY, known_at=None).headline_rule == "C08"


def test_c24_stands_above_neither_death_nor_residence_nor_jkn():
    for facts, rule in (({"status": 1}, "C03"), ({"city_code": "32.16"}, "C05")):
        person = covered_person(**facts)
        make_special_cover(resident=person, state="APPROVED")
        assert judge(person).headline_rule == rule
    person = covered_person()
    cover_elsewhere(person, segment=21)
    make_special_cover(resident=person, state="APPROVED")
    assert judge(person).headline_rule == "C12"


def test_c24_only_where_the_scheme_knows_special_groups():
    person = make_resident()
    fresh_sources()
    make_special_cover(resident=person, state="APPROVED")
    change_scheme(special_groups=False)
    assert judge(person).headline_rule == "C08"


def test_c24_a_person_without_nik_is_known_by_the_register_and_told_only_what_applies():
    fresh_sources()
    special = make_special_cover()
    assert special.resident is None
    assert special.number.endswith("/KHS/XI/2026")
    before = evaluate_special(special, on=TODAY, at=NOW)
    assert decided(before) == (Decision.EXCLUDED_BELUM_TERDAFTAR, "C08")
    covers.approve(special=special, actor=keeper(), at=NOW)
    evaluation = evaluate_special(special, on=TODAY, at=NOW)
    assert decided(evaluation) == (Decision.COVERED_SPECIAL, "C24")
    assert not any(r.passed for r in evaluation.reasons)
    assert evaluate_special(special, on=TODAY + 91 * DAY, at=NOW).headline_rule == "C08"
    assert evaluate_special(special, on=TODAY, at=NOW, service=Service.EMERGENCY).covered


def test_c24_only_a_person_without_nik_is_entered_without_one():
    told = {"name": "X", "sex": 1, "birth_date": TODAY, "letter": LETTER, "valid_from": TODAY, "valid_until": TODAY}
    with pytest.raises(Refused) as refusal:
        covers.propose(group="ODGJ", nik="", actor=dinsos(), at=NOW, **told)
    assert refusal.value.code == "nik"
    with pytest.raises(Refused):
        covers.propose(group="ODGJ", nik="3275019999999999", actor=dinsos(), at=NOW, **told)
    assert not SpecialCover.objects.exists()
    special = make_special_cover()
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialCover.objects.filter(pk=special.pk).update(group="ODGJ")


def test_who_enters_a_special_cover_does_not_put_it_in_force():
    officer = keeper()
    special = make_special_cover()
    SpecialCover.objects.filter(pk=special.pk).update(created_by=officer)
    with pytest.raises(NotAllowed):
        covers.approve(special=special, actor=officer, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialCover.objects.filter(pk=special.pk).update(state="APPROVED", approved_at=NOW, approved_by=officer)
    with pytest.raises(NotAllowed):
        covers.approve(special=special, actor=dinsos(), at=NOW)


def test_a_special_cover_that_ends_covers_until_today_and_is_judged_at_once():
    person = make_resident()
    fresh_sources()
    special = make_special_cover(resident=person, state="APPROVED")
    assert CoverageStatus.objects.get(resident=person).decision == "COVERED_SPECIAL"
    covers.end(special=special, reason="Sudah pulang", actor=keeper(), at=NOW)
    assert judge(person).headline_rule == "C24"
    assert judge(person, on=TODAY + DAY).headline_rule == "C08"
    assert CoverageStatus.objects.get(resident=person).next_change_on == TODAY + DAY
    with pytest.raises(WrongState):
        covers.end(special=special, reason="Lagi", actor=keeper(), at=NOW)


def test_who_a_person_without_nik_is_says_another_than_who_entered_them_and_a_wrong_answer_is_judged_anew():
    fresh_sources()
    wrong, right = make_resident(), make_resident()
    officer = keeper()
    with pytest.raises(WrongState):
        covers.identify(special=make_special_cover(), nik=wrong.nik, actor=officer, at=NOW)
    special = make_special_cover(state="APPROVED")
    covers.identify(special=special, nik=wrong.nik, actor=officer, at=NOW)
    covers.identify(special=special, nik=right.nik, actor=officer, at=NOW)
    said = {one: CoverageStatus.objects.get(resident=one).decision for one in (wrong, right)}
    assert said[right] == "COVERED_SPECIAL"
    assert said[wrong] != "COVERED_SPECIAL"
    SpecialCover.objects.filter(pk=special.pk).update(created_by=officer)
    special.refresh_from_db()
    with pytest.raises(NotAllowed):
        covers.identify(special=special, nik=right.nik, actor=officer, at=NOW)


# C25 an event


def test_c25_who_is_on_the_list_is_covered_regardless_of_jkn():
    person = covered_person()
    cover_elsewhere(person, segment=21)
    event = make_special_event(state="APPROVED")
    assert judge(person).headline_rule == "C12"
    added, unknown = events.list_people(event=event, niks=["3275019999999999", person.nik], actor=dinsos(), at=NOW)
    assert (added, unknown) == (1, [1])
    evaluation = judge(person)
    assert decided(evaluation) == (Decision.COVERED_SPECIAL, "C25")
    assert "KLB DBD" in evaluation.headline.message_en
    assert CoverageStatus.objects.get(resident=person).headline_rule == "C25"


def test_c25_everybody_in_the_area_where_the_decree_says_so():
    neighbour = make_resident()
    elsewhere = make_resident(make_household(kelurahan_id="32.75.01.1002"))
    fresh_sources()
    make_special_event(whole_area=True, state="APPROVED")
    assert decided(judge(neighbour)) == (Decision.COVERED_SPECIAL, "C25")
    assert judge(elsewhere).headline_rule == "C08"
    assert judge(neighbour, on=TODAY - DAY).headline_rule == "C08"


def test_c25_where_the_central_government_pays_the_programme_does_not_pay_twice():
    person = covered_person()
    cover_elsewhere(person, segment=21)
    make_special_event(whole_area=True, funding="CENTRAL", state="APPROVED")
    evaluation = judge(person)
    assert evaluation.headline_rule == "C12"
    assert "KLB DBD" in reason(evaluation, "C25").message_en


def test_c25_proposed_and_refused_events_cover_nobody_and_ended_ones_until_their_last_day():
    person = make_resident()
    fresh_sources()
    event = make_special_event(whole_area=True)
    assert judge(person).headline_rule == "C08"
    events.approve(event=event, actor=keeper(), at=NOW)
    events.end(event=event, reason="Reda", actor=keeper(), at=NOW)
    assert judge(person).headline_rule == "C25"
    assert judge(person).next_change_on == TODAY + DAY
    assert judge(person, on=TODAY + DAY).headline_rule == "C08"
    refused = make_special_event(whole_area=True)
    events.refuse(event=refused, reason="Bukan KLB", actor=keeper(), at=NOW)
    assert judge(person, on=TODAY + DAY).headline_rule == "C08"
    with pytest.raises(WrongState):
        events.list_people(event=event, niks=[person.nik], actor=keeper(), at=NOW)


def test_who_enters_an_event_does_not_put_it_in_force():
    event = make_special_event()
    with pytest.raises(NotAllowed):
        events.approve(event=event, actor=event.created_by, at=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        SpecialEvent.objects.filter(pk=event.pk).update(state="APPROVED")


def test_everybody_an_event_speaks_of_is_judged_after_it_was_put_in_force(time_machine):
    time_machine.move_to(NOW, tick=False)
    neighbour, listed = make_resident(), make_resident(make_household(kelurahan_id="32.75.01.1002"))
    fresh_sources()
    reevaluate(on=TODAY, at=NOW)
    event = make_special_event(whole_area=True, state="APPROVED")
    EventPerson.objects.create(event=event, resident=listed, listed_at=NOW, listed_by=keeper())
    judge_event(event.pk, keeper().pk)
    assert {s.headline_rule for s in CoverageStatus.objects.all()} == {"C25"}
    assert CoverageChange.objects.filter(was_rule="C08", rule="C25").count() == 2
    assert neighbour.coverage_changes.get().became == Decision.COVERED_SPECIAL


def test_one_and_the_city_agree_on_every_ground():
    fresh_sources()
    people = [make_resident() for _ in range(3)]
    make_special_cover(resident=people[0], state="APPROVED")
    event = make_special_event(state="APPROVED")
    events.list_people(event=event, niks=[people[1].nik], actor=keeper(), at=NOW)
    make_special_event(whole_area=True, name="Banjir", funding="CENTRAL", state="APPROVED")
    CoverageStatus.objects.all().delete()
    reevaluate(on=TODAY, at=NOW)
    for person in people:
        single, status = judge(person), CoverageStatus.objects.get(resident=person)
        assert single.decision == status.decision
        assert sorted(set(applying(single))) == status.rules
    assert CoverageStatus.objects.get(resident=people[2]).rules == ["C08", "C25"]


# C08 after a split


def split(person, *, days=0, length=30):
    """The person stands on a new family card since ``days`` ago; the old one is registered."""
    old, new = person.household, make_household()
    type(person).objects.filter(pk=person.pk).update(household=new)
    person.refresh_from_db()
    since = TODAY - days * DAY
    return SplitGrace.objects.create(
        resident=person,
        household=new,
        enrolment=old.enrolments.get(),
        since=since,
        until=since + length * DAY,
        run=make_run(),
    )


def test_c08_who_left_a_registered_family_card_stays_covered_for_thirty_days_and_is_told_to_register():
    person = covered_person()
    split(person)
    evaluation = judge(person)
    assert evaluation.covered
    said = [r.message_en for r in evaluation.applying if r.rule == "C08"]
    assert any("22 December 2026" in text and "Register the new family card" in text for text in said)
    assert not judge(person, on=TODAY + 31 * DAY).covered
    reevaluate(on=TODAY, at=NOW)
    assert CoverageStatus.objects.get(resident=person).decision == "COVERED"


def test_c08_the_grace_is_over_after_its_last_day_and_needless_once_the_new_card_is_registered():
    person = covered_person()
    split(person, days=31)
    assert judge(person).headline_rule == "C08"
    person = covered_person()
    split(person, days=3)
    enrol(person.household, registered_on=TODAY)
    assert "C08" not in applying(judge(person))


def test_c08_the_registry_night_writes_the_grace_of_a_split_per_person(tmp_path):
    enrolled, stranger = snapshots.family(3), snapshots.family(3)
    snapshots.take(tmp_path, [*enrolled, *stranger])
    enrol(snapshots.of(enrolled[0]).household)
    own = {"NO_KK": "3275010101207777", "STAT_KWN": "2"}
    married = [enrolled[2] | own | {"STAT_HBKEL": "1"}, stranger[2] | own | {"STAT_HBKEL": "3"}]
    day = snapshots.DAY + DAY
    snapshots.take(tmp_path, [*enrolled[:2], *stranger[:2], *married], day=day, at=NOW)
    grace = SplitGrace.objects.get()
    assert grace.resident == snapshots.of(enrolled[2])
    assert grace.household == snapshots.of(stranger[2]).household
    assert (grace.since, grace.until) == (day, day + 30 * DAY)


# Screens


@pytest.fixture
def as_dinsos(client):
    client.force_login(make_user(Role.REGISTRY_OPERATOR))
    return client


COVER_FORM = {
    **{"group": "ODGJ", "letter_number": "460/12/DINSOS", "letter_on": "20-11-2026", "letter_text": "Mohon dijamin."},
    **{"valid_from": "22-11-2026", "valid_until": "22-02-2027"},
}


def test_dinsos_enters_and_dinkes_puts_in_force(as_dinsos, client):
    person = make_resident()
    fresh_sources()
    answer = as_dinsos.post(reverse("participants:new_special_cover"), COVER_FORM | {"nik": person.nik})
    special = SpecialCover.objects.get()
    assert answer.url == reverse("participants:special_cover", args=[special.public_id])
    assert person.nik not in answer.url
    approve = reverse("participants:approve_special_cover", args=[special.public_id])
    assert as_dinsos.post(approve).status_code == 403
    client.force_login(keeper())
    assert client.post(approve).status_code == 302
    page = client.get(answer.url).content.decode()
    assert "Mohon dijamin." in page
    assert JournalEntry.objects.filter(verb="special_cover.view").exists()


def test_a_person_without_nik_needs_a_name_a_sex_and_a_year(as_dinsos):
    answer = as_dinsos.post(reverse("participants:new_special_cover"), COVER_FORM | {"group": "NO_NIK"})
    assert answer.status_code == 200
    assert set(answer.context["form"].errors) == {"name", "sex", "birth_date"}
    who = {"group": "NO_NIK", "name": "Pak Tua", "sex": "1", "birth_date": "01-07-1950"}
    assert as_dinsos.post(reverse("participants:new_special_cover"), COVER_FORM | who).status_code == 302


def test_an_event_is_entered_listed_and_put_in_force_on_screens(client):
    person = make_resident()
    fresh_sources()
    client.force_login(make_user(Role.DINKES_SERVICES))
    told = {
        **{"sort": "OUTBREAK", "name": "KLB DBD 2026", "decree": "440/1", "decree_on": "20-11-2026", "funding": "BTT"},
        **{"valid_from": "22-11-2026", "area": [KELURAHAN]},
    }
    answer = client.post(reverse("participants:new_special_event"), told)
    event = SpecialEvent.objects.get()
    listing = reverse("participants:list_event_people", args=[event.public_id])
    assert client.post(listing, {"niks": f"{person.nik}\n3275019999999999"}).status_code == 302
    assert person.name in client.get(answer.url).content.decode()
    wrong = client.post(listing, {"niks": "12"})
    assert wrong.status_code == 200
    assert "16" in str(wrong.context["form"].errors)
    approve = reverse("participants:approve_special_event", args=[event.public_id])
    assert client.post(approve).status_code == 403
    client.force_login(keeper())
    assert client.post(approve).status_code == 302
    assert judge(person).headline_rule == "C25"
    end = reverse("participants:end_special_event", args=[event.public_id])
    assert client.post(end, {"reason": "Reda"}).status_code == 302
    assert "KLB DBD 2026" in client.get(reverse("participants:special_events")).content.decode()


def test_lists_cost_the_same_for_any_number_of_rows(client, django_assert_max_num_queries):
    client.force_login(keeper())
    for _ in range(6):
        make_special_cover()
        make_special_event()
    for name in ("special_covers", "special_events"):
        with django_assert_max_num_queries(6):
            assert client.get(reverse(f"participants:{name}")).status_code == 200
