"""Cards, their printing and their blanks."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class CardState(models.TextChoices):
    ORDERED = "ORDERED", _("ordered")
    APPROVED = "APPROVED", _("approved for printing")
    PRINTED = "PRINTED", _("printed")
    READY = "READY", _("ready to collect")
    ACTIVE = "ACTIVE", _("handed over")
    LOST = "LOST", _("lost")
    DAMAGED = "DAMAGED", _("damaged")
    REPLACED = "REPLACED", _("replaced")
    REVOKED = "REVOKED", _("revoked")

    SENTIMENT = nonmember({"ACTIVE": "ok", "LOST": "bad", "DAMAGED": "bad", "REVOKED": "bad", "REPLACED": "mute"})


class PrintPolicy(models.TextChoices):
    """What the programme prints at present: a parameter of the scheme version."""

    NORMAL = "NORMAL", _("every ordered card")
    EMERGENCY_ONLY = "EMERGENCY_ONLY", _("emergency cards only")
    CLOSED = "CLOSED", _("no cards")


class BatchKind(models.TextChoices):
    NORMAL = "NORMAL", _("ordinary")
    EMERGENCY = "EMERGENCY", _("emergency")


class PrintState(models.TextChoices):
    PREPARED = "PREPARED", _("prepared")
    APPROVED = "APPROVED", _("approved for printing")
    AT_PRINTER = "AT_PRINTER", _("at the printer")
    PRINTED = "PRINTED", _("printed")
    DELIVERED = "DELIVERED", _("at the service point")
    CLOSED = "CLOSED", _("closed")
    CANCELLED = "CANCELLED", _("cancelled")

    SENTIMENT = nonmember({"PREPARED": "warn", "DELIVERED": "ok", "CLOSED": "mute", "CANCELLED": "mute"})


class BlankMove(models.TextChoices):
    """What happened to blank cards."""

    RECEIVED = "RECEIVED", _("received")
    RESERVED = "RESERVED", _("reserved for a batch")
    RELEASED = "RELEASED", _("released by a batch")
    USED = "USED", _("printed")
    SPOILT = "SPOILT", _("spoilt")
    COUNTED = "COUNTED", _("difference counted")


class ReprintReason(models.TextChoices):
    """What the registry changed of the words on a card in a family's hands."""

    KK_NUMBER = "KK_NUMBER", _("new KK number")
    HEAD = "HEAD", _("new head of family")
    NAME = "NAME", _("name corrected")
    MEMBERS = "MEMBERS", _("members have changed")
    AREA = "AREA", _("moved within the city")
