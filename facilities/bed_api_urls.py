"""Addresses programs already know: those of Aplicares and SIRANAP below our own host. Never to change."""

from django.urls import path

from facilities import bed_api as api

app_name = "bed_push"

urlpatterns = [
    path("aplicaresws/rest/bed/create/<str:ppk>", api.aplicares_put, name="aplicares_create"),
    path("aplicaresws/rest/bed/update/<str:ppk>", api.aplicares_put, name="aplicares_update"),
    path("aplicaresws/rest/bed/delete/<str:ppk>", api.aplicares_delete, name="aplicares_delete"),
    path("aplicaresws/rest/bed/read/<str:ppk>/<int:start>/<int:limit>", api.aplicares_read, name="aplicares_read"),
    path("aplicaresws/rest/ref/kelas", api.aplicares_classes, name="aplicares_classes"),
    path("siranap/Fasyankes", api.siranap, name="siranap"),
]
