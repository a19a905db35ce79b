from django.apps import AppConfig
from django.db import connection
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class ClaimsConfig(AppConfig):
    name = "claims"
    label = "claims"
    verbose_name = _("Claims")

    def ready(self):
        from claims import notices, outbox  # noqa: F401  register the handlers

        post_migrate.connect(_load_lists, sender=self)


def _load_lists(**_kwargs):
    """Rules without their lists would be silent: a release brings the lists along with its tables."""
    from claims.models import ClinicalCode
    from claims.reference import load_clinical_lists

    if ClinicalCode._meta.db_table in connection.introspection.table_names():  # not while another app is migrated alone
        load_clinical_lists()
