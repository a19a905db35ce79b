"""Appointments and ties of verifiers in the administration."""

from django.contrib import admin

from facilities.enums import Role
from ksb.core.admin import KsbModelAdmin
from verification.models import Appointment, Assignment, Bahv, Conflict, Review

OVERSIGHT = (Role.VERIFIER_COORDINATOR, Role.AUDITOR)


@admin.register(Appointment)
class AppointmentAdmin(KsbModelAdmin):
    view_roles = (Role.AUDITOR, Role.DINKES_CLAIMS)
    change_roles = (Role.VERIFIER_COORDINATOR,)
    list_display = ("verifier", "kind", "decree", "valid")
    list_select_related = ("verifier",)
    ordering = ("verifier__username", "pk")


@admin.register(Conflict)
class ConflictAdmin(KsbModelAdmin):
    view_roles = (Role.AUDITOR,)
    change_roles = (Role.VERIFIER_COORDINATOR,)
    list_display = ("verifier", "hospital", "reason", "recorded_at", "ended_at")
    list_select_related = ("verifier", "hospital")
    ordering = ("verifier__username", "pk")
    autocomplete_fields = ("hospital",)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.recorded_by = request.user
        super().save_model(request, obj, form, change)


@admin.register(Assignment)
class AssignmentAdmin(KsbModelAdmin):
    view_roles = OVERSIGHT
    list_display = ("batch", "stage", "verifier", "assigned_at", "ended_at")
    list_select_related = ("batch", "verifier")
    ordering = ("-id",)


@admin.register(Review)
class ReviewAdmin(KsbModelAdmin):
    view_roles = OVERSIGHT
    money = ("approved",)
    list_display = ("claim", "stage", "verifier", "outcome", "approved", "decided_at")
    list_filter = ("outcome", "stage")
    list_select_related = ("claim", "verifier")
    ordering = ("-id",)


@admin.register(Bahv)
class BahvAdmin(KsbModelAdmin):
    view_roles = OVERSIGHT
    money = ("total_approved",)
    list_display = ("number", "batch", "sequence", "state", "total_approved", "drawn_at", "approved_at")
    list_filter = ("state",)
    list_select_related = ("batch",)
    ordering = ("-id",)
