from django.urls import path

from budget.views import lines, payments, recoveries, reports

app_name = "budget"

urlpatterns = [
    path("", lines.lines, name="lines"),
    path("years/new/", lines.new_year, name="new_year"),
    path("years/close/", lines.close_year, name="close_year"),
    path("lines/new/", lines.new_line, name="new_line"),
    path("documents/", lines.document_list, name="documents"),
    path("documents/new/", lines.new_document, name="new_document"),
    path("documents/<uuid:budget_document_id>/", lines.document_detail, name="document"),
    path("realisation/", reports.realisation_report, name="realisation"),
    path("realisation/pdf/", reports.realisation_pdf, name="realisation_pdf"),
    path("debts/", reports.debt_list, name="debts"),
    path("debts/pdf/", reports.debts_pdf, name="debts_pdf"),
    path("payments/", payments.payment_list, name="payment_list"),
    path("payments/propose/<slug:facility_code>/", payments.propose, name="propose"),
    path("payments/<uuid:payment_id>/", payments.payment_detail, name="payment"),
    path("payments/<uuid:payment_id>/refuse/", payments.refuse, name="refuse"),
    path("payments/<uuid:payment_id>/receipt/", payments.receipt, name="receipt"),
    path("payments/<uuid:payment_id>/resume/", payments.resume, name="resume"),
    path("recoveries/", recoveries.recovery_list, name="recoveries"),
    path("recoveries/find/", recoveries.find_claim, name="find_claim"),
    path("recoveries/new/<uuid:claim_id>/", recoveries.new_recovery, name="new_recovery"),
    path("recoveries/<uuid:recovery_id>/", recoveries.recovery_detail, name="recovery"),
    path("reconciliations/", recoveries.reconciliation_list, name="reconciliations"),
    path("reconciliations/draw/<slug:facility_code>/", recoveries.draw_reconciliation, name="draw_reconciliation"),
    path("reconciliations/<uuid:reconciliation_id>/", recoveries.reconciliation_detail, name="reconciliation"),
]
