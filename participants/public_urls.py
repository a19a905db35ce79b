"""Addresses for residents and for whoever scans a card, below ``periksa/``."""

from django.urls import path

from participants import resident_views

app_name = "resident"

urlpatterns = [
    path("keluarga/", resident_views.check, name="check"),
    path("keluarga/kartu/", resident_views.family, name="family"),
    path("keluarga/keluar/", resident_views.leave, name="leave"),
    path("k/<str:token>/", resident_views.card, name="card"),
]
