from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class BudgetConfig(AppConfig):
    name = "budget"
    label = "budget"
    verbose_name = _("Budget")

    def ready(self):
        from budget import notices, outbox  # noqa: F401  register the handlers
