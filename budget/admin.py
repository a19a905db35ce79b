"""The year, its lines and its ledger in the administration, to be read: documents on the budget's own pages move money."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from budget.models import BudgetLine, FiscalYear, LedgerEntry, Payment
from budget.querysets import READERS
from facilities.enums import PAYMENT_ROLES, Role
from ksb.core.admin import KsbModelAdmin


@admin.register(FiscalYear)
class FiscalYearAdmin(KsbModelAdmin):
    view_roles = READERS
    list_display = ("year", "document", "closed_at")
    ordering = ("-year",)


@admin.register(BudgetLine)
class BudgetLineAdmin(KsbModelAdmin):
    view_roles = READERS
    money = ("ceiling", "reserved", "committed", "realised", "owed")
    list_display = ("year", "name", "account", "funding_source", "ceiling", "reserved", "committed", "realised")
    list_filter = ("year",)
    ordering = ("-year", "account", "pk")
    readonly_fields = ("ceiling", "reserved", "committed", "realised")


@admin.register(LedgerEntry)
class LedgerEntryAdmin(KsbModelAdmin):
    view_roles = READERS
    money = ("amount",)
    list_display = ("id", "entered_at", "line", "kind", "amount", "note", "entered_by")
    labels = {"key": _("key against a repeat")}
    list_filter = ("kind",)
    list_select_related = ("line", "entered_by")
    ordering = ("-id",)


@admin.register(Payment)
class PaymentAdmin(KsbModelAdmin):
    view_roles = (*PAYMENT_ROLES, Role.AUDITOR)
    money = ("amount",)
    list_display = ("hospital", "amount", "state", "proposed_at", "sp2d_number", "sp2d_date")
    list_filter = ("state",)
    list_select_related = ("hospital",)
    ordering = ("-id",)
