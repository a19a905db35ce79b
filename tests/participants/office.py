"""Tickets and overrides for tests, made by the real services."""

import datetime

from facilities.enums import Role
from participants import overrides, tickets
from participants.models import OnlineCheck
from tests.factories import NOW, TODAY, make_user


def make_ticket(
    resident=None, *, kind="LIFE", text="Warga hidup, data menyebut meninggal.", actor=None, at=NOW, **about
):
    actor = actor or make_user(Role.REGISTRY_OPERATOR)
    return tickets.open_ticket(resident=resident, kind=kind, text=text, actor=actor, at=at, **about)


def make_check(actor, *, nik, outcome="NOT_FOUND", at=NOW, **values):
    """A question to Dukcapil that was answered."""
    first = {"service": "DUKCAPIL", "question": "PERSON", "purpose": "UNKNOWN", "about": TODAY, "attempts": 1}
    return OnlineCheck.objects.create(**first | {"actor": actor, "nik": nik, "outcome": outcome, "at": at} | values)


def propose(resident, *rules, days=14, ticket=None, actor=None, at=NOW):
    return overrides.propose(
        ticket=ticket or make_ticket(resident, at=at),
        rules=rules,
        reason="Data sedang diperbaiki Disdukcapil",
        evidence="Surat keterangan Disdukcapil 470/12",
        valid_until=TODAY + datetime.timedelta(days=days),
        actor=actor or make_user(Role.DINKES_MEMBERSHIP),
        at=at,
    )


def lift(resident, *rules, days=14, at=NOW):
    """An override in force from today."""
    return overrides.approve(
        override=propose(resident, *rules, days=days, at=at), actor=make_user(Role.DINKES_SERVICES), at=at
    )
