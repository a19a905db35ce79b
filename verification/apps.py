from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VerificationConfig(AppConfig):
    name = "verification"
    label = "verification"
    verbose_name = _("Verification")

    def ready(self):
        from verification import notices  # noqa: F401  registers the handlers
