"""Applications and cards on their way, made by the real services."""

import datetime

from django.utils import timezone

from facilities.enums import Role
from ksb.core.scheme import Parameters
from participants import cards, enrolment, field_checks, schemes
from participants.models import Card
from participants.special import covers, events
from tests.factories import KELURAHAN, NOW, TODAY, fresh_sources, make_family, make_user

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


def make_card(household=None, *, state="ORDERED", at=NOW):
    """The card of a new member, moved on to ``state`` on the ordinary way."""
    card = make_member(household, at=at).cards.get()
    officer = keeper()
    this = Card.objects.filter(pk=card.pk)
    steps = {
        "APPROVED": lambda: cards.approve(cards=this, actor=officer, at=at),
        "PRINTED": lambda: cards.mark_printed(cards=this, actor=officer, at=at),
        "READY": lambda: cards.make_ready(cards=this, actor=officer, at=at),
        "ACTIVE": lambda: cards.hand_over(card=this.get(), receiver=card.household.head, actor=officer, at=at),
    }
    if state != "ORDERED":
        for name, step in steps.items():
            step()
            if name == state:
                break
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
