from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReferralsConfig(AppConfig):
    name = "referrals"
    label = "referrals"
    verbose_name = _("Referrals")

    def ready(self):
        from referrals import (  # noqa: F401  register the handlers
            newborns,
            newcomers,
            notices,
            officer_notices,
            outbox,
            registered,
        )
