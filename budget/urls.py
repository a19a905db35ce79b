from django.urls import path

from budget.views import lines, payments

app_name = "budget"

urlpatterns = [
    path("", lines.lines, name="lines"),
    path("payments/", payments.payment_list, name="payment_list"),
    path("payments/propose/<uuid:batch_id>/", payments.propose, name="propose"),
    path("payments/<uuid:payment_id>/", payments.payment_detail, name="payment"),
    path("payments/<uuid:payment_id>/refuse/", payments.refuse, name="refuse"),
]
