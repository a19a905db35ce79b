"""The administration of Dinkes: Django's own admin inside our perimeters, read-only unless a model says who may change it.

Searches are kept in the session and stand in the address as a token, so that no NIK and no name gets into a log.
"""

import re
import secrets

from django.contrib import admin
from django.contrib.admin.options import IS_POPUP_VAR
from django.contrib.admin.utils import get_fields_from_path, unquote
from django.contrib.admin.views.main import SEARCH_VAR, ChangeList
from django.contrib.admin.widgets import AutocompleteSelect
from django.contrib.postgres.fields import ArrayField, DateRangeField
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import connection
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from ksb.core import formats, journal
from ksb.core.models import Delivery, Job, JournalBlock, JournalEntry, SchemeVersion
from ksb.core.workflow import may

SESSION_SEARCHES = "admin_searches"
REMEMBERED_SEARCHES = 20
SHOWN_HISTORY = 100


class CappedPaginator(Paginator):
    """Never counts a big table: looks no further than ``limit`` rows, and offers no page beyond them."""

    limit = 10_000

    def page(self, number):
        """A page far down is found by its keys alone: what is shown beside each row is joined to these few rows only."""
        found = super().page(number)
        if found.number > 1:
            keys = list(found.object_list.values_list("pk", flat=True))
            found.object_list = self.object_list.filter(pk__in=keys)
        return found

    @cached_property
    def _seen(self):
        return self.object_list.order_by()[: self.limit + 1].count()

    @property
    def count(self):
        return min(self._seen, self.limit)

    @property
    def more(self):
        """Whether there are rows beyond the last page."""
        return self._seen > self.limit

    @cached_property
    def estimate(self):
        """About how many rows the whole table holds, from PostgreSQL's statistics; None where a condition narrows it."""
        query = self.object_list.query
        if query.where:
            return None
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT reltuples::bigint FROM pg_class WHERE oid = %s::regclass", [query.model._meta.db_table]
            )
            return max(cursor.fetchone()[0], self._seen)


class KsbChangeList(ChangeList):
    """Looks the search term up behind the token of the address."""

    def get_queryset(self, request, exclude_parameters=None):
        token = self.query
        self.search_term = self.query = request.session.get(SESSION_SEARCHES, {}).get(token, "")
        try:
            queryset = super().get_queryset(request, exclude_parameters)
        finally:
            self.query = token
        return queryset.none() if token and not self.search_term else queryset


_KEY = re.compile(r"[0-9]{1,18}")


class OneOfMany(AutocompleteSelect):
    """Shows a refused form again whatever was posted; Django would ask the database for a row with that key."""

    def optgroups(self, name, value, attr=None):
        return super().optgroups(name, [key for key in value if _KEY.fullmatch(str(key))], attr)


