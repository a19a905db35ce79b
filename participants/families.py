"""Finding a family by a full number. Every look-up is on record: who, whose data, by which kind of number."""

import re

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.ratelimit import hit
from participants.cards import is_valid
from participants.eligibility import family_view
from participants.lookups import HOUR, PER_HOUR
from participants.models import Card, Household, Lookup, Resident

PURPOSE = "FAMILY"
IDENTITY = re.compile(r"[0-9]{16}")


def find_family(*, number, actor, at):
    """The household that ``number`` (KK, NIK or card number, already cleaned) belongs to.

    Records a look-up of every member, which opens the family to the actor's desk for the day. Raises Refused when nobody
    is found, TooMany above the hourly limit that look-ups by NIK share: numbers are asked for, not tried out.
    """
    hit("lookup", actor.pk, limit=PER_HOUR, seconds=HOUR, now=at)
    kind, household = _find(number)
    if household is None:
        journal.record("family.not_found", actor=actor, by=kind)
        raise Refused(_not_found(kind), code="not_found")
    with transaction.atomic():
        people = household.residents.values_list("pk", flat=True)
        Lookup.objects.bulk_create(Lookup(actor=actor, resident_id=pk, purpose=PURPOSE, at=at) for pk in people)
        journal.record("family.look_up", household, actor=actor, by=kind)
    return household


def find_by_card(*, token, actor, at):
    """The household whose valid card carries ``token`` in its QR, looked up like any other; None for every other code."""
    if not is_valid(token):
        journal.record("family.not_found", actor=actor, by="QR")
        return None
    return find_family(number=Card.objects.get(token=token).number, actor=actor, at=at)


def _find(number):
    if not IDENTITY.fullmatch(number):
        card = Card.objects.filter(number=number).select_related("household").first()
        return "CARD", card and card.household
    household = Household.objects.filter(kk_number=number).select_related("successor").first()
    if household:
        return "KK", household.successor or household
    resident = Resident.objects.filter(nik=number).select_related("household").first()
    return ("NIK", resident.household) if resident else ("KK", None)


def _not_found(kind):
    if kind == "CARD":
        return _("No card has this number. Check it, or search by the family card number (No. KK) or a NIK.")
    return _(
        "This number is not in the population registry of Kota Bekasi. Check it digit by digit on the family card; if it is "
        "right, the family goes to Disdukcapil first."
    )


def view_family(household, *, on, at):
    """Every member of ``household`` with decision and reasons for outpatient care, head first. One statement."""
    anybody = Resident(household=household)
    return family_view(anybody, on=on, at=at)
