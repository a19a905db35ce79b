"""A family looks at itself: who is asked what before anything is shown, and how names are half hidden.

Whoever holds a number does not yet know the family: KK, NIK and date of birth must belong together, and one answer serves
every mismatch, so that nobody learns which of them was wrong.
"""

from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.models import Notice
from ksb.core.ratelimit import hit
from participants import tickets
from participants.enums import TicketState
from participants.models import Resident

MINUTES = 15
WINDOW = MINUTES * 60
# Whole neighbourhoods share one address of their telephone company; a family needs a few attempts.
ATTEMPTS_PER_ADDRESS = 60
ATTEMPTS_PER_FAMILY = 10
CARD_CHECKS_PER_ADDRESS = 120
CORRECTIONS_PER_DAY = 5
NOTICES = 3
DAY = 24 * 3600
HIDDEN = "***"


def admit(*, kk_number, nik, birth_date, address, at):
    """The resident who knows KK number, NIK and date of birth. ``address`` is the visitor's network address.

    Raises TooMany, or Refused with one sentence for every mismatch.
    """
    hit("portal.address", address, limit=ATTEMPTS_PER_ADDRESS, seconds=WINDOW, now=at)
    hit("portal.kk", kk_number, limit=ATTEMPTS_PER_FAMILY, seconds=WINDOW, now=at)
    hit("portal.nik", nik, limit=ATTEMPTS_PER_FAMILY, seconds=WINDOW, now=at)
    resident = (
        Resident.objects.filter(nik=nik, birth_date=birth_date, household__kk_number=kk_number)
        .select_related("household")
        .first()
    )
    if resident is None:
        raise Refused(
            _(
                "We found no family with these three details. Compare them with the family card and try again, or bring the "
                "card to the nearest Puskesmas."
            ),
            code="no_match",
        )
    journal.record("portal.enter", resident.household, actor=None)
    return resident


def ask_for_correction(*, household, resident, kind, text, at):
    """A ticket to Disdukcapil in the family's name. Raises TooMany above five a day, Refused when one is open already."""
    hit("portal.correction", household.pk, limit=CORRECTIONS_PER_DAY, seconds=DAY, now=at)
    return tickets.open_ticket(kind=kind, text=text, actor=None, at=at, resident=resident, household=household)


def open_corrections(household):
    """Tickets about this family that are not closed, newest first."""
    return list(household.tickets.exclude(state=TicketState.CLOSED).order_by("-pk")[:5])


def latest_notices(household):
    """What the family was told lately, newest first."""
    return list(Notice.objects.of_party(household).order_by("-id")[:NOTICES])


def mask_name(name):
    """``RATNA KUSUMA`` -> ``RA*** K***``: enough for the family to know whom, too little for anybody else."""
    first, *others = name.split() or [""]
    return " ".join([first[:2] + HIDDEN, *(word[:1] + HIDDEN for word in others)])
