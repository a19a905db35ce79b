from django.urls import path

from reports import audit_views, bed_views, money_views, views

app_name = "reports"

urlpatterns = [
    path("", views.overview, name="dashboard"),
    path("malam/", views.night, name="night"),
    path("kebocoran/", views.leakage_report, name="leakage"),
    path("kebocoran/csv/", views.leakage_csv, name="leakage_csv"),
    path("rujukan/", views.referrals, name="referrals"),
    path("rujukan/csv/", views.referrals_csv, name="referrals_csv"),
    path("pemisahan-tugas/", audit_views.duties_report, name="duties"),
    path("audit/", audit_views.audit_list, name="audits"),
    path("audit/baru/", audit_views.new_audit, name="new_audit"),
    path("audit/<uuid:audit_id>/", audit_views.audit_detail, name="audit"),
    path("audit/<uuid:audit_id>/csv/", audit_views.audit_csv, name="audit_csv"),
    path("audit/<uuid:audit_id>/temuan/", audit_views.new_finding, name="new_finding"),
    path("temuan/<uuid:audit_finding_id>/", audit_views.finding_detail, name="finding"),
    path("kunjungan/", views.enter_visits, name="visits"),
    path("uang/", money_views.where_is_my_money, name="hospital_money"),
    path("tempat-tidur/", bed_views.audit, name="bed_audit"),
    path("tempat-tidur/csv/", bed_views.audit_csv, name="bed_audit_csv"),
]
