"""Addresses: one prefix a station, all of them behind the log-in unless the view says otherwise."""

from django.contrib import admin
from django.urls import include, path

from ksb.health import health

urlpatterns = [
    path("health/", health, name="health"),
    path("admin/", admin.site.urls),
    path("i18n/", include("django.conf.urls.i18n")),
    path("", include("facilities.urls")),
    path("participants/", include("participants.urls")),
    path("sjp/", include("referrals.urls")),
    path("claims/", include("claims.urls")),
    path("budget/", include("budget.urls")),
    path("verification/", include("verification.urls")),
    path("reports/", include("reports.urls")),
]
