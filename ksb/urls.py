"""Addresses: one prefix a station, all of them behind the log-in unless the view says otherwise."""

from django.contrib import admin
from django.contrib.auth import views as auth_views
from django.contrib.auth.decorators import login_not_required
from django.urls import include, path
from django.views.i18n import set_language

from facilities.views.accounts import LogInView, LogOutView, PasswordView
from ksb.health import health
from ksb.home import home
from ksb.notices import notices, open_notice, read_notices

urlpatterns = [
    # First, because programs ask most often and every pattern before theirs is tried in vain.
    path("api/v1/", include("ksb.api")),
    path("", home, name="home"),
    path("pemberitahuan/", notices, name="notices"),
    path("pemberitahuan/dibaca/", read_notices, name="read_notices"),
    path("pemberitahuan/<uuid:told_id>/", open_notice, name="open_notice"),
    path("log-in/", LogInView.as_view(), name="login"),
    path("log-out/", LogOutView.as_view(), name="logout"),
    path("password/", PasswordView.as_view(), name="password_change"),
    path("password/done/", auth_views.PasswordChangeDoneView.as_view(), name="password_change_done"),
    path("health/", health, name="health"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("admin/", admin.site.urls),
    path("faskes/", include("facilities.urls")),
    path("tempat-tidur/", include("facilities.bed_public_urls")),
    path("", include("facilities.bed_api_urls")),
    path("peserta/", include("participants.urls")),
    path("periksa/", include("participants.public_urls")),
    path("rujukan/", include("referrals.urls")),
    path("periksa/s/", include("referrals.public_urls")),
    path("", include("claims.monitoring_urls")),
    path("claims/", include("claims.urls")),
    path("budget/", include("budget.urls")),
    path("verification/", include("verification.urls")),
    path("reports/", include("reports.urls")),
]
