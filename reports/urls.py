from django.urls import path

from reports import views

app_name = "reports"

urlpatterns = [
    path("", views.overview, name="dashboard"),
    path("malam/", views.night, name="night"),
    path("kebocoran/", views.leakage_report, name="leakage"),
    path("kebocoran/csv/", views.leakage_csv, name="leakage_csv"),
]
