"""Letters and episodes for Dinkes to read. What happens to them happens on the desks' pages."""

from django.contrib import admin

from facilities.enums import Role
from ksb.core.admin import KsbModelAdmin
from referrals.models import AmbulanceTariff, Episode, Escalation, Referral, Sjp
from referrals.models.examination import EXAMINED

READERS = (Role.DINKES_SERVICES, Role.AUDITOR)


class LetterAdmin(KsbModelAdmin):
    """A diagnosis is read by Dinkes services, who judge letters; an auditor's health-record level is set by assignment."""

    clinical = ("diagnosis",)

    def get_exclude(self, request, obj=None):
        hidden = super().get_exclude(request, obj) or ()
        return hidden if request.user.has_role(Role.DINKES_SERVICES) else (*hidden, *self.clinical)


@admin.register(Sjp)
class SjpAdmin(LetterAdmin):
    view_roles = READERS
    list_display = ("number", "state", "service", "puskesmas", "hospital", "valid_from", "valid_until")
    list_select_related = ("puskesmas", "hospital")
    list_filter = ("state", "service")
    search_fields = ("=number",)
    ordering = ("-id",)
    sortable_by = ()
    exclude = ("token", "letter", "decision")


@admin.register(Referral)
class ReferralAdmin(LetterAdmin):
    view_roles = READERS
    list_display = ("number", "state", "specialty", "puskesmas", "hospital", "valid_until")
    list_select_related = ("puskesmas", "hospital", "specialty")
    list_filter = ("state", "service", "reason")
    search_fields = ("=number",)
    ordering = ("-id",)
    sortable_by = ()
    exclude = ("token", "letter", "complaint", "findings", "therapy", *EXAMINED)


@admin.register(AmbulanceTariff)
class AmbulanceTariffAdmin(KsbModelAdmin):
    view_roles = READERS
    change_roles = (Role.DINKES_SERVICES,)
    money = ("per_trip", "per_km")
    list_display = ("emergency", "per_trip", "included_km", "per_km", "valid", "source")
    ordering = ("emergency", "pk")


@admin.register(Episode)
class EpisodeAdmin(LetterAdmin):
    view_roles = READERS
    clinical = ("medical_record", "condition", "death_time", "next_step", "follow_up")
    list_display = ("sjp", "state", "service", "hospital", "admitted_at", "discharged_at")
    list_select_related = ("sjp", "hospital")
    list_filter = ("state", "service")
    search_fields = ("=sjp__number",)
    ordering = ("-id",)
    sortable_by = ()
    exclude = ("decision",)


@admin.register(Escalation)
class EscalationAdmin(LetterAdmin):
    view_roles = READERS
    list_display = ("opened_at", "state", "cause", "puskesmas", "hospital", "unmet_reason")
    list_select_related = ("puskesmas", "hospital")
    list_filter = ("state", "cause", "unmet_reason")
    ordering = ("-id",)
    sortable_by = ()
    exclude = ("complaint", "findings")
