"""The front door of the administration. Apart from the admin rooms, which Django loads through it."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class KsbAdminSite(admin.AdminSite):
    """One front door: log-in and password belong to the site's own pages, with their limits on guessing."""

    site_title = "KSB"
    site_header = "Kartu Sehat Bekasi"
    index_title = _("Administration")

    def register(self, model_or_iterable, admin_class=None, **options):
        """Takes pages that follow our roles. Those of packages follow Django's permissions, which nobody holds here."""
        if hasattr(admin_class, "view_roles"):
            super().register(model_or_iterable, admin_class, **options)

    def has_permission(self, request):
        """Whoever may see one of the pages by a role of today. The flag ``is_staff`` decides nothing."""
        return request.user.is_active and any(page.has_view_permission(request) for page in self._registry.values())

    def login(self, request, extra_context=None):
        if request.user.is_authenticated and not self.has_permission(request):
            raise PermissionDenied(_("The administration is for staff of Dinkes."))
        return redirect_to_login(request.GET.get("next") or reverse("admin:index"), settings.LOGIN_URL)

    def password_change(self, request, extra_context=None):
        return redirect("password_change")
