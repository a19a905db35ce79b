from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Channel(models.TextChoices):
    """Ways out of the house."""

    EMAIL = "EMAIL", _("e-mail")
    SMS = "SMS", "SMS"
    WHATSAPP = "WHATSAPP", "WhatsApp"


class DeliveryState(models.TextChoices):
    QUEUED = "QUEUED", _("waiting to be sent")
    SENDING = "SENDING", _("being sent")
    SENT = "SENT", _("sent")
    FAILED = "FAILED", _("not sent, tried again")
    GIVEN_UP = "GIVEN_UP", _("given up")

    SENTIMENT = nonmember({"QUEUED": "info", "SENDING": "info", "SENT": "ok", "FAILED": "warn", "GIVEN_UP": "bad"})
