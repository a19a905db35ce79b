from django.urls import path

from facilities import bed_views

app_name = "facilities"

urlpatterns = [
    path("tempat-tidur/", bed_views.desk, name="beds"),
    path("tempat-tidur/tetap/", bed_views.confirm, name="beds_confirm"),
    path("tempat-tidur/belum-lapor/", bed_views.silent, name="beds_silent"),
]
