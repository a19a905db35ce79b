"""The network and its people in the administration."""

from django import forms
from django.contrib import admin
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from facilities.models import (
    BedClass,
    BedCount,
    Contract,
    Diagnosis,
    Facility,
    Holiday,
    Membership,
    Procedure,
    Region,
    Specialty,
    Tariff,
    User,
)
from facilities.rules import incompatible_roles
from ksb.core.admin import KsbModelAdmin

NETWORK = (Role.DINKES_SERVICES,)
READERS = (Role.DINKES_MEMBERSHIP, Role.DINKES_CLAIMS, Role.VERIFIER_COORDINATOR, Role.AUDITOR, Role.SYSTEM_ADMIN)
ACCOUNTS = (Role.SYSTEM_ADMIN,)


@admin.register(Facility)
class FacilityAdmin(KsbModelAdmin):
    """To read. Dinkes writes them under "Network", where every change keeps its old value, author and day."""

    view_roles = (*READERS, *NETWORK)
    list_display = ("code", "name", "kind", "hospital_class", "ownership", "kecamatan", "in_city", "active")
    list_filter = ("kind", "hospital_class", "ownership", "in_city", "active")
    list_select_related = ("kecamatan",)
    search_fields = ("=code", "name__istartswith")
    ordering = ("name",)


@admin.register(Contract)
class ContractAdmin(KsbModelAdmin):
    """To read, as above."""

    view_roles = (Role.DINKES_CLAIMS, Role.TREASURER, Role.BUDGET_USER, Role.BUD, Role.AUDITOR, *NETWORK)
    list_display = ("number", "facility", "valid", "signed_on")
    list_select_related = ("facility",)
    search_fields = ("=number", "facility__name__istartswith")
    ordering = ("facility__name", "pk")


@admin.register(Tariff)
class TariffAdmin(KsbModelAdmin):
    view_roles = (*READERS, *NETWORK)
    money = ("amount",)
    list_display = ("code", "description", "tariff_code", "care_type", "care_class", "amount", "valid")
    list_filter = ("tariff_code", "care_type", "care_class")
    search_fields = ("code__istartswith",)
    ordering = ("code", "tariff_code", "care_class", "pk")


@admin.register(BedCount)
class BedCountAdmin(KsbModelAdmin):
    view_roles = (*READERS, *NETWORK)
    list_display = ("facility", "ward", "capacity", "occupied", "held", "cleaning", "queue", "source", "reported_at")
    list_filter = ("ward", "source")
    list_select_related = ("facility",)
    ordering = ("facility__name", "ward")


@admin.register(BedClass)
class BedClassAdmin(KsbModelAdmin):
    """Which ward type a class of Aplicares or SIRANAP counts for."""

    view_roles = READERS
    change_roles = NETWORK
    list_display = ("vocabulary", "code", "name", "ward")
    list_filter = ("vocabulary", "ward")
    ordering = ("vocabulary", "code")


@admin.register(Diagnosis)
class DiagnosisAdmin(KsbModelAdmin):
    view_roles = (*READERS, *NETWORK)
    list_display = ("code", "title", "alias", "common_rank", "source")
    search_fields = ("code__istartswith", "alias__istartswith")
    ordering = ("code",)


@admin.register(Procedure)
class ProcedureAdmin(KsbModelAdmin):
    view_roles = (*READERS, *NETWORK)
    list_display = ("code", "title", "source")
    search_fields = ("code__startswith",)
    ordering = ("code",)


@admin.register(Region)
class RegionAdmin(KsbModelAdmin):
    view_roles = (*READERS, *NETWORK)
    list_display = ("code", "name", "level")
    labels = {"latitude": _("latitude"), "longitude": _("longitude")}
    list_filter = ("level",)
    ordering = ("code",)


@admin.register(Specialty)
class SpecialtyAdmin(KsbModelAdmin):
    view_roles = (*READERS, *NETWORK)
    list_display = ("code", "name_id", "name_en")
    labels = {"name_id": _("Indonesian name"), "name_en": _("English name")}
    ordering = ("code",)


@admin.register(Holiday)
class HolidayAdmin(KsbModelAdmin):
    view_roles = READERS
    change_roles = NETWORK
    list_display = ("day", "name")
    ordering = ("-day",)


@admin.register(User)
class UserAdmin(KsbModelAdmin):
    """Accounts: who exists and may log in. What they may do is a membership."""

    view_roles = (Role.AUDITOR,)
    change_roles = ACCOUNTS
    list_display = ("username", "first_name", "last_name", "nip", "is_active", "last_login")
    list_filter = ("is_active",)
    search_fields = ("username__istartswith", "first_name__istartswith", "=nip")
    ordering = ("username",)
    fields = ("username", "first_name", "last_name", "email", "nip", "position", "is_active", "is_staff")

    def save_model(self, request, obj, form, change):
        if not change:
            obj.set_unusable_password()
        super().save_model(request, obj, form, change)


class MembershipForm(forms.ModelForm):
    """Refuses roles that must not meet in one person (segregation of duties), and what anybody gives to themselves."""

    actor = None

    def clean(self):
        cleaned = super().clean()
        user, role = cleaned.get("user"), cleaned.get("role")
        if user and user == self.actor:
            raise ValidationError(_("Nobody may grant a role to themselves."))
        if user and role and cleaned.get("valid_from"):
            clash = incompatible_roles(user, role, on=cleaned["valid_from"], ignoring=self.instance.pk)
            if clash:
                labels = ", ".join(str(Role(code).label) for code in sorted(clash))
                raise ValidationError(_("This role does not go together with: %(roles)s.") % {"roles": labels})
        return cleaned


@admin.register(Membership)
class MembershipAdmin(KsbModelAdmin):
    view_roles = (Role.AUDITOR,)
    change_roles = ACCOUNTS
    form = MembershipForm
    list_display = ("user", "role", "facility", "valid_from", "valid_to", "decree")
    list_filter = ("role",)
    list_select_related = ("user", "facility")
    search_fields = ("user__username__istartswith",)
    ordering = ("user__username", "valid_from", "pk")
    autocomplete_fields = ("user", "facility")

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        form.actor = request.user
        return form

    def has_change_permission(self, request, obj=None):
        """The own memberships are another administrator's business."""
        return super().has_change_permission(request) and (obj is None or obj.user_id != request.user.pk)

    def save_model(self, request, obj, form, change):
        obj.granted_by = request.user  # whoever changes a membership answers for what it grants from now on
        super().save_model(request, obj, form, change)
