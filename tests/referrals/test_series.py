"""Sessions under a letter of ninety days: counted by week, each its own episode, renewed by the hospital itself."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from facilities.enums import Service
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import OutboxEvent
from referrals import series
from referrals.coverage import NotCovered
from referrals.enums import SeriesKind
from referrals.models import Episode, Session, Sjp
from tests import factories as f
from tests.referrals import factories as r
from tests.referrals.test_at_once import at_once

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
FOUR_HOURS = timedelta(hours=4)
# The first Monday after the day of the factories, at eight in the morning.
MONDAY = (r.AT + DAY).replace(hour=8)


@pytest.fixture
def place():
    return r.contracted()


def first_letter(place, **values):
    return r.issue(to=place, service=Service.HAEMODIALYSIS, diagnosis=r.diagnosis("N18.5"), **values)


def begin(sjp, *, kind=SeriesKind.HAEMODIALYSIS, weekdays=(1, 4), actor=None, **values):
    return series.begin(
        sjp=sjp,
        actor=actor or r.desk(sjp.hospital),
        at=r.AT,
        kind=kind,
        diagnosis=sjp.diagnosis,
        doctor_name="dr. Rahma, Sp.PD-KGH",
        weekdays=weekdays,
        **values,
    )


def session(programme, start=MONDAY, *, actor=None):
    return series.register(
        series=programme,
        actor=actor or r.desk(programme.hospital),
        at=start + FOUR_HOURS,
        identity_check="KTP_SEEN",
        started_at=start,
        ended_at=start + FOUR_HOURS,
    )


def fresh(at):
    f.fresh_sources(on=at.date(), at=at)


def test_the_first_letter_holds_ninety_days_and_reserves_every_session(place):
    sjp = first_letter(place)
    assert sjp.valid_until == f.TODAY + 89 * DAY
    assert sjp.estimate % (13 * 3) == 0


def test_each_session_is_an_episode_of_its_own_and_the_letter_stays_in_use(place):
    programme = begin(first_letter(place))
    for days in (0, 3, 7):
        session(programme, MONDAY + days * DAY)
    sjp = series.current_letter(programme)
    assert sjp.state == "USED"
    assert [episode.state for episode in sjp.episodes.all()] == ["DISCHARGED"] * 3
    slots = Session.objects.order_by("day").values_list("week", "slot")
    assert list(slots) == [(MONDAY.date(), 1), (MONDAY.date(), 2), (MONDAY.date() + 7 * DAY, 1)]


def test_the_week_holds_as_many_sessions_as_the_scheme_pays(place):
    programme = begin(first_letter(place))
    for days in (0, 2, 4):
        session(programme, MONDAY + days * DAY)
    with pytest.raises(Refused):
        session(programme, MONDAY + 5 * DAY)
    assert Session.objects.count() == Episode.objects.count() == 3


def test_a_day_holds_one_session(place):
    programme = begin(first_letter(place))
    session(programme)
    with pytest.raises(Refused):
        session(programme, MONDAY + 5 * timedelta(hours=1))


def test_the_database_counts_too(place):
    programme = begin(first_letter(place))
    row = session(programme).session
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=row.pk).update(slot=4)
    with pytest.raises(IntegrityError), transaction.atomic():
        Session.objects.filter(pk=row.pk).update(week=MONDAY.date() + DAY)


def test_a_patient_whom_jkn_covers_now_gets_no_further_session(place):
    programme = begin(first_letter(place))
    session(programme)
    f.cover_elsewhere(programme.resident, segment=13)
    with pytest.raises(NotCovered):
        session(programme, MONDAY + 3 * DAY)
    r.rule(series_stops=False)
    episode = session(programme, MONDAY + 3 * DAY)
    assert episode.decision["decision"] == "EXCLUDED_JKN_AKTIF"


def test_lists_too_old_to_look_at_stop_nobody(place):
    programme = begin(first_letter(place))
    later = MONDAY + 42 * DAY
    assert session(programme, later).decision["decision"] == "UNKNOWN"


def test_during_a_stay_the_session_is_in_its_package(place):
    programme = begin(first_letter(place))
    r.admit(r.issue(resident=programme.resident, to=place, service=Service.INPATIENT))
    with pytest.raises(Refused):
        session(programme)


def test_the_schedule_stays_within_the_scheme(place):
    with pytest.raises(Refused):
        begin(first_letter(place), weekdays=(1, 2, 3, 4))


def test_an_outpatient_letter_becomes_a_series_for_thalassaemia_and_not_for_dialysis(place):
    sjp = r.issue(to=place, diagnosis=r.diagnosis("J18.9"))
    with pytest.raises(Refused):
        begin(sjp)
    programme = begin(sjp, kind=SeriesKind.THALASSAEMIA, weekdays=(3,))
    sjp.refresh_from_db()
    assert sjp.valid_until == f.TODAY + 89 * DAY
    session(programme)


def test_one_series_of_a_kind_a_person(place):
    resident = f.covered_person()
    begin(first_letter(place, resident=resident))
    other = first_letter(r.contracted(1), resident=resident, specialty=r.specialty("BED"))
    with pytest.raises(Refused):
        begin(other)


# The next letter


def renew(programme, at, *, actor=None):
    return series.renew(
        series=programme,
        actor=actor or r.desk(programme.hospital),
        at=at,
        doctor_name="dr. Rahma, Sp.PD-KGH",
        doctor_letter="12/HD/2027",
    )


def test_the_hospital_writes_the_next_letter_itself_in_the_last_two_weeks(place):
    sjp = first_letter(place)
    programme = begin(sjp)
    session(programme)
    with pytest.raises(Refused):
        renew(programme, r.AT + 60 * DAY)
    at = r.AT + 80 * DAY
    fresh(at)
    new = renew(programme, at)
    assert (new.parent, new.referral, new.state) == (sjp, None, "ISSUED")
    assert new.valid_from == sjp.valid_until + DAY
    assert new.valid_until == new.valid_from + 89 * DAY
    assert place.code in new.number
    assert new.letter["until"]


def test_the_first_session_of_the_next_letter_finishes_the_last_one(place):
    sjp = first_letter(place)
    programme = begin(sjp)
    session(programme)
    at = r.AT + 88 * DAY
    fresh(at)
    new = renew(programme, at)
    start = MONDAY + 91 * DAY
    fresh(start)
    session(programme, start)
    assert [letter.state for letter in Sjp.objects.filter(pk__in=[sjp.pk, new.pk]).order_by("pk")] == [
        "SERVICE_DONE",
        "USED",
    ]


def test_an_ended_series_takes_no_session_and_no_letter(place):
    programme = begin(first_letter(place))
    session(programme)
    programme = series.end(series=programme, actor=r.desk(place), at=MONDAY + DAY, reason="DECEASED")
    with pytest.raises(WrongState):
        session(programme, MONDAY + 3 * DAY)
    with pytest.raises(WrongState):
        renew(programme, r.AT + 80 * DAY)
    assert series.current_letter(programme).state == "SERVICE_DONE"


def test_with_the_series_ends_what_its_letters_still_reserve(place):
    """The letter in use, and the one the hospital has written ahead and nobody has used."""
    programme = begin(first_letter(place))
    session(programme)
    fresh(r.AT + 80 * DAY)
    ahead = renew(programme, r.AT + 80 * DAY)
    series.end(series=programme, actor=r.desk(place), at=r.AT + 81 * DAY, reason="MOVED")
    ahead.refresh_from_db()
    assert (ahead.state, OutboxEvent.objects.filter(kind="sjp.released").count()) == ("CANCELLED", 2)


def test_another_hospital_registers_nothing(place):
    programme = begin(first_letter(place))
    with pytest.raises(NotAllowed):
        session(programme, actor=r.desk(f.hospital(5)))


@pytest.mark.django_db(transaction=True)
def test_two_desks_do_not_both_take_the_last_session_of_the_week():
    r.rule(hd_max_per_week=1)
    programme = begin(first_letter(r.contracted()), weekdays=(1,))
    desks = [r.desk(programme.hospital) for _ in range(3)]
    acts = [lambda n=n, who=who: session(programme, MONDAY + n * DAY, actor=who) for n, who in enumerate(desks)]
    results = at_once(*acts)
    assert sum(isinstance(result, Episode) for result in results) == 1
    assert Session.objects.count() == 1


# Screens


def test_the_desk_opens_a_series_and_registers_a_session(client, place, django_assert_max_num_queries):
    desk = r.desk(place)
    client.force_login(desk)
    sjp = first_letter(place)
    address = reverse("referrals:begin_series", args=[sjp.public_id])
    assert address in client.get(reverse("referrals:letter", args=[sjp.public_id])).content.decode()
    answers = {"kind": "HAEMODIALYSIS", "diagnosis": "N18.5", "doctor_name": "dr. Rahma", "weekdays": ["1", "4"]}
    assert client.post(address, {**answers, "weekdays": []}).context["form"].errors["weekdays"]
    page = client.post(address, answers)
    programme = series.Series.objects.get()
    assert page.url == reverse("referrals:series", args=[programme.public_id])
    answers = {
        "identity_check": "KTP_SEEN",
        "medical_record": "1",
        "day": "22-11-2026",
        "clock": "04.00",
        "ended": "08.00",
    }
    address = reverse("referrals:register_session", args=[programme.public_id])
    assert client.get(address).status_code == 200
    assert client.post(address, answers).status_code == 302
    assert client.post(address, answers).context["form"].non_field_errors()
    assert client.get(page.url).status_code == 200
    for name in ("renew_series", "end_series"):
        assert client.get(reverse(f"referrals:{name}", args=[programme.public_id])).status_code == 200
    with django_assert_max_num_queries(9):
        listed = client.get(reverse("referrals:series_list"))
    assert [found.sessions_this_week for found in listed.context["page"]] == [1]
