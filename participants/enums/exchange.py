"""Runs of files, questions on line, tickets to Disdukcapil, overrides meanwhile."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class EventKind(models.TextChoices):
    """What a difference between two registry snapshots means."""

    BIRTH = "BIRTH", _("birth")
    DEATH = "DEATH", _("death")
    MOVE_IN = "MOVE_IN", _("moved in")
    MOVE_OUT = "MOVE_OUT", _("moved out")
    MOVE_INTERNAL = "MOVE_INTERNAL", _("moved within the city")
    KK_SPLIT = "KK_SPLIT", _("family split")
    KK_MERGE = "KK_MERGE", _("families merged")
    HEAD_CHANGE = "HEAD_CHANGE", _("new head of family")
    CORRECTION = "CORRECTION", _("correction")
    NIK_CHANGE = "NIK_CHANGE", _("NIK changed")
    EKTP_RECORDED = "EKTP_RECORDED", _("KTP-el recorded")
    DEACTIVATED = "DEACTIVATED", _("NIK deactivated")
    GONE = "GONE", _("missing from the snapshot")


class SyncKind(models.TextChoices):
    REGISTRY = "REGISTRY", _("population registry")
    JKN = "JKN", _("JKN and PBI lists")


class SyncState(models.TextChoices):
    FETCHED = "FETCHED", _("received")
    STAGED = "STAGED", _("staged")
    WAITING_APPROVAL = "WAITING_APPROVAL", _("waiting for approval")
    APPLIED = "APPLIED", _("applied")
    FAILED = "FAILED", _("failed")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember(
        {
            "FETCHED": "info",
            "STAGED": "info",
            "WAITING_APPROVAL": "warn",
            "APPLIED": "ok",
            "FAILED": "bad",
            "REFUSED": "bad",
        }
    )


class SyncStage(models.TextChoices):
    """What a run is doing just now."""

    READING = "READING", _("reading lines")
    COMPARING = "COMPARING", _("comparing")
    APPLYING = "APPLYING", _("applying")


class OnlineService(models.TextChoices):
    DUKCAPIL = "DUKCAPIL", _("population registry (Dukcapil)")
    JKN = "JKN", _("JKN membership (BPJS Kesehatan)")


class OnlineQuestion(models.TextChoices):
    PERSON = "PERSON", _("a person by NIK")
    FAMILY = "FAMILY", _("a family by the NIK of a member")
    ELEMENTS = "ELEMENTS", _("whether our data agree")
    MEMBERSHIP = "MEMBERSHIP", _("JKN membership on a day")


class OnlineOutcome(models.TextChoices):
    """The small set to which every answer of another office's server is brought, errors of all kinds included."""

    FOUND = "FOUND", _("found")
    NOT_FOUND = "NOT_FOUND", _("not found")
    DECEASED = "DECEASED", _("deceased")
    DOUBLE = "DOUBLE", _("double record")
    INACTIVE = "INACTIVE", _("inactive")
    BAD_NUMBER = "BAD_NUMBER", _("not a valid number")
    UNCLEAR = "UNCLEAR", _("answer not understood")
    DENIED = "DENIED", _("access refused")
    QUOTA = "QUOTA", _("quota used up")
    UNREACHABLE = "UNREACHABLE", _("no answer")

    SENTIMENT = nonmember(
        {
            "FOUND": "ok",
            "NOT_FOUND": "warn",
            "DECEASED": "bad",
            "DOUBLE": "bad",
            "INACTIVE": "warn",
            "BAD_NUMBER": "warn",
            "UNCLEAR": "mute",
            "DENIED": "mute",
            "QUOTA": "mute",
            "UNREACHABLE": "mute",
        }
    )


class TicketKind(models.TextChoices):
    """What is wrong in the registry; the columns behind it are in ``tickets.WATCHED``."""

    NOT_IN_REGISTRY = "NOT_IN_REGISTRY", _("person missing from the registry")
    NIK = "NIK", _("double, inactive or wrong NIK")
    LIFE = "LIFE", _("recorded as deceased or gone, or death not recorded")
    NAME = "NAME", _("name")
    BIRTH = "BIRTH", _("date or place of birth")
    SEX = "SEX", _("sex")
    FAMILY = "FAMILY", _("members or head of the family card")
    ADDRESS = "ADDRESS", _("address or city")
    EKTP = "EKTP", _("KTP-el recording")
    FILE_LINE = "FILE_LINE", _("line of an exchange file")


class TicketState(models.TextChoices):
    OPEN = "OPEN", _("open")
    SENT = "SENT", _("sent to Disdukcapil")
    ANSWERED = "ANSWERED", _("answered")
    CLOSED = "CLOSED", _("closed")

    SENTIMENT = nonmember({"OPEN": "warn", "SENT": "info", "ANSWERED": "info", "CLOSED": "mute"})


class TicketOutcome(models.TextChoices):
    """Why a ticket was closed."""

    CORRECTED = "CORRECTED", _("the registry was corrected")
    CONFIRMED = "CONFIRMED", _("the registry is right")
    WITHDRAWN = "WITHDRAWN", _("no longer needed")


class OverrideState(models.TextChoices):
    PROPOSED = "PROPOSED", _("waiting for approval")
    ACTIVE = "ACTIVE", _("in force")
    REFUSED = "REFUSED", _("refused")
    REVOKED = "REVOKED", _("revoked")
    EXPIRED = "EXPIRED", _("expired")

    SENTIMENT = nonmember({"PROPOSED": "warn", "ACTIVE": "ok", "REFUSED": "bad", "REVOKED": "bad", "EXPIRED": "mute"})
