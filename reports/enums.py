from django.db import models
from django.utils.translation import gettext_lazy as _


class LeakageCause(models.TextChoices):
    """Whether a list we held named the person when the letter was issued."""

    KNOWN = "KNOWN", _("known at issue")
    UNKNOWN = "UNKNOWN", _("unknown at issue")
