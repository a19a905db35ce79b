from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "participants"
    verbose_name = _("Participants")

    def ready(self):
        from participants import notices, outbox  # noqa: F401  register the handlers
