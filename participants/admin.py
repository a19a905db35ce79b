"""The city's people, families, memberships and cards in the administration: to be found and read, never edited here."""

from django.contrib import admin
from django.contrib.admin import SimpleListFilter
from django.db.models import Q
from django.urls import reverse
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel, Role
from facilities.models import Region
from ksb.core import journal
from ksb.core.admin import KsbModelAdmin
from ksb.core.formats import identity
from participants.models import Card, Enrolment, Household, OnlineCheck, Resident

READERS = (Role.DINKES_MEMBERSHIP, Role.AUDITOR)
LAST_CHARACTER = "\U0010ffff"


class KelurahanFilter(SimpleListFilter):
    """A list of 56, read by an index that carries the sort order."""

    title = "kelurahan"
    parameter_name = "kelurahan"

    def lookups(self, request, model_admin):
        rows = Region.objects.filter(level=RegionLevel.KELURAHAN).select_related("parent").order_by("name", "code")
        return [(region.code, f"{region.name} ({region.parent.name})") for region in rows]

    def queryset(self, request, queryset):
        return queryset.filter(kelurahan=self.value()) if self.value() else queryset


class PersonalDataAdmin(KsbModelAdmin):
    """Read-only. Opening a row is on record. ``find`` turns a search term into a condition that an index serves."""

    view_roles = READERS
    sortable_by = ()
    search_fields = ("pk",)  # only so that the search box is shown; see get_search_results

    def find(self, term):
        raise NotImplementedError

    def get_search_results(self, request, queryset, search_term):
        term = "".join(search_term.split()) if any(c.isdigit() for c in search_term) else search_term.strip()
        return (queryset.filter(self.find(term)) if term else queryset), False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        response = super().change_view(request, object_id, form_url, extra_context)
        if response.status_code == 200:
            journal.record(f"{self.opts.model_name}.view", self.get_object(request, object_id), actor=request.user)
        return response


def _household_id(kk_number):
    """Looked up first: an OR of two columns is served by their indexes, an OR with a subquery by none."""
    return Household.objects.filter(kk_number=kk_number).values_list("pk", flat=True).first()


def family_link(household):
    address = reverse("participants:family", args=[household.public_id])
    return format_html('<a href="{}">{}</a>', address, _("Open the family's page"))


@admin.register(Resident)
class ResidentAdmin(PersonalDataAdmin):
    list_display = ("name", "nik_in_groups", "birth_date", "kelurahan", "status")
    list_select_related = ("kelurahan",)
    list_filter = (KelurahanFilter,)
    ordering = ("name", "id")
    search_help_text = _("The whole NIK or KK number, or how the name begins")
    fields = (
        *("name", "nik_in_groups", "sex", "birth_place", "birth_date", "relation", "marital_status"),
        *("family", "kelurahan", "city_code", "resident_since", "ektp_recorded", "status", "status_on"),
    )
    readonly_fields = ("nik_in_groups", "family")

    def find(self, term):
        if term.isdigit():
            return Q(nik=term) | Q(household=_household_id(term))
        return Q(name__gte=term.upper(), name__lt=term.upper() + LAST_CHARACTER)

    @admin.display(description="NIK")
    def nik_in_groups(self, resident):
        return identity(resident.nik)

    @admin.display(description="KK")
    def family(self, resident):
        return family_link(resident.household)


@admin.register(Household)
class HouseholdAdmin(PersonalDataAdmin):
    list_display = ("kk_in_groups", "head", "kelurahan", "dissolved_on")
    list_select_related = ("head", "kelurahan")
    list_filter = (KelurahanFilter,)
    ordering = ("id",)
    search_help_text = _("The whole KK number or the NIK of a member")
    fields = ("kk_in_groups", "head", "address", "rt", "rw", "kelurahan", "dissolved_on", "page")
    readonly_fields = ("kk_in_groups", "page")

    def find(self, term):
        member = Resident.objects.filter(nik=term).values_list("household", flat=True).first()
        return Q(kk_number=term) | Q(pk=member)

    @admin.display(description=_("KK number"))
    def kk_in_groups(self, household):
        return identity(household.kk_number)

    @admin.display(description=_("family"))
    def page(self, household):
        return family_link(household)


@admin.register(Enrolment)
class EnrolmentAdmin(PersonalDataAdmin):
    list_display = ("__str__", "number", "state", "channel", "registered_on", "ended_on")
    list_select_related = ("household",)
    list_filter = ("state",)
    ordering = ("-id",)
    search_help_text = _("The whole application number or KK number")
    fields = (
        *("number", "page", "state", "channel", "registered_on", "waiting_until", "ended_on", "reason_code", "reason"),
        *("created_at", "created_by", "submitted_at", "submitted_by", "verified_at", "verified_by"),
        *("approved_at", "approved_by", "rejected_at", "rejected_by", "suspended_at", "suspended_by"),
    )
    readonly_fields = fields

    def find(self, term):
        return Q(number=term) | Q(household=_household_id(term))

    @admin.display(description=_("family"))
    def page(self, enrolment):
        return family_link(enrolment.household)


@admin.register(Card)
class CardAdmin(PersonalDataAdmin):
    list_display = ("number", "household", "state", "issued_on", "handed_to")
    list_select_related = ("household",)
    list_filter = ("state",)
    ordering = ("-id",)
    search_help_text = _("The whole card number or KK number")
    fields = (
        *(
            "number",
            "page",
            "state",
            "issued_on",
            "handed_to",
            "created_at",
            "created_by",
            "approved_at",
            "approved_by",
        ),
        *("printed_at", "printed_by", "handed_at", "handed_by", "blocked_at", "blocked_by"),
    )
    readonly_fields = fields

    def find(self, term):
        return Q(number=term) | Q(household=_household_id(term))

    @admin.display(description=_("family"))
    def page(self, card):
        return family_link(card.household)


@admin.register(OnlineCheck)
class OnlineCheckAdmin(PersonalDataAdmin):
    """Who asked another office about whom, for what, and how it ended."""

    view_roles = (Role.AUDITOR,)
    list_display = ("at", "service", "question", "outcome", "actor", "purpose")
    list_select_related = ("actor",)
    list_filter = ("service", "outcome")
    ordering = ("-id",)
    search_help_text = _("The user name of who asked")
    fields = (
        *("at", "service", "question", "purpose", "actor", "about", "nik_in_groups"),
        *("outcome", "fault", "attempts", "milliseconds"),
    )
    readonly_fields = fields

    def find(self, term):
        return Q(actor__username=term)

    @admin.display(description="NIK")
    def nik_in_groups(self, check):
        return identity(check.nik)
