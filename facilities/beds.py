"""Counting beds (domain.md B15): one way in for every report, and the arithmetic of beds kept for referrals.

Locks are taken in one order: facility, counts, holds. ``free`` = capacity - occupied - held - cleaning, never below zero.
"""

from dataclasses import asdict, dataclass

from django.db import transaction
from django.db.models import Count, F, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from facilities.enums import BedSource, HoldEnd, WardType
from facilities.models import BedCount, BedHold, BedReport, Facility
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing
from ksb.core.workflow import system_user

MOST_BEDS = 9_999
GROUPS = ("for_men", "for_women", "for_either", "for_children")


@dataclass(frozen=True, kw_only=True)
class Figures:
    """What a hospital says of one ward, in beds; ``queue`` in patients. The groups share the free beds, None is "not said"."""

    capacity: int
    occupied: int
    cleaning: int = 0
    queue: int = 0
    for_men: int | None = None
    for_women: int | None = None
    for_either: int | None = None
    for_children: int | None = None

    @classmethod
    def of(cls, count):
        """The figures of a BedCount or BedReport."""
        return cls(**{name: getattr(count, name) for name in cls.__dataclass_fields__})

    def mistakes(self):
        """What cannot be true, as ``{field: sentence}``; empty when the figures fit together."""
        found = {
            name: _("Write a number from 0 to %(most)d.") % {"most": MOST_BEDS}
            for name, value in asdict(self).items()
            if value is not None and not 0 <= value <= MOST_BEDS
        }
        if found:
            return found
        if self.occupied > self.capacity:
            return {"occupied": _("More beds occupied than there are (%(beds)d).") % {"beds": self.capacity}}
        left = self.capacity - self.occupied
        if self.cleaning > left:
            return {"cleaning": _("Only %(beds)d beds are not occupied.") % {"beds": left}}
        return {
            name: _("Only %(beds)d beds are not occupied.") % {"beds": left}
            for name in GROUPS
            if (getattr(self, name) or 0) > left
        }


def report(*, facility, figures, source, actor, at):
    """Write down what ``facility`` says at ``at``: ``figures`` maps ward types to Figures. Returns the wards written.

    The latest moment wins: a ward that is known from a later one is left alone, and so is a repeated report. Beds kept for
    referrals that the report leaves no room for are given up, the oldest first: that patient is the likeliest to lie in
    one by now. ``actor`` None is a program. Raises Refused when figures do not fit together; nothing is written then.
    """
    for ward, stated in figures.items():
        for sentence in stated.mistakes().values():
            raise Refused(f"{WardType(ward).label}: {sentence}", code=ward)
    author = actor or system_user()
    with transaction.atomic():
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        known = {c.ward: c for c in facility.bed_counts.select_for_update(no_key=True).order_by("pk")}
        written, changed = [], {}
        for ward, stated in figures.items():
            count = known.get(ward) or BedCount(facility=facility, ward=ward)
            before = Figures.of(count) if count.pk else None
            if count.pk and (count.reported_at > at or (count.reported_at == at and before == stated)):
                continue
            if before != stated:
                changed[ward] = [stated.capacity, stated.occupied, stated.cleaning, stated.queue]
            _write(count, stated, source=source, at=at, by=author)
            written.append(count)
        BedReport.objects.bulk_create(_as_reported(count) for count in written)
        if changed or (written and source == BedSource.MANUAL):
            journal.record("beds.report", facility, actor=actor, source=source, changed=changed)
    return [count.ward for count in written]


def _write(count, stated, *, source, at, by):
    for name, value in asdict(stated).items():
        setattr(count, name, value)
    count.source, count.reported_at, count.reported_by = source, at, by
    if count.pk:
        _give_up(count, at=at, by=by)
    count.save()


def _as_reported(count):
    told = asdict(Figures.of(count))
    return BedReport(
        count=count,
        held=count.held,
        source=count.source,
        reported_at=count.reported_at,
        reported_by=count.reported_by,
        **told,
    )


def _give_up(count, *, at, by):
    """End as many holds on the locked ``count`` as its new figures have no bed for."""
    excess = -count.free
    if excess <= 0:
        return
    oldest = list(count.holds.running().order_by("held_at", "pk").values_list("pk", flat=True)[:excess])
    BedHold.objects.filter(pk__in=oldest).update(ended_at=at, ended_by=by, why=HoldEnd.OVERRUN)
    count.held -= len(oldest)


