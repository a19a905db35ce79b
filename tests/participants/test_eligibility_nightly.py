"""Whom the night judges: each event of table C's last column reaches the person; the whole city only when it must."""

import datetime

import pytest
from django.utils import timezone

from ksb.core.models import Job, SchemeVersion
from participants import cards, declarations, enrolment
from participants.eligibility import nightly
from participants.eligibility.city import reevaluate
from participants.enums import CoverageSource, SyncKind
from participants.models import CoverageStatus, RegistryEvent
from participants.special import events
from tests.factories import (
    NOW,
    TODAY,
    cover_elsewhere,
    covered_person,
    fresh_sources,
    make_family,
    make_resident,
    make_run,
)
from tests.participants import snapshots
from tests.participants.factories import (
    keeper,
    make_card,
    make_member,
    make_special_cover,
    make_special_event,
    propose_scheme,
)

pytestmark = pytest.mark.django_db

DAY = datetime.timedelta(days=1)
MONDAY = TODAY + DAY
AT_NIGHT = datetime.datetime(2026, 11, 23, 1, tzinfo=timezone.get_default_timezone())
TUESDAY_NIGHT = AT_NIGHT + DAY


def status(person):
    return CoverageStatus.objects.get(resident=person).headline_rule


def monday():
    """The first night judges everybody."""
    for kind in SyncKind:
        make_run(kind, snapshot_date=MONDAY, at=AT_NIGHT)
    return nightly.judge(on=MONDAY, at=AT_NIGHT)


def tuesday():
    return nightly.judge(on=MONDAY + DAY, at=TUESDAY_NIGHT)


def test_the_first_night_and_every_sunday_judge_everybody():
    person = covered_person()
    assert monday().why == "first"
    assert status(person) == "C34"
    assert tuesday().why == ""
    sunday = MONDAY + 6 * DAY
    make_run(SyncKind.REGISTRY, snapshot_date=sunday, at=AT_NIGHT + 6 * DAY)
    assert nightly.judge(on=sunday, at=AT_NIGHT + 6 * DAY).why == "weekly"


def test_a_night_in_which_nothing_happened_judges_nobody():
    covered_person()
    monday()
    night = tuesday()
    assert (night.sweep.judged, night.sweep.written) == (0, 0)
    assert Job.objects.get(name="coverage.night", day=MONDAY + DAY).result["written"] == 0


def registry_event(person):
    """What the registry says has changed: no KTP-el any more."""
    run = make_run(SyncKind.REGISTRY, snapshot_date=MONDAY + DAY, at=TUESDAY_NIGHT)
    type(person).objects.filter(pk=person.pk).update(ektp_recorded=False)
    RegistryEvent.objects.create(run=run, resident=person, kind="CORRECTION", effective_on=MONDAY)


def jkn_found_on_line(person):
    cover_elsewhere(person, segment=13, known_from=TUESDAY_NIGHT, run=make_run(SyncKind.REGISTRY))


def insurance_declared(person):
    declarations.declare(
        resident=person, insurer="X", since=TODAY, until=None, actor=keeper(), at=TUESDAY_NIGHT - DAY / 2
    )


def membership_suspended(person):
    enrolment.suspend(
        enrolment=person.household.enrolments.get(),
        reason_code="SANCTION",
        reason="Uji",
        actor=keeper(),
        at=AT_NIGHT + DAY / 2,
    )


def letter_of_dinsos(person):
    person.household.enrolments.all().delete()
    make_special_cover(resident=person, state="APPROVED")


def listed_in_an_outbreak(person):
    cover_elsewhere(person, segment=21, run=make_run(SyncKind.REGISTRY))
    event = make_special_event(state="APPROVED")
    events.list_people(event=event, niks=[person.nik], actor=keeper(), at=NOW)


def outbreak_in_the_area(person):
    person.household.enrolments.all().delete()
    make_special_event(state="APPROVED", whole_area=True)


