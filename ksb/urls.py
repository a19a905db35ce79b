"""Addresses: one prefix a station, all of them behind the log-in unless the view says otherwise."""

from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from ksb.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
    path("language/", login_not_required(set_language), name="set_language"),
    path("", include("facilities.urls")),
    path("participants/", include("participants.urls")),
    path("sjp/", include("referrals.urls")),
    path("claims/", include("claims.urls")),
    path("budget/", include("budget.urls")),
    path("verification/", include("verification.urls")),
    path("reports/", include("reports.urls")),
]
