from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FacilitiesConfig(AppConfig):
    name = "facilities"
    label = "facilities"
    verbose_name = _("Facilities and users")

    def ready(self):
        from facilities import notices  # noqa: F401  registers a handler
