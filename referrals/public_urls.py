"""Addresses on paper (``periksa/s/``). Short, because a QR code grows with them, and never to change."""

from django.urls import path

from referrals import public_views as views

app_name = "validity"

urlpatterns = [path("<str:token>/", views.letter_validity, name="letter")]
