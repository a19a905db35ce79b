from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    label = "claims"
    verbose_name = _("Claims")

    def ready(self):
        from claims import notices, outbox  # noqa: F401  register the handlers
