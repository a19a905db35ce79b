"""Other insurance a family declares (rule C17): from when to when, with whom. It stands beside what the JKN lists say."""

from django.db import transaction
from django.utils import timezone

from ksb.core import journal
from participants.eligibility import city
from participants.enums import CoverageSource
from participants.models import OtherCoverage

PRIVATE = 0  # segment of insurance that is no JKN


def declare(*, resident, insurer, since, until, actor, at):
    """Write down that ``resident`` is insured with ``insurer`` from ``since`` to ``until`` (None: until told otherwise).

    What was declared before is kept as believed until now, so that a decision of then can be replayed. Returns the new row.
    """
    with transaction.atomic():
        declared = OtherCoverage.objects.filter(resident=resident, source=CoverageSource.DECLARED)
        declared.filter(known_to__isnull=True).update(open=False, known_to=at)
        row = OtherCoverage.objects.create(
            resident=resident,
            source=CoverageSource.DECLARED,
            insurer=insurer.strip(),
            segment=PRIVATE,
            valid_from=since,
            valid_to=until,
            known_from=at,
        )
        journal.record("insurance.declare", resident, actor=actor, since=f"{since}", until=f"{until or ''}")
        city.refresh([resident.pk], on=timezone.localdate(at), at=at)
    return row


def declared_in(household):
    """What members of ``household`` declare now, each with its resident."""
    return (
        OtherCoverage.objects.filter(
            resident__household=household, source=CoverageSource.DECLARED, known_to__isnull=True
        )
        .select_related("resident")
        .order_by("resident__relation", "resident__birth_date")
    )
