"""The card office of the demonstration: blanks, a batch in every stage, cards that wait, were lost, must be printed anew."""

import datetime

from participants import blanks, cards, printing
from participants.models import BlankMovement, Card, Enrolment

ORDERS = 90
PER_POINT = 500  # blank cards delivered to each service point
TO_REPRINT = 12


def live_through(*, operator, approver, at):
    """Order cards for member families that have none and move them on, each service point a step less far than the last."""
    without = Enrolment.objects.filter(state="ACTIVE", cards__isnull=True).select_related("household")
    for enrolment in without.order_by("pk")[:ORDERS]:
        cards.order(enrolment=enrolment, actor=None, at=at)
    for number, place in enumerate(blanks.service_points()):
        first = 1 + number * PER_POINT
        blanks.receive(place=place, serial_first=first, serial_last=first + PER_POINT - 1, actor=operator, at=at)
    waiting = Card.objects.filter(state="ORDERED", household__kelurahan__isnull=False)
    places = blanks.service_points().filter(pk__in=waiting.values("household__kelurahan__parent"))
    for stage, place in enumerate(places[:4]):
        _batch(place, stage, operator, approver, at)
    _lose_one(at)
    in_hand = Card.objects.filter(state="ACTIVE").order_by("-pk").values_list("household", flat=True)[:TO_REPRINT]
    cards.mark_for_reprint(households=list(in_hand), reason="HEAD", at=at)


def _batch(place, stage, operator, approver, at):
    """Stage 0 ends at the service point with half of the cards collected, 3 is only prepared."""
    batch = printing.prepare(place=place, actor=operator, at=at)
    if stage == 3:
        return
    batch = printing.approve(batch=batch, actor=approver, at=at)
    printing.draw(batch)
    if stage == 2:
        return
    batch.refresh_from_db()
    printing.send(batch=batch, actor=operator, at=at)
    if stage == 1:
        return
    first = BlankMovement.objects.get(place=place, kind="RECEIVED").serial_first
    serials = {"serial_first": first, "serial_last": first + batch.size}
    printing.mark_printed(batch=batch, **serials, spoilt=1, reason="Tinta luntur", actor=operator, at=at)
    printing.deliver(batch=batch, actor=operator, at=at)
    for card in list(batch.cards.select_related("household"))[::2]:
        people = cards.receivers(card, on=at.date())
        if people:
            cards.hand_over(card=card, receiver=people[0], actor=operator, at=at + datetime.timedelta(minutes=5))


def _lose_one(at):
    card = Card.objects.filter(state="ACTIVE").select_related("household").order_by("pk").first()
    if card:
        cards.report_lost(household=card.household, at=at, note="Hilang di jalan")
