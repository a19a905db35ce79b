from django.urls import path

from budget import views

app_name = "budget"

urlpatterns = [
    path("", views.lines, name="lines"),
    path("payments/", views.payment_list, name="payment_list"),
    path("payments/propose/<uuid:batch_id>/", views.propose, name="propose"),
    path("payments/<uuid:payment_id>/", views.payment_detail, name="payment"),
    path("payments/<uuid:payment_id>/refuse/", views.refuse, name="refuse"),
]
