from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Outcome(models.TextChoices):
    APPROVE = "APPROVE", _("approve")
    ADJUST = "ADJUST", _("approve in part")
    RETURN = "RETURN", _("return to the hospital")
    REJECT = "REJECT", _("reject")

    SENTIMENT = nonmember({"APPROVE": "ok", "ADJUST": "warn", "RETURN": "warn", "REJECT": "bad"})


class BahvState(models.TextChoices):
    DRAFT = "DRAFT", _("drawn up")
    SIGNED_HOSPITAL = "SIGNED_HOSPITAL", _("signed by the hospital")
    SIGNED_VERIFIER = "SIGNED_VERIFIER", _("signed by the verifier")
    APPROVED = "APPROVED", _("approved by Dinkes")

    SENTIMENT = nonmember({"DRAFT": "warn", "SIGNED_HOSPITAL": "info", "SIGNED_VERIFIER": "info", "APPROVED": "ok"})
