"""Print batches: ordered cards of one service point, approved by a second person, drawn for the printer, delivered.

B3 and G3.12 of the procedure: the operator prepares, another officer approves and so reserves the blanks, the operator enters
what was printed, the service point takes the batch in. What the programme prints at all is ``print_policy`` of the scheme.
"""

from pathlib import Path

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.enums import RegionLevel
from facilities.models import Region
from ksb.core import journal, outbox
from ksb.core.cards import write_sheets
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import roman_month
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from ksb.core.scheme import scheme_on
from ksb.core.workflow import may
from participants import blanks, cards
from participants.enums import BatchKind, CardState, EnrolmentState, PrintPolicy
from participants.letters import cards_to_print
from participants.models import Card, Enrolment, PrintBatch
from participants.models.family import LIVE_CARDS
from participants.permissions import KEEPERS
from participants.workflow import CARD, PRINT_BATCH, own_batch_sentence

FOLDER = "cards"
DRAW = "cards.draw"
READ_AT_ONCE = 200


def prepare(*, place, actor, at):
    """A batch of the oldest ordered cards of the families around ``place``, at most PrintBatch.LIMIT. Returns it.

    The city's own office gets families without a kelurahan. Raises Refused when nothing waits or nothing is printed.
    """
    _require_keeper(actor)
    require_printing(BatchKind.NORMAL, on=timezone.localdate(at))
    with transaction.atomic():
        waiting = _waiting_at(place).select_for_update(no_key=True, skip_locked=True, of=("self",))
        chosen = list(waiting.order_by("pk").values_list("pk", flat=True)[: PrintBatch.LIMIT])
        if not chosen:
            raise Refused(_("No ordered card waits for %(place)s.") % {"place": place.name})
        batch = _create(BatchKind.NORMAL, place, actor, at)
        Card.objects.filter(pk__in=chosen).update(batch=batch)
        journal.record("print_batch.prepare", batch, actor=actor, cards=len(chosen))
    return batch


def prepare_emergency(*, household, in_care, hospital, hospital_letter, actor, at):
    """A batch of one: the card of a family of whom somebody is in emergency or inpatient care now. Returns it.

    ``in_care`` is that fact, known to the floor of the hospitals; ``hospital_letter`` the number of the letter in which
    ``hospital`` asks for the card. Printed at the city's office, approved by another person like any other, and allowed
    under EMERGENCY_ONLY.
    """
    _require_keeper(actor)
    require_printing(BatchKind.EMERGENCY, on=timezone.localdate(at))
    if not in_care:
        raise Refused(_("Nobody of this family is in emergency or inpatient care now. Order an ordinary card."))
    if not hospital_letter.strip():
        raise Refused(_("Write the number of the letter in which the hospital asks for the card."))
    with transaction.atomic():
        card = household.cards.select_for_update(no_key=True).filter(state__in=LIVE_CARDS).first()
        if card is None:
            member = Enrolment.objects.filter(household=household, state=EnrolmentState.ACTIVE).first()
            if member is None:
                raise Refused(_("Only a family with an active membership gets a card."))
            card = cards.order(enrolment=member, actor=actor, at=at)
        elif card.state != CardState.ORDERED:
            raise Refused(
                _("This family's card %(number)s is on its way already (%(state)s).")
                % {"number": card.number, "state": card.get_state_display()}
            )
        office = Region.objects.get(level=RegionLevel.CITY)
        asked = {"hospital": hospital, "hospital_letter": hospital_letter.strip()}
        batch = _create(BatchKind.EMERGENCY, office, actor, at, **asked)
        Card.objects.filter(pk=card.pk).update(batch=batch)
        journal.record("print_batch.prepare_emergency", batch, actor=actor, card=card.pk)
    return batch


def approve(*, batch, actor, at):
    """A second person allows the printing: blanks are reserved, the print file is drawn in the background.

    Cards the approver ordered are left for the next batch. Returns the fresh batch.
    """
    require_printing(batch.kind, on=timezone.localdate(at))
    with transaction.atomic(), refusing(_two_people(), error=NotAllowed):
        _lock(batch)
        PRINT_BATCH.check(batch, "approve", actor=actor)
        batch.cards.exclude(state=CardState.ORDERED).update(batch=None)
        batch.cards.filter(created_by=actor).update(batch=None)
        size = batch.cards.count()
        if not size:
            raise Refused(_("No card of this batch can be approved by you: you ordered them, or they are revoked."))
        fresh = PRINT_BATCH.apply(batch, "approve", actor=actor, at=at, update={"size": size})
        blanks.reserve(batch=fresh, quantity=size, actor=actor, at=at)
        CARD.apply_many(fresh.cards, "approve", actor=actor, at=at, update={"issued_on": timezone.localdate(at)})
        outbox.emit(DRAW, fresh)
    return fresh


def draw(batch):
    """Write the batch's sheets into its print file. Harmless to repeat; what the cards say is what the registry says now."""
    drawn = batch.cards.filter(state=CardState.APPROVED)
    path = file_of(batch)
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    draft = path.with_suffix(".draft")
    with transaction.atomic():
        with draft.open("wb") as file:
            draft.chmod(0o600)
            write_sheets(_in_order(drawn, batch), file, label=f"{batch.number} · {batch.place.name}")
        drawn.exclude(reprint="").update(**cards.NO_REPRINT)
        PrintBatch.objects.filter(pk=batch.pk).update(file=path.name)
        draft.replace(path)
    _count_of(batch).unlink(missing_ok=True)


