"""The year and its lines in the administration. Money moves only through the ledger."""

from django import forms
from django.contrib import admin
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budget.ledger import allocate
from budget.models import BudgetLine, FiscalYear, LedgerEntry, Payment
from budget.querysets import READERS
from facilities.enums import PAYMENT_ROLES, Role
from ksb.core.admin import KsbModelAdmin
from ksb.core.forms import RupiahField

KEEPERS = (Role.DINKES_CLAIMS,)


@admin.register(FiscalYear)
class FiscalYearAdmin(KsbModelAdmin):
    view_roles = READERS
    change_roles = KEEPERS
    list_display = ("year", "document", "closed_at")
    ordering = ("-year",)


class BudgetLineForm(forms.ModelForm):
    """A new line gets its amount as the first ledger entry; a change of the ceiling is a revision with its document."""

    amount = RupiahField(
        label=_("Allocate or add"), required=False, min_value=-(10**15), help_text=_("negative takes away")
    )
    document = forms.CharField(label=_("Document"), max_length=120, required=False, help_text=_("DPA or DPPA number"))

    class Meta:
        model = BudgetLine
        fields = ("year", "name", "sub_activity", "account", "funding_source", "for_public")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("amount") and not cleaned.get("document"):
            self.add_error("document", _("Name the document that changes the amount."))
        return cleaned


@admin.register(BudgetLine)
class BudgetLineAdmin(KsbModelAdmin):
    view_roles = READERS
    change_roles = KEEPERS
    form = BudgetLineForm
    money = ("ceiling", "reserved", "committed", "realised")
    list_display = ("year", "name", "account", "funding_source", "ceiling", "reserved", "committed", "realised")
    list_filter = ("year",)
    ordering = ("-year", "account", "pk")
    readonly_fields = ("ceiling", "reserved", "committed", "realised")

    def save_model(self, request, obj, form, change):
        super().save_model(request, obj, form, change)
        amount, document = form.cleaned_data.get("amount"), form.cleaned_data.get("document")
        if amount:
            key = f"document:{obj.pk}:{document}"[:80]
            allocate(obj, amount, actor=request.user, at=timezone.now(), note=document, key=key)
            obj.refresh_from_db()


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
    list_display = ("batch", "amount", "state", "proposed_at", "sp2d_number", "sp2d_date")
    list_filter = ("state",)
    list_select_related = ("batch",)
    ordering = ("-id",)
