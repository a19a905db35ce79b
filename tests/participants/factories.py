"""Applications and cards on their way, made by the real services."""

import datetime

from django.db.models import Max
from django.utils import timezone

from facilities.enums import Role
from ksb.core.scheme import Parameters
from participants import blanks, cards, enrolment, field_checks, printing, schemes, self_service
from participants.enums import DocumentKind
from participants.models import BlankMovement, Card
from participants.special import covers, events
from tests.factories import KELURAHAN, NOW, TODAY, fresh_sources, make_family, make_user
from tests.support.scans import photo, upload

DOCUMENTS = {"kk": True, "ktp": True, "identity": True, "adults": False, "consent": True}


def clerk():
    return make_user(Role.REGISTRATION_CLERK)


def verifier():
    return make_user(Role.MEMBERSHIP_VERIFIER)


def keeper():
    return make_user(Role.DINKES_MEMBERSHIP)


def make_application(household=None, *, actor=None, at=NOW):
    """An application that waits for a decision (CHECKING), with fresh sources."""
    fresh_sources()
    return enrolment.register(
        household=household or make_family(), documents=DOCUMENTS, phone="081234567890", actor=actor or clerk(), at=at
    )


def make_draft(household=None, *, device="", phone="081234567890", at=NOW, **values):
    """What a family has begun on line and not handed in."""
    fresh_sources(on=timezone.localdate(at), at=at)
    return self_service.begin(
        household=household or make_family(), phone=phone, email="", device=device, at=at, **values
    )


def make_online_application(household=None, *, at=NOW, **values):
    """The same, handed in with two photos."""
    draft = make_draft(household, at=at, **values)
    for kind in (DocumentKind.KK, DocumentKind.KTP):
        self_service.attach(enrolment=draft, kind=kind, file=upload(photo(size=(640, 500 + draft.pk % 1000))), at=at)
    return self_service.hand_in(application=draft, at=at)


def make_rejected(household=None, *, by=None, at=NOW):
    """A family that was turned away."""
    return enrolment.reject(
        enrolment=make_application(household, at=at),
        reason_code="NOT_LIVING_HERE",
        reason="Tidak ditemukan di alamat.",
        actor=by or verifier(),
        at=at,
    )


def make_compared(household=None, *, actor=None, at=NOW, by=None):
    """An application whose documents a verifier has compared: it waits for approval."""
    application = make_application(household, actor=actor, at=at)
    return enrolment.compare(enrolment=application, findings={}, actor=by or verifier(), at=at)


def visit(application, *, actor=None, lives_here=True, at=NOW):
    """A field check that somebody was asked for, done."""
    return field_checks.record(
        enrolment=application,
        answers={"found": "yes", "met": "yes", "identity": "yes", "neighbours": "no", "belongings": "unknown"},
        lives_here=lives_here,
        note="Bertemu istri kepala keluarga.",
        visited_on=timezone.localdate(at),
        actor=actor or make_user(Role.REGISTRY_OPERATOR),
        at=at,
    )


def make_member(household=None, *, at=NOW):
    """A membership approved today; its card is ordered."""
    return enrolment.approve(enrolment=make_compared(household, at=at), actor=keeper(), at=at)


def make_blanks(place, quantity=100):
    """Blank cards at a service point, with serial numbers nobody has."""
    first = BlankMovement.objects.aggregate(last=Max("serial_last"))["last"] or 0
    return blanks.receive(place=place, serial_first=first + 1, serial_last=first + quantity, actor=keeper(), at=NOW)


def next_serials(quantity):
    """So many serial numbers no batch has used."""
    used = BlankMovement.objects.filter(kind="USED").aggregate(last=Max("serial_last"))["last"] or 0
    return {"serial_first": used + 1, "serial_last": used + quantity}


def make_batch(card, *, state="PREPARED", at=NOW):
    """The print batch of a family's ordered card, moved on to ``state`` on the ordinary way by two officers."""
    operator, place = keeper(), card.household.kelurahan.parent
    batch = printing.prepare(place=place, actor=operator, at=at)
    batch.cards.exclude(pk=card.pk).update(batch=None)  # a test's other cards stay where they are
    if state == "PREPARED":
        return batch
    make_blanks(place, batch.cards.count())
    batch = printing.approve(batch=batch, actor=keeper(), at=at)
    printing.draw(batch)
    steps = {
        "APPROVED": lambda: batch,
        "AT_PRINTER": lambda: printing.send(batch=batch, actor=operator, at=at),
        "PRINTED": lambda: printing.mark_printed(
            batch=batch, **next_serials(batch.size), spoilt=0, reason="", actor=operator, at=at
        ),
        "DELIVERED": lambda: printing.deliver(batch=batch, actor=clerk(), at=at),
    }
    for name, step in steps.items():
        step()
        if name == state:
            break
    batch.refresh_from_db()
    return batch


BATCH_STATES = {"APPROVED": "APPROVED", "PRINTED": "PRINTED", "READY": "DELIVERED", "ACTIVE": "DELIVERED"}


def make_card(household=None, *, state="ORDERED", at=NOW):
    """The card of a new member, moved on to ``state`` on the ordinary way."""
    card = make_member(household, at=at).cards.get()
    this = Card.objects.filter(pk=card.pk)
    if state != "ORDERED":
        make_batch(card, state=BATCH_STATES[state], at=at)
    if state == "ACTIVE":
        cards.hand_over(card=this.get(), receiver=card.household.head, actor=keeper(), at=at)
    return this.select_related("household", "enrolment").get()


def dinsos():
    return make_user(Role.REGISTRY_OPERATOR)


LETTER = {"letter_number": "460/12/DINSOS", "letter_on": TODAY, "letter_text": "Mohon dijamin."}


def make_special_cover(*, resident=None, group=None, since=TODAY, days=90, state="PROPOSED"):
    """A person on the register of Dinsos; without ``resident`` one who has no NIK."""
    special = covers.propose(
        group=group or ("ODGJ" if resident else "NO_NIK"),
        nik=resident.nik if resident else "",
        name="TANPA NAMA",
        sex=1,
        birth_date=datetime.date(1970, 7, 1),
        letter=LETTER,
        valid_from=since,
        valid_until=since + datetime.timedelta(days=days),
        actor=dinsos(),
        at=NOW,
    )
    return covers.approve(special=special, actor=keeper(), at=NOW) if state == "APPROVED" else special


def make_special_event(*, state="PROPOSED", **values):
    """An outbreak in one kelurahan, paid by the city, open until it is ended."""
    told = {
        **{"sort": "OUTBREAK", "name": "KLB DBD", "decree": "440/1/2026", "decree_on": TODAY, "funding": "BTT"},
        **{"area": [KELURAHAN], "whole_area": False, "valid_from": TODAY, "valid_until": None},
        **values,
    }
    event = events.propose(actor=keeper(), **told)
    return events.approve(event=event, actor=keeper(), at=NOW) if state == "APPROVED" else event


def propose_scheme(*, code="P7", starts=TODAY, actor=None, at=NOW, **parameters):
    """New rules from ``starts`` on, by default those of today."""
    return schemes.propose(
        code=code,
        name_id="Aturan baru",
        name_en="New rules",
        starts=starts,
        legal_source="SE Wali Kota 440/1/DINKES",
        parameters=Parameters(**parameters),
        actor=actor or make_user(Role.DINKES_SERVICES),
        at=at,
    )
