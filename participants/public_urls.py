"""Addresses for residents and for whoever scans a card, below ``periksa/``."""

from django.urls import path

from participants import resident_application_views as application
from participants import resident_views

app_name = "resident"

urlpatterns = [
    path("keluarga/", resident_views.check, name="check"),
    path("keluarga/kartu/", resident_views.family, name="family"),
    path("keluarga/keluar/", resident_views.leave, name="leave"),
    path("keluarga/kartu-hilang/", resident_views.lost_card, name="lost_card"),
    path("keluarga/koreksi/", resident_views.correction, name="correction"),
    path("keluarga/daftar/", application.begin, name="begin"),
    path("keluarga/daftar/foto/", application.photo, name="photo"),
    path("keluarga/daftar/foto/<uuid:document_id>/", application.own_photo, name="own_photo"),
    path("keluarga/daftar/foto/<uuid:document_id>/hapus/", application.remove_photo, name="remove_photo"),
    path("keluarga/daftar/periksa/", application.review, name="review"),
    path("keluarga/permohonan/", application.application, name="application"),
    path("keluarga/persetujuan/tarik/", application.withdraw, name="withdraw_consent"),
    path("keluarga/keberatan/", application.appeal, name="appeal"),
    path("k/<str:token>/", resident_views.card, name="card"),
]