def drawn_percent(batch):
    """How much of the print file that is being drawn is done, in percent; None before it began and when it is there.

    The drawing is one transaction: what it counts lies beside the file, where others can see it.
    """
    try:
        return 100 * int(_count_of(batch).read_text()) // max(1, batch.size)
    except (FileNotFoundError, ValueError):
        return None


def _count_of(batch):
    return file_of(batch).with_suffix(".count")


def send(*, batch, actor, at):
    """The print file goes to the printer."""
    require_printing(batch.kind, on=timezone.localdate(at))
    return PRINT_BATCH.apply(batch, "send", actor=actor, at=at)


def mark_printed(*, batch, serial_first, serial_last, spoilt, reason, actor, at):
    """The cards came out: book the blanks by their serial numbers, spoilt ones with the ``reason``. Returns the batch."""
    with transaction.atomic():
        fresh = PRINT_BATCH.apply(batch, "mark_printed", actor=actor, at=at)
        printed = CARD.apply_many(fresh.cards, "mark_printed", actor=actor, at=at)
        serials = {"serial_first": serial_first, "serial_last": serial_last}
        blanks.use(batch=fresh, printed=printed, spoilt=spoilt, reason=reason, actor=actor, at=at, **serials)
    return fresh


def deliver(*, batch, actor, at):
    """The service point has the cards: families may collect them."""
    with transaction.atomic():
        fresh = PRINT_BATCH.apply(batch, "deliver", actor=actor, at=at)
        CARD.apply_many(fresh.cards, "make_ready", actor=actor, at=at)
    return fresh


def close(*, batch, actor, at):
    """Every card is collected or blocked: the batch is over, and its file with the names in it goes."""
    with transaction.atomic():
        fresh = PRINT_BATCH.apply(batch, "close", actor=actor, at=at, update={"file": ""})
        transaction.on_commit(lambda: _remove(fresh))
    return fresh


def cancel(*, batch, actor, at):
    """Nothing is printed after all: the cards are ordered as before, the blanks are free again."""
    with transaction.atomic():
        fresh = PRINT_BATCH.apply(batch, "cancel", actor=actor, at=at, update={"file": ""})
        if fresh.approved_at:
            blanks.release(batch=fresh, actor=actor, at=at)
            unapproved = {"approved_at": None, "approved_by": None, "issued_on": None}
            CARD.apply_many(fresh.cards, "take_back", actor=actor, at=at, update=unapproved)
        fresh.cards.filter(state=CardState.ORDERED).update(batch=None)
        transaction.on_commit(lambda: _remove(fresh))
    return fresh


def file_of(batch):
    """Where the print file of ``batch`` is kept: personal data, read by the service's account alone."""
    return Path(settings.MEDIA_ROOT) / FOLDER / f"{batch.public_id}.pdf"


def read_file(batch):
    """The print file, some MB. Raises Refused before it is drawn, and after the batch was closed."""
    try:
        if batch.file:
            return file_of(batch).read_bytes()
    except FileNotFoundError:
        pass
    raise Refused(
        _("There is no print file of this batch: it is not drawn yet, or it was removed when the batch closed.")
    )


def policy_on(day):
    """The PrintPolicy in force on ``day``; nothing is printed where there is no programme."""
    scheme = scheme_on(day)
    return PrintPolicy(scheme.parameters.print_policy) if scheme else PrintPolicy.CLOSED


def require_printing(kind, *, on):
    """Raise Refused when the programme does not print batches of that kind on that day."""
    policy = policy_on(on)
    if policy == PrintPolicy.CLOSED:
        raise Refused(
            _("The programme prints no cards at present. KTP and KK are enough for treatment."), code="policy"
        )
    if policy == PrintPolicy.EMERGENCY_ONLY and kind != BatchKind.EMERGENCY:
        raise Refused(_("The programme prints emergency cards only at present."), code="policy")


def _waiting_at(place):
    waiting = Card.objects.filter(state=CardState.ORDERED, batch__isnull=True)
    if place.level == RegionLevel.CITY:
        return waiting.filter(household__kelurahan__isnull=True)
    return waiting.filter(household__kelurahan__parent=place)


def _in_order(drawn, batch):
    """The cards as the printer needs them, by kelurahan and number, read a few hundred at a time and counted as they go."""
    numbers = list(drawn.order_by("household__kelurahan_id", "pk").values_list("pk", flat=True))
    for start in range(0, len(numbers), READ_AT_ONCE):
        _count_of(batch).write_text(str(start))
        some = Card.objects.filter(pk__in=numbers[start : start + READ_AT_ONCE])
        yield from cards_to_print(some.order_by("household__kelurahan_id", "pk"))


def _create(kind, place, actor, at, **asked):
    on = timezone.localdate(at)
    number = f"{next_number('CTK', 'KOTA', on.year):04d}/CTK/{roman_month(on.month)}/{on.year}"
    return PrintBatch.objects.create(number=number, kind=kind, place=place, created_by=actor, **asked)


def _lock(batch):
    PrintBatch.objects.select_for_update(no_key=True).get(pk=batch.pk)


def _remove(batch):
    for path in (file_of(batch), _count_of(batch)):
        path.unlink(missing_ok=True)


def _require_keeper(actor):
    if not may(actor, KEEPERS):
        raise NotAllowed(_("Your role does not include this step."))


def _two_people():
    return {"print_batch_created_by_is_not_approved_by": own_batch_sentence()}
