from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class LeakageCause(models.TextChoices):
    """Whether a list we held named the person when the letter was issued."""

    KNOWN = "KNOWN", _("known at issue")
    UNKNOWN = "UNKNOWN", _("unknown at issue")


class AuditSubject(models.TextChoices):
    CLAIMS = "CLAIMS", _("claims")
    PAYMENTS = "PAYMENTS", _("payments")


class AuditFindingState(models.TextChoices):
    OPEN = "OPEN", _("open")
    REPLIED = "REPLIED", _("replied")
    CLOSED = "CLOSED", _("closed")

    SENTIMENT = nonmember({"OPEN": "bad", "REPLIED": "warn", "CLOSED": "ok"})
