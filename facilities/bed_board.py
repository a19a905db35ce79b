"""What is known of beds at a moment: how old each count is, what everybody may see, and who has fallen silent."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.utils.timezone import localdate

from facilities.enums import WardType
from facilities.models import BedCount, BedSilence, Facility
from ksb.core import formats, outbox
from ksb.core.scheme import Parameters, scheme_on

ORDER = {ward: place for place, ward in enumerate(WardType)}


@dataclass(frozen=True, kw_only=True)
class Ward:
    """One count seen at a moment. A stale one is shown grey and leads no patient anywhere."""

    count: BedCount
    age: str
    stale: bool

    def as_json(self):
        count = self.count
        return {
            "ward": count.ward,
            "label": str(count.get_ward_display()),
            "capacity": count.capacity,
            "free": count.free,
            "queue": count.queue,
            "reported_at": count.reported_at.isoformat(),
            "stale": self.stale,
        }


def stale_after(on):
    """Minutes after which a count is old, under the rules of the day ``on``."""
    scheme = scheme_on(on)
    return (scheme.parameters if scheme else Parameters()).bed_stale_minutes


def wards(counts, *, at):
    """Ward lines of ``counts``, in the order of WardType."""
    oldest = at - timedelta(minutes=stale_after(localdate(at)))
    return [
        Ward(count=count, age=formats.ago(count.reported_at, at), stale=count.reported_at < oldest)
        for count in sorted(counts, key=lambda count: ORDER[count.ward])
    ]


def city(*, at):
    """Pairs of each active hospital that has ever reported and its Ward lines, by name."""
    by_hospital = {}
    for count in BedCount.objects.filter(facility__active=True).select_related("facility"):
        by_hospital.setdefault(count.facility, []).append(count)
    found = sorted(by_hospital.items(), key=lambda pair: pair[0].name)
    lines = {ward.count.pk: ward for ward in wards([c for _hospital, counts in found for c in counts], at=at)}
    return [
        (hospital, [lines[c.pk] for c in sorted(counts, key=lambda c: ORDER[c.ward])]) for hospital, counts in found
    ]


def totals(hospitals):
    """For each ward type in ``hospitals`` (of ``city``): type, free beds, hospitals with a free bed. Stale counts give none."""
    sums = {}
    for _hospital, lines in hospitals:
        for line in lines:
            free, places = sums.get(line.count.ward, (0, 0))
            found = 0 if line.stale else line.count.free
            sums[line.count.ward] = (free + found, places + (found > 0))
    return [(ward, *sums[ward]) for ward in WardType if ward in sums]


def only(hospitals, ward):
    """``hospitals`` (of ``city``) that have wards of the type, with these alone; most free beds first, stale ones last."""
    found = [(hospital, [line for line in lines if line.count.ward == ward]) for hospital, lines in hospitals]
    return sorted(
        ((hospital, lines) for hospital, lines in found if lines),
        key=lambda pair: (pair[1][0].stale, -pair[1][0].count.free),
    )


@dataclass(frozen=True, kw_only=True)
class Silence:
    """A contracted hospital with old counts (``late``), or none at all (``since`` is None)."""

    hospital: Facility
    since: datetime | None
    late: tuple[BedCount, ...]
    age: str

    @property
    def wards(self):
        return [str(count.get_ward_display()) for count in self.late]


def silent(*, at):
    """Hospitals under contract whose oldest count is stale at ``at``, or that have never reported; longest silent first."""
    on = localdate(at)
    oldest = at - timedelta(minutes=stale_after(on))
    contracted = Facility.objects.hospitals().filter(active=True).contracted_on(on)
    found = []
    for hospital in contracted.prefetch_related("bed_counts").order_by("name"):
        counts = list(hospital.bed_counts.all())
        late = sorted((c for c in counts if c.reported_at < oldest), key=lambda count: ORDER[count.ward])
        if late or not counts:
            since = min((count.reported_at for count in late), default=None)
            found.append(Silence(hospital=hospital, since=since, late=tuple(late), age=formats.ago(since, at)))
    return sorted(found, key=lambda silence: (silence.since is not None, silence.since or at))


def tell_silence(*, at):
    """Emit ``beds.stale`` for each silent hospital (the object), once a day, with ``day`` and the ``wards`` that are old.

    Returns how many were told now. May run at any time, also twice at once.
    """
    day = localdate(at)
    told = set(BedSilence.objects.filter(day=day).values_list("facility", flat=True))
    news = [silence for silence in silent(at=at) if silence.hospital.pk not in told]
    for silence in news:
        with transaction.atomic():
            _row, is_new = BedSilence.objects.get_or_create(
                facility=silence.hospital, day=day, defaults={"since": silence.since}
            )
            if is_new:
                outbox.emit("beds.stale", silence.hospital, day=day.isoformat(), wards=[c.ward for c in silence.late])
    return len(news)
