"""Addresses on paper (``periksa/s/``). Short, because a QR code grows with them, and never to change."""

from django.urls import path, re_path

from referrals.views import public as views
from referrals.views.own_letters import own_letters

app_name = "validity"

urlpatterns = [
    path("keluarga/", own_letters, name="own_letters"),
    re_path(r"^(?P<token>[A-Za-z0-9_-]{22})/$", views.letter_validity, name="letter"),
]