class KsbModelAdmin(admin.ModelAdmin):
    """Base of every admin of the house.

    ``view_roles`` see, ``change_roles`` see, add and change; nobody deletes. Rows come from the model's ``visible_to``.
    Ranges of days, lists of codes and the fields named in ``money`` are shown in words; ``labels`` name columns whose
    model gives no name.
    ``search_fields`` should be exact (``=nik``) or a prefix (``name__startswith``) with an index that serves them.
    """

    view_roles: tuple = ()
    change_roles: tuple = ()
    money: tuple = ()
    labels: dict = {}
    paginator = CappedPaginator
    show_full_result_count = False
    list_per_page = 50
    list_max_show_all = 0
    actions_on_top = True
    date_hierarchy = None

    def has_module_permission(self, request):
        return self.has_view_permission(request)

    def has_view_permission(self, request, obj=None):
        return request.user.is_authenticated and may(request.user, (*self.view_roles, *self.change_roles))

    def has_add_permission(self, request):
        return may(request.user, self.change_roles)

    def has_change_permission(self, request, obj=None):
        return may(request.user, self.change_roles)

    def has_delete_permission(self, request, obj=None):
        return False

    def get_queryset(self, request):
        return self.model._default_manager.visible_to(request.user).order_by(*self.get_ordering(request))

    def get_list_display(self, request):
        return [self._in_words(name) for name in super().get_list_display(request)]

    def get_fields(self, request, obj=None):
        names = super().get_fields(request, obj)
        return names if self.has_change_permission(request, obj) else [self._in_words(name) for name in names]

    def _in_words(self, name):
        """``name``, or what shows that field as people write it."""
        field = self._columns.get(name)
        if isinstance(field, DateRangeField):
            return _shown(field, formats.period)
        if isinstance(field, ArrayField) and field.base_field.choices:
            labels = dict(field.base_field.flatchoices)
            return _shown(field, lambda codes: ", ".join(str(labels.get(code, code)) for code in codes))
        if name in self.money:
            return _shown(field, formats.rupiah)
        return _shown(field, str, self.labels[name]) if name in self.labels else name

    @cached_property
    def _columns(self):
        return {field.name: field for field in self.opts.fields}

    def get_object(self, request, object_id, from_field=None):
        """The object inside the perimeter. A foreign one is an absent one: 404 with the same page."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        found = super().get_object(request, object_id, from_field)
        if found is None:
            raise Http404
        return found

    def lookup_allowed(self, lookup, value, request):
        """Only what ``list_filter`` offers: a hidden or secret column must not be guessed by narrowing the list."""
        return lookup in self._offered_lookups and "\0" not in value  # PostgreSQL knows no zero byte

    @cached_property
    def _offered_lookups(self):
        offered = {choice.parameter_name for choice in self.list_filter if not isinstance(choice, str)}
        for name in filter(lambda choice: isinstance(choice, str), self.list_filter):
            field = get_fields_from_path(self.model, name)[-1]
            key = f"{name}__{field.target_field.name}" if field.is_relation else name
            offered |= {key, f"{key}__exact", f"{key}__gte", f"{key}__lt", f"{name}__isnull"}
        return offered

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        manager = db_field.remote_field.model._default_manager
        if hasattr(manager, "visible_to"):
            kwargs.setdefault("queryset", manager.visible_to(request.user))
        if db_field.name in self.get_autocomplete_fields(request):
            kwargs["widget"] = OneOfMany(db_field, self.admin_site)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def get_changelist(self, request, **kwargs):
        return KsbChangeList

    def changelist_view(self, request, extra_context=None):
        if request.method == "POST" and SEARCH_VAR in request.POST and self.has_view_permission(request):
            return self._remember_search(request)
        return super().changelist_view(request, extra_context)

    def _remember_search(self, request):
        query = request.GET.copy()
        for parameter in (SEARCH_VAR, "p"):
            query.pop(parameter, None)
        term = request.POST[SEARCH_VAR].replace("\0", "").strip()  # PostgreSQL knows no zero byte
        if term:
            token = query[SEARCH_VAR] = secrets.token_urlsafe(6)
            searches = list(request.session.get(SESSION_SEARCHES, {}).items())[1 - REMEMBERED_SEARCHES :]
            request.session[SESSION_SEARCHES] = {**dict(searches), token: term}
        return redirect(f"{request.path}?{query.urlencode()}")

    def log_addition(self, request, obj, message):
        journal.record("admin.add", obj, actor=request.user)

    def log_change(self, request, obj, message):
        """The journal names the fields; their values are in the row's own history where the law asks for one."""
        fields = [name for part in message for name in part.get("changed", {}).get("fields", [])]
        journal.record("admin.change", obj, actor=request.user, fields=[str(name) for name in fields])

    def history_view(self, request, object_id, extra_context=None):
        """The object's last entries in the journal, for those who may read it."""
        obj = self.get_object(request, unquote(object_id))
        entries = JournalEntry.objects.visible_to(request.user).about(obj).select_related("actor").order_by("-id")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Journal"),
            "subtitle": str(obj),
            "object": obj,
            "opts": self.opts,
            "module_name": str(self.opts.verbose_name_plural),
            "entries": list(entries[:SHOWN_HISTORY]),
            IS_POPUP_VAR: False,
            "is_popup": False,
        }
        return render(request, "admin/object_history.html", context)


def _shown(field, words, label=""):
    @admin.display(description=label or field.verbose_name, ordering=field.name)
    def column(obj):
        value = getattr(obj, field.name)
        return formats.NOTHING if value is None else words(value)

    column.__name__ = field.name
    return column


READERS = ("AUDITOR", "SYSTEM_ADMIN")


@admin.register(JournalEntry)
class JournalEntryAdmin(KsbModelAdmin):
    view_roles = READERS
    list_display = ("at", "actor", "verb", "object_type", "object_id")
    list_select_related = ("actor",)
    ordering = ("-id",)
    search_fields = ("=object_id", "verb__startswith")
    search_help_text = _("The number of an object, or how a verb begins")
    sortable_by = ()


@admin.register(JournalBlock)
class JournalBlockAdmin(KsbModelAdmin):
    view_roles = READERS
    list_display = ("number", "sealed", "entries", "digest")
    labels = {
        "first_entry": _("first entry of the era"),
        "from_transaction": _("from transaction"),
        "to_transaction": _("to transaction"),
        "last_entry": _("last entry"),
    }
    ordering = ("-number",)
    sortable_by = ()


@admin.register(Job)
class JobAdmin(KsbModelAdmin):
    view_roles = (*READERS, "DINKES_MEMBERSHIP", "DINKES_SERVICES", "DINKES_CLAIMS")
    list_display = ("name", "day", "state")
    list_filter = ("state",)
    ordering = ("-day", "-id")


@admin.register(Delivery)
class DeliveryAdmin(KsbModelAdmin):
    """The queue of messages. Whom they go to is nobody's business here."""

    view_roles = READERS
    list_display = ("queued", "channel", "state", "tries", "next_try", "finished", "error")
    list_filter = ("channel", "state")
    exclude = ("address",)
    ordering = ("-id",)
    sortable_by = ()


@admin.register(SchemeVersion)
class SchemeVersionAdmin(KsbModelAdmin):
    view_roles = (*READERS, "DINKES_MEMBERSHIP", "DINKES_SERVICES", "DINKES_CLAIMS", "VERIFIER_COORDINATOR")
    list_display = ("code", "name_id", "valid", "legal_source")
    labels = {"name_id": _("Indonesian name"), "name_en": _("English name")}
    ordering = ("-valid",)