def confirm(*, facility, actor, at):
    """ "Nothing has changed": every ward of ``facility`` is reported again as it stands. Returns the wards written."""
    with transaction.atomic():
        Facility.objects.select_for_update(no_key=True).get(pk=facility.pk)
        figures = {count.ward: Figures.of(count) for count in facility.bed_counts.all()}
        return report(facility=facility, figures=figures, source=BedSource.MANUAL, actor=actor, at=at)


def hold(*, facility, ward, reference, until, actor, at):
    """Keep one free bed of ``ward`` for ``reference`` until a moment; returns the BedHold.

    Held twice for the same reference in the same ward is held once. Raises Refused with a sentence when the hospital has
    not reported this ward, when no bed is free, or when a bed elsewhere is kept for the same reference.
    """
    with transaction.atomic():
        kept = BedHold.objects.running().filter(reference=reference).select_related("count").first()
        if kept is not None and (kept.count.facility_id, kept.count.ward) == (facility.pk, ward):
            return kept
        count = BedCount.objects.filter(facility=facility, ward=ward).first()
        if count is None:
            raise Refused(
                _("%(hospital)s has not reported beds of this kind: %(ward)s.")
                % {"hospital": facility, "ward": WardType(ward).label}
            )
        left = BedCount.objects.filter(pk=count.pk, capacity__gt=F("occupied") + F("held") + F("cleaning"))
        if not left.update(held=F("held") + 1):
            raise Refused(
                _("No bed is free any more at %(hospital)s: %(ward)s.")
                % {"hospital": facility, "ward": WardType(ward).label}
            )
        with refusing({"one_running_hold_per_reference": _("A bed is already held for this referral.")}):
            kept = BedHold.objects.create(
                count=count, reference=reference, until=until, held_at=at, held_by=actor or system_user()
            )
        journal.record("bed.hold", kept, actor=actor, facility=facility.code, ward=ward)
    return kept


def release(*, reference, at, actor=None, why):
    """Free the bed kept for ``reference`` because of ``why`` (HoldEnd). Returns the BedHold, or None where none is kept."""
    with transaction.atomic():
        kept = BedHold.objects.running().filter(reference=reference).first()
        if kept is None:
            return None
        BedCount.objects.select_for_update(no_key=True).get(pk=kept.count_id)
        kept.ended_at, kept.ended_by, kept.why = at, actor or system_user(), HoldEnd(why)
        ended = BedHold.objects.running().filter(pk=kept.pk)
        if not ended.update(ended_at=at, ended_by=kept.ended_by, why=kept.why):
            return None
        BedCount.objects.filter(pk=kept.count_id).update(held=F("held") - 1)
        journal.record("bed.release", kept, actor=actor, why=kept.why)
    return kept


def release_due(at):
    """Free every bed kept until ``at`` or before. A few statements, however many there are. Returns their number."""
    due = BedHold.objects.running().filter(until__lte=at)
    with transaction.atomic():
        wards = BedCount.objects.filter(pk__in=due.values("count")).select_for_update(no_key=True).order_by("pk")
        locked = [count.pk for count in wards]
        ending = list(due.filter(count__in=locked))
        if not ending:
            return 0
        BedHold.objects.filter(pk__in=[kept.pk for kept in ending]).update(
            ended_at=at, ended_by=system_user(), why=HoldEnd.EXPIRED
        )
        # Exact, because whoever begins or ends a hold has the lock on its count.
        running = BedHold.objects.running().filter(count=OuterRef("pk")).order_by().values("count")
        still = Subquery(running.annotate(beds=Count("pk")).values("beds"))
        BedCount.objects.filter(pk__in=locked).update(held=Coalesce(still, 0))
        journal.record_many("bed.release", ending, actor=None, why=HoldEnd.EXPIRED)
    return len(ending)


def hold_of(reference):
    """The last BedHold for ``reference``, running or over, or None."""
    return BedHold.objects.filter(reference=reference).select_related("count").order_by("-pk").first()


def running_holds(facility):
    """Beds of ``facility`` that are kept now, the first to end first."""
    return BedHold.objects.running().filter(count__facility=facility).select_related("count").order_by("until", "pk")
