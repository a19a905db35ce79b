"""The interface for programs, /api/v1/: one router, and the description programs are written from."""

from django.urls import include, path
from drf_spectacular.views import SpectacularAPIView
from rest_framework.routers import SimpleRouter

from claims.api import ClaimViewSet
from participants.api import EligibilityView
from referrals.api import SjpViewSet

router = SimpleRouter()
router.register("eligibility", EligibilityView, basename="eligibility")
router.register("sjp", SjpViewSet, basename="sjp")
router.register("claims", ClaimViewSet, basename="claims")

app_name = "api"
urlpatterns = [
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("", include(router.urls)),
]
