"""The Kartu Sehat: ordered when a family is approved, handed over, blocked and replaced. ``printing`` is the way between.

Every change of state goes through ``workflow.CARD``; the database keeps one live card a family. Care never depends on the
plastic: KTP and KK are enough.
"""

import datetime
import json
import re
from contextlib import suppress

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.workflow import may, system_user
from participants.enums import CardState, EnrolmentState, ReprintReason, ResidentStatus
from participants.models import Card, Enrolment
from participants.models.family import DRAWN_CARDS
from participants.permissions import CARD_DESKS
from participants.rules import age_on
from participants.workflow import CARD

ADULT_AGE = 17
TOKEN = re.compile(r"[A-Za-z0-9_-]{1,24}")
# A family that reports its card lost by itself more often comes to a counter.
SELF_SERVICE_PAUSE = datetime.timedelta(days=90)
IN_HANDS = (CardState.READY, CardState.ACTIVE)
NO_REPRINT = {"reprint": "", "reprint_on": None}
BLOCKS = ("report_lost", "report_damaged", "replace", "revoke")


def order(*, enrolment, actor, at, replaces=None):
    """Order a card for a member family, as the successor of the blocked card ``replaces`` where there is one.

    ``actor`` None is the approval itself or the family's own report; who orders a card does not approve its printing.
    Raises Refused when the family is no member or already has a card.
    """
    if actor is not None and not may(actor, CARD_DESKS):
        raise NotAllowed(_("Your role does not include this step."))
    if enrolment.state != EnrolmentState.ACTIVE:
        raise Refused(_("Only a family with an active membership gets a card."))
    with transaction.atomic():
        with refusing({"one_live_card_per_family": _has_a_card()}):
            card = Card.objects.create(
                household=enrolment.household,
                enrolment=enrolment,
                number=_free_number(timezone.localdate(at).year),
                replaces=replaces,
                created_by=actor or system_user(),
            )
        journal.record("card.order", card, actor=actor)
    return card


def hand_over(*, card, receiver, actor, at):
    """Hand the card to an adult member of the family, whose name is kept."""
    if receiver not in receivers(card, on=timezone.localdate(at)):
        raise Refused(_("A card is handed to an adult member of the family."))
    taken = {"handed_to": receiver.name, "receiver": receiver}
    return CARD.apply(card, "hand_over", actor=actor, at=at, update=taken)


def receivers(card, *, on):
    """Members of the family who may receive its card on that day, head first."""
    people = card.household.residents.filter(status=ResidentStatus.ACTIVE).order_by("relation", "birth_date", "pk")
    return [person for person in people if age_on(person.birth_date, on) >= ADULT_AGE]


def block(*, card, cause, actor, at, order_new=False, note="", police_letter=""):
    """Block a card at once for a ``cause`` out of BLOCKS; ``order_new`` orders its successor, which is returned.

    ``note`` is what the family tells, ``police_letter`` the number of the report of loss where it has one.
    """
    if cause not in BLOCKS:
        raise Refused(_("Choose why the card is blocked."))
    with transaction.atomic():
        told = {"block_note": note.strip(), "police_letter": police_letter.strip()}
        CARD.apply(card, cause, actor=actor, at=at, update={**told, **NO_REPRINT})
        if not order_new:
            return None
        member = Enrolment.objects.filter(household=card.household_id, state=EnrolmentState.ACTIVE).first()
        if member is None:
            raise Refused(_("Only a family with an active membership gets a card."))
        return order(enrolment=member, actor=actor, at=at, replaces=card)


def report_lost(*, household, at, actor=None, note="", police_letter=""):
    """The family says that its card is lost: the number is blocked at once, the successor waits for Dinkes' approval.

    ``actor`` None is the family itself on its own page; it may do so once in 90 days. Returns the new card. Raises Refused
    when the family holds no card.
    """
    card = household.cards.filter(state__in=IN_HANDS).first()
    if card is None:
        raise Refused(_("This family has no card in its hands that could be lost."))
    if actor is None and _reported_lately(household, at):
        raise Refused(_("A lost card was reported on this page lately. Come to a service point with KTP and KK."))
    return block(
        card=card, cause="report_lost", actor=actor, at=at, order_new=True, note=note, police_letter=police_letter
    )


def _reported_lately(household, at):
    itself = {"blocked_by": system_user(), "blocked_at__gt": at - SELF_SERVICE_PAUSE}
    return household.cards.filter(state=CardState.LOST, **itself).exists()


def mark_for_reprint(*, households, reason, at, actor=None):
    """Note that the registry changed what stands on the cards of these families. Returns the number of cards marked.

    ``households`` is a list of ids, or the name of a table with a column ``household_id``; ``reason`` a ReprintReason. One
    statement however many they are. A marked card stays valid until its successor is ordered; one marked before keeps its
    first reason.
    """
    named = isinstance(households, str)
    chosen = f"SELECT household_id FROM {connection.ops.quote_name(households)}" if named else "SELECT unnest(%(ids)s)"
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK.format(households=chosen),
            {
                "ids": None if named else list(households),
                "reason": ReprintReason(reason).value,
                "day": timezone.localdate(at),
                "states": list(map(str, DRAWN_CARDS)),
                "actor": actor and actor.pk,
                "data": json.dumps({"reason": ReprintReason(reason).value}),
            },
        )
        return cursor.rowcount


def order_reprints(*, cards, actor, at):
    """Block the marked cards of the queryset and order their successors. Returns how many; families that left are passed over."""
    done = 0
    for card in cards.to_reprint().filter(state=CardState.ACTIVE).order_by("pk"):
        with suppress(Refused), transaction.atomic():
            block(card=card, cause="replace", actor=actor, at=at, order_new=True, note=card.get_reprint_display())
            done += 1
    return done


_MARK = """
    WITH marked AS (
        UPDATE participants_card SET reprint = %(reason)s, reprint_on = %(day)s
         WHERE household_id IN ({households}) AND state = ANY(%(states)s) AND reprint = ''
        RETURNING id)
    INSERT INTO core_journalentry (actor_id, verb, object_type, object_id, data)
    SELECT %(actor)s::bigint, 'card.mark_for_reprint', 'participants.card', id, %(data)s::jsonb FROM marked
"""


def is_valid(token):
    """Whether the token on a card's QR belongs to a card in a family's hands whose membership is in force."""
    if not TOKEN.fullmatch(token):
        return False
    return Card.objects.filter(
        token=token,
        state=CardState.ACTIVE,
        household__dissolved_on__isnull=True,
        household__enrolments__state=EnrolmentState.ACTIVE,
    ).exists()


def _free_number(year):
    """``KS``, two digits of the year, eight in sequence. Numbers the legacy list already uses are passed over."""
    while True:
        number = f"KS{year % 100:02d}{next_number('CARD', 'KOTA', year):08d}"
        if not Card.objects.filter(number=number).exists():
            return number


def _has_a_card():
    return _("This family already has a card. Block it before another is ordered.")
