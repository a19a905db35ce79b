from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerKind(models.TextChoices):
    ALLOCATE = "ALLOCATE", _("allocation")
    REVISE = "REVISE", _("revision")
    RESERVE = "RESERVE", _("reservation")
    RELEASE = "RELEASE", _("release of a reservation")
    COMMIT = "COMMIT", _("commitment")
    UNCOMMIT = "UNCOMMIT", _("commitment taken back")
    REALISE = "REALISE", _("realisation")


class PaymentState(models.TextChoices):
    PROPOSED = "PROPOSED", _("proposed")
    SPP_ISSUED = "SPP_ISSUED", _("SPP issued")
    SPM_ISSUED = "SPM_ISSUED", _("SPM issued")
    SP2D_ISSUED = "SP2D_ISSUED", _("SP2D issued")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember(
        {
            "PROPOSED": "info",
            "SPP_ISSUED": "info",
            "SPM_ISSUED": "info",
            "SP2D_ISSUED": "ok",
            "REFUSED": "bad",
        }
    )
