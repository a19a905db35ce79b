from django.urls import path

from reports import bed_views, money_views, views

app_name = "reports"

urlpatterns = [
    path("", views.overview, name="dashboard"),
    path("malam/", views.night, name="night"),
    path("kebocoran/", views.leakage_report, name="leakage"),
    path("kebocoran/csv/", views.leakage_csv, name="leakage_csv"),
    path("rujukan/", views.referrals, name="referrals"),
    path("rujukan/csv/", views.referrals_csv, name="referrals_csv"),
    path("kunjungan/", views.enter_visits, name="visits"),
    path("uang/", money_views.where_is_my_money, name="hospital_money"),
    path("tempat-tidur/", bed_views.audit, name="bed_audit"),
    path("tempat-tidur/csv/", bed_views.audit_csv, name="bed_audit_csv"),
]
