"""Addresses on paper (``periksa/s/``). Short, because a QR code grows with them, and never to change."""

from django.urls import re_path

from referrals import public_views as views

app_name = "validity"

urlpatterns = [re_path(r"^(?P<token>[A-Za-z0-9_-]{22})/$", views.letter_validity, name="letter")]
