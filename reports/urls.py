from django.urls import path

from reports import bed_views, views

app_name = "reports"

urlpatterns = [
    path("", views.overview, name="dashboard"),
    path("malam/", views.night, name="night"),
    path("kebocoran/", views.leakage_report, name="leakage"),
    path("kebocoran/csv/", views.leakage_csv, name="leakage_csv"),
    path("tempat-tidur/", bed_views.audit, name="bed_audit"),
    path("tempat-tidur/csv/", bed_views.audit_csv, name="bed_audit_csv"),
]
