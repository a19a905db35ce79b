"""How much of a contract's quota the letters have used: letters of the month, rupiah of the year. No quota is hidden (S111).

A letter counts while the city stands behind it: not when it was cancelled, revoked, or expired unused.
"""

import datetime
from dataclasses import dataclass

from django.db.models import Count, Q, Sum
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.models import ContractTerms
from ksb.core import formats
from referrals.enums import SjpState
from referrals.models import Sjp

LEFT_OUT = (SjpState.CANCELLED, SjpState.REVOKED, SjpState.EXPIRED)
NEARLY = 0.9  # from this share on the clerk is told


@dataclass(frozen=True)
class Used:
    """What one hospital's letters have used: ``letters`` this month, ``rupiah`` of estimates this year."""

    letters: int = 0
    rupiah: int = 0


def used(terms, *, on):
    """``{facility: Used}`` on the day ``on`` for those of ``terms`` that have a quota. One query, none without quotas."""
    hospitals = [one.contract.facility_id for one in terms if one.has_quota]
    if not hospitals:
        return {}
    month, year = _begins(on.replace(day=1)), _begins(on.replace(month=1, day=1))
    end = _begins(on + datetime.timedelta(days=1))
    rows = (
        Sjp.objects.filter(hospital__in=hospitals, issued_at__gte=year, issued_at__lt=end)
        .exclude(state__in=LEFT_OUT)
        .values("hospital")
        .annotate(letters=Count("pk", filter=Q(issued_at__gte=month)), rupiah=Sum("estimate"))
    )
    return {row["hospital"]: Used(row["letters"], row["rupiah"]) for row in rows}


def take_turn(hospital, *, on):
    """Letters under a quota that blocks are written one after the other, so that two clerks never share its last place.

    To be called in the transaction that writes the letter, before the quota is read.
    """
    strict = ContractTerms.objects.filter(contract__facility=hospital, valid__contains=on, quota_blocks=True)
    list(strict.select_for_update(of=("self",), no_key=True).values_list("pk"))


def _begins(day):
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time()))


@dataclass(frozen=True, kw_only=True)
class Left:
    """One quota in words: what was agreed, used and is left, and its ``sentiment``."""

    label: str
    agreed: str
    used: str
    left: str
    sentiment: str
    blocks: bool


def left(terms, found):
    """The quotas of ``terms`` as a list of Left, from ``used``."""
    had, rows = found.get(terms.contract.facility_id, Used()), []
    if terms.quota_letters:
        rows.append(_left(_("letters this month"), terms, terms.quota_letters, had.letters, formats.number))
    if terms.quota_rupiah:
        rows.append(_left(_("rupiah this year"), terms, terms.quota_rupiah, had.rupiah, formats.rupiah))
    return rows


def _left(label, terms, agreed, had, words):
    used_up, nearly = had >= agreed, had >= NEARLY * agreed
    return Left(
        label=label,
        agreed=words(agreed),
        used=words(had),
        left=words(max(0, agreed - had)),
        sentiment="bad" if used_up else "warn" if nearly else "ok",
        blocks=terms.quota_blocks,
    )


def obstacles(terms, found):
    """Why no further letter may go there: only where the contract says that its quota blocks."""
    return _told(terms, found, at_least=1.0) if terms is not None and terms.quota_blocks else []


def warnings(terms, found):
    """What the clerk should know before choosing: a quota that is nearly or wholly used up."""
    if terms is None or (terms.quota_blocks and _told(terms, found, at_least=1.0)):
        return []
    return _told(terms, found, at_least=NEARLY)


def _told(terms, found, *, at_least):
    """Sentences on the quotas of which at least that share is used."""
    had, told = found.get(terms.contract.facility_id, Used()), []
    if terms.quota_letters and had.letters >= at_least * terms.quota_letters:
        told.append(_letters(had.letters, terms.quota_letters))
    if terms.quota_rupiah and had.rupiah >= at_least * terms.quota_rupiah:
        told.append(_rupiah(had.rupiah, terms.quota_rupiah))
    return told


def _letters(had, agreed):
    figures = {"used": formats.number(had), "quota": formats.number(agreed)}
    if had >= agreed:
        return _("quota of this month used up: %(used)s of %(quota)s letters") % figures
    return _("quota of this month nearly used up: %(used)s of %(quota)s letters") % figures


def _rupiah(had, agreed):
    figures = {"used": formats.rupiah_short(had), "quota": formats.rupiah_short(agreed)}
    if had >= agreed:
        return _("quota of this year used up: %(used)s of %(quota)s") % figures
    return _("quota of this year nearly used up: %(used)s of %(quota)s") % figures
