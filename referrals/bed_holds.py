"""A bed kept for a referral its hospital has accepted; the arithmetic is ``facilities.beds`` (domain.md B15)."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext as _

from facilities import beds
from facilities.enums import HoldEnd
from facilities.models import BedCount
from ksb.core.errors import Refused
from ksb.core.scheme import Parameters, scheme_on

NO_BED = "no_bed"


def reference(referral):
    """What a hold knows of its referral."""
    return f"referral:{referral.public_id}"


def keep(referral, *, actor, at):
    """Keep a bed of the ward asked for, for ``bed_hold_hours``. Returns the BedHold, or None where there is none to keep.

    A ward the hospital has not counted lately holds nothing: its word stands alone. Raises Refused (code ``no_bed``) when
    its fresh count shows no free bed.
    """
    scheme = scheme_on(timezone.localdate(at))
    parameters = scheme.parameters if scheme else Parameters()
    if not referral.ward:
        return None
    fresh = BedCount.objects.fresh(at=at, minutes=parameters.bed_stale_minutes)
    if not fresh.filter(facility=referral.hospital_id, ward=referral.ward).exists():
        return None
    until = at + timedelta(hours=parameters.bed_hold_hours)
    try:
        return beds.hold(
            facility=referral.hospital,
            ward=referral.ward,
            reference=reference(referral),
            until=until,
            actor=actor,
            at=at,
        )
    except Refused as full:
        raise Refused(
            _("%(why)s Correct your bed counts first, or refuse the referral.") % {"why": full.message}, code=NO_BED
        ) from full


def arrived(referral, *, actor, at):
    """The patient lies in a bed: it is not kept any longer."""
    _release(referral, actor, at, HoldEnd.ARRIVED)


def ended(referral, *, actor, at):
    """The referral was taken back."""
    _release(referral, actor, at, HoldEnd.CANCELLED)


def _release(referral, actor, at, why):
    if referral.ward:
        beds.release(reference=reference(referral), at=at, actor=actor, why=why)


def of(referral):
    """The hold of ``referral``, running or over, or None."""
    return beds.hold_of(reference(referral)) if referral.ward else None