@pytest.mark.parametrize(
    ("happens", "rule"),
    [
        (registry_event, "C10"),
        (jkn_found_on_line, "C14"),
        (insurance_declared, "C17"),
        (membership_suspended, "C09"),
        (letter_of_dinsos, "C24"),
        (listed_in_an_outbreak, "C25"),
        (outbreak_in_the_area, "C25"),
    ],
    ids=lambda value: getattr(value, "__name__", value),
)
def test_what_happened_to_a_person_is_judged_in_the_next_night(happens, rule):
    person, bystander = covered_person(), covered_person(kelurahan_id="32.75.01.1002")
    monday()
    happens(person)
    CoverageStatus.objects.filter(resident=person).update(headline_rule="C34", decision="COVERED")
    CoverageStatus.objects.filter(resident=bystander).update(headline_rule="C99")
    assert tuesday().why == ""
    assert status(person) == rule
    assert status(bystander) == "C99"


def test_an_approval_is_judged_at_once_and_so_are_suspension_resumption_and_end():
    household = make_family(2)
    head = household.head
    fresh_sources()
    reevaluate(on=TODAY, at=NOW)
    assert status(head) == "C08"
    member = make_member(household)
    assert status(head) == "C34"
    enrolment.suspend(enrolment=member, reason_code="SANCTION", reason="Uji", actor=keeper(), at=NOW)
    assert status(head) == "C09"
    enrolment.resume(enrolment=member, actor=keeper(), at=NOW)
    assert status(head) == "C34"
    enrolment.end(enrolment=member, reason_code="OWN_REQUEST", reason="Uji", actor=keeper(), at=NOW)
    assert status(head) == "C09"


@pytest.mark.parametrize(
    ("facts", "before", "after"),
    [
        ({"birth_date": datetime.date(2009, 11, 24), "ektp_recorded": False}, "C34", "C10"),  # turns 17
        ({"resident_since": datetime.date(2026, 5, 24)}, "C07", "C34"),  # six months are over
        ({"status": 2, "status_on": MONDAY + DAY, "city_code": "32.16"}, "C34", "C05"),  # moves out
    ],
    ids=["seventeenth birthday", "end of the waiting period", "day of the move"],
)
def test_who_has_a_day_on_which_the_answer_turns_is_judged_on_that_day(facts, before, after):
    person = covered_person(**facts)
    monday()
    assert status(person) == before
    assert tuesday().sweep.judged == 1
    assert status(person) == after


def test_the_end_of_other_cover_and_of_a_letter_is_judged_on_its_day():
    insured, recommended = covered_person(), make_resident()
    cover_elsewhere(insured, segment=13, until=MONDAY, source=CoverageSource.BPJS_LIST)
    make_special_cover(resident=recommended, days=1, state="APPROVED")
    monday()
    assert (status(insured), status(recommended)) == ("C14", "C24")
    tuesday()
    assert (status(insured), status(recommended)) == ("C34", "C08")


def test_a_jkn_list_new_rules_an_old_source_and_an_import_reach_everybody():
    person = covered_person()
    monday()
    cover_elsewhere(person, segment=21, known_from=NOW, run=make_run(SyncKind.JKN, at=TUESDAY_NIGHT))
    assert tuesday().why == "jkn_run"
    assert status(person) == "C12"
    from participants import schemes

    proposal = propose_scheme(starts=MONDAY + 2 * DAY, open=False, registration_open=False)
    schemes.approve(proposal=proposal, actor=keeper(), at=NOW)
    make_run(SyncKind.REGISTRY, snapshot_date=MONDAY + 2 * DAY, at=TUESDAY_NIGHT + DAY)
    assert nightly.judge(on=MONDAY + 2 * DAY, at=TUESDAY_NIGHT + DAY).why == "scheme"
    assert status(person) == "C01"
    assert SchemeVersion.objects.filter(code="P7").exists()
    assert nightly.judge(on=MONDAY + 5 * DAY, at=TUESDAY_NIGHT + 4 * DAY).why == "stale"


def test_new_people_are_judged_in_the_night_they_come(tmp_path):
    covered_person()
    monday()
    row = snapshots.person()
    snapshots.take(tmp_path, [row], day=MONDAY + DAY, at=TUESDAY_NIGHT)
    tuesday()
    assert CoverageStatus.objects.filter(resident=snapshots.of(row)).exists()


def test_a_card_handed_over_changes_what_is_said():
    card = make_card(state="READY")
    person = card.household.head
    monday()
    assert "C33" in CoverageStatus.objects.get(resident=person).rules
    cards.hand_over(card=card, receiver=person, actor=keeper(), at=AT_NIGHT + DAY / 2)
    tuesday()
    assert "C33" not in CoverageStatus.objects.get(resident=person).rules
