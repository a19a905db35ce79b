from django.apps import AppConfig
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ParticipantsConfig(AppConfig):
    name = "participants"
    label = "participants"
    verbose_name = _("Participants")

    def ready(self):
        from participants import notices, outbox  # noqa: F401  register the handlers
        from participants.dukcapil.first_load import make_functions

        post_migrate.connect(make_functions, sender=self)
