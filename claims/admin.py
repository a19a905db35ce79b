"""Batches and claims for Dinkes to read. What happens to them happens on the pages of hospitals, verifiers and finance."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from claims.models import Claim, ClaimBatch
from facilities.enums import Role
from ksb.core.admin import KsbModelAdmin

READERS = (Role.DINKES_CLAIMS, Role.DINKES_SERVICES, Role.VERIFIER_COORDINATOR, Role.AUDITOR)


@admin.register(ClaimBatch)
class ClaimBatchAdmin(KsbModelAdmin):
    view_roles = READERS
    money = ("claimed", "approved")
    list_display = ("number", "hospital", "service_month", "state", "rows", "refused", "claimed", "approved")
    list_select_related = ("hospital",)
    list_filter = ("state",)
    search_fields = ("=number",)
    ordering = ("-id",)
    sortable_by = ()
    labels = {"sha256": _("checksum of its files")}


@admin.register(Claim)
class ClaimAdmin(KsbModelAdmin):
    """Amounts, days and states. Who may read a diagnosis reads it on the claim's own page, and that is journalled."""

    view_roles = READERS
    money = ("claimed", "approved", "hospital_bill", "cost_sum", "tariff")
    list_display = ("reference", "batch", "line_number", "state", "admitted_on", "discharged_on", "claimed", "approved")
    list_select_related = ("batch",)
    list_filter = ("state", "care_type")
    search_fields = ("=batch__number",)
    ordering = ("-id",)
    sortable_by = ()
    exclude = (
        "row",
        "replaces",
        "card_number",
        "diagnoses",
        "procedures",
        "inacbg",
        "resident",
        "sjp",
        "medical_record",
    )
