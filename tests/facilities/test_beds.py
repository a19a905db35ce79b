"""Counting beds: one way in for every report, and beds kept for referrals."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from facilities import beds
from facilities.beds import Figures
from facilities.enums import BedSource, HoldEnd, Role, WardType
from facilities.models import BedCount, BedHold, BedReport
from ksb.core.errors import Refused
from ksb.core.models import JournalEntry
from tests import factories as f
from tests.facilities.factories import report

pytestmark = pytest.mark.django_db
CLASS_3, ICU = WardType.CLASS_3, WardType.ICU
LATER = f.NOW + timedelta(minutes=10)
UNTIL = f.NOW + timedelta(hours=2)


def hold(reference="R1", *, hospital=None, ward=CLASS_3, at=f.NOW, until=UNTIL):
    place = hospital or f.hospital()
    return beds.hold(facility=place, ward=ward, reference=reference, until=until, actor=None, at=at)


def count(ward=CLASS_3):
    return BedCount.objects.get(facility=f.hospital(), ward=ward)


class TestReport:
    def test_the_latest_count_and_its_history_are_kept(self):
        report(capacity=10, occupied=4, cleaning=1, queue=2, for_women=3)
        report(capacity=10, occupied=6, at=LATER)
        assert (count().occupied, count().free, count().queue, count().for_women) == (6, 4, 0, None)
        assert list(BedReport.objects.order_by("id").values_list("occupied", "queue")) == [(4, 2), (6, 0)]

    def test_the_same_report_twice_is_one(self):
        assert report(occupied=4) == [CLASS_3]
        assert report(occupied=4) == []
        assert BedReport.objects.count() == 1

    def test_an_older_report_never_overwrites_a_newer_one(self):
        report(occupied=4, at=LATER)
        assert report(occupied=9, at=f.NOW) == []
        assert count().occupied == 4

    def test_wards_not_spoken_of_stay_as_they_are(self):
        report(occupied=4)
        report(ward=ICU, capacity=2, occupied=2, at=LATER)
        assert count().reported_at == f.NOW
        assert count(ICU).free == 0

    def test_nothing_is_written_when_one_ward_cannot_be_true(self):
        figures = {CLASS_3: Figures(capacity=5, occupied=1), ICU: Figures(capacity=2, occupied=3)}
        with pytest.raises(Refused, match="ICU") as refusal:
            beds.report(facility=f.hospital(), figures=figures, source=BedSource.MANUAL, actor=None, at=f.NOW)
        assert refusal.value.code == ICU
        assert not BedCount.objects.exists()

    @pytest.mark.parametrize(
        ("figures", "field"),
        [
            ({"capacity": 5, "occupied": 6}, "occupied"),
            ({"capacity": 5, "occupied": 4, "cleaning": 2}, "cleaning"),
            ({"capacity": 5, "occupied": 4, "for_children": 2}, "for_children"),
            ({"capacity": 5, "occupied": -1}, "occupied"),
            ({"capacity": 10_000, "occupied": 1}, "capacity"),
        ],
    )
    def test_figures_that_cannot_be_true_name_their_field(self, figures, field):
        assert list(Figures(**figures).mistakes()) == [field]

    def test_the_journal_tells_a_change_and_a_persons_word_but_no_repeated_push(self):
        def told():
            return JournalEntry.objects.filter(verb="beds.report").count()

        report(occupied=4, source=BedSource.API)
        report(occupied=4, source=BedSource.API, at=LATER)
        assert told() == 1
        desk = f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())
        beds.confirm(facility=f.hospital(), actor=desk, at=LATER + timedelta(minutes=1))
        assert told() == 2
        assert JournalEntry.objects.filter(verb="beds.report").last().data == {"source": "MANUAL", "changed": {}}

    def test_no_change_makes_every_ward_fresh_again(self):
        report(occupied=4, for_men=2)
        report(ward=ICU, capacity=2, occupied=1)
        desk = f.make_user(Role.HOSPITAL_DESK, facility=f.hospital())
        assert sorted(beds.confirm(facility=f.hospital(), actor=desk, at=LATER)) == [CLASS_3, ICU]
        assert (count().reported_at, count().reported_by, count().for_men) == (LATER, desk, 2)
        assert BedReport.objects.count() == 4

    @pytest.mark.parametrize(
        "broken", [{"occupied": 11}, {"cleaning": 7}, {"held": 7}, {"for_men": 8}, {"occupied": 8, "held": 3}]
    )
    def test_the_database_itself_refuses_more_beds_than_there_are(self, broken):
        report(capacity=10, occupied=4)
        with pytest.raises(IntegrityError), transaction.atomic():
            BedCount.objects.update(**broken)


class TestHold:
    def test_a_held_bed_is_not_free(self):
        report(capacity=10, occupied=4, cleaning=1)
        kept = hold()
        assert kept.is_running
        assert (count().held, count().free) == (1, 4)

    def test_the_last_bed_is_held_once_and_the_refusal_says_where(self):
        report(capacity=3, occupied=1, cleaning=1)
        hold("R1")
        with pytest.raises(Refused, match=f.hospital().name):
            hold("R2")
        assert (count().held, BedHold.objects.count()) == (1, 1)

    def test_a_ward_nobody_reported_has_no_bed_to_hold(self):
        with pytest.raises(Refused, match="ICU"):
            hold(ward=ICU)

    def test_held_twice_for_one_referral_is_held_once(self):
        report()
        assert hold() == hold(at=LATER)
        assert count().held == 1

    def test_one_referral_keeps_no_bed_in_two_hospitals(self):
        report()
        report(hospital=f.hospital(1))
        hold()
        with pytest.raises(Refused):
            hold(hospital=f.hospital(1))
        assert list(BedCount.objects.order_by("facility__code").values_list("held", flat=True)) == [1, 0]

    def test_release_frees_the_bed_once(self):
        report()
        hold()
        kept = beds.release(reference="R1", at=LATER, why=HoldEnd.ARRIVED)
        assert (kept.why, kept.ended_at) == ("ARRIVED", LATER)
        assert beds.release(reference="R1", at=LATER, why=HoldEnd.CANCELLED) is None
        assert beds.hold_of("R1").why == "ARRIVED"
        assert count().held == 0

    def test_a_bed_may_be_held_again_after_it_was_released(self):
        report()
        hold()
        beds.release(reference="R1", at=LATER, why=HoldEnd.CANCELLED)
        hold(at=LATER)
        assert count().held == 1

    def test_holds_whose_time_is_over_end_by_themselves_in_a_fixed_number_of_queries(self, django_assert_num_queries):
        for number in range(4):
            report(hospital=f.hospital(number))
            hold(f"A{number}", hospital=f.hospital(number))
            hold(f"B{number}", hospital=f.hospital(number), until=UNTIL + timedelta(hours=1))
        with django_assert_num_queries(8):
            assert beds.release_due(UNTIL) == 4
        assert set(BedCount.objects.values_list("held", flat=True)) == {1}
        assert set(BedHold.objects.filter(reference__startswith="A").values_list("why", flat=True)) == {"EXPIRED"}
        assert beds.release_due(UNTIL) == 0

    def test_a_report_that_leaves_no_room_ends_the_oldest_hold(self):
        report(capacity=10, occupied=4)
        hold("old")
        hold("new", at=f.NOW + timedelta(minutes=1))
        report(capacity=10, occupied=9, at=LATER)
        assert beds.hold_of("old").why == "OVERRUN"
        assert beds.hold_of("new").is_running
        assert (count().held, count().free) == (1, 0)
        assert BedReport.objects.order_by("id").last().held == 1

    @pytest.mark.parametrize("role", [Role.DINKES_SERVICES, Role.AUDITOR])
    def test_dinkes_and_auditors_see_all_holds_and_a_hospital_its_own(self, role):
        report()
        kept = hold()
        assert kept in BedHold.objects.visible_to(f.make_user(role))
        assert kept in BedHold.objects.visible_to(f.make_user(Role.HOSPITAL_DESK, facility=f.hospital()))
        assert kept not in BedHold.objects.visible_to(f.make_user(Role.HOSPITAL_DESK, facility=f.hospital(1)))


class TestHistory:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE facilities_bedreport SET occupied = 0",
            "DELETE FROM facilities_bedreport",
            "TRUNCATE facilities_bedreport",
        ],
    )
    def test_the_history_is_neither_rewritten_nor_emptied(self, statement):
        report()
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
