from django.urls import path

from claims import views

app_name = "claims"

urlpatterns = [
    path("", views.batch_list, name="batches"),
    path("hand-in/", views.hand_in, name="hand_in"),
    path("<uuid:batch_id>/", views.batch_detail, name="batch"),
    path("<uuid:batch_id>/refused/", views.refused_rows, name="refused_rows"),
    path("<uuid:batch_id>/recap/", views.recap, name="recap"),
    path("<uuid:batch_id>/submit/", views.submit, name="submit"),
    path("<uuid:batch_id>/withdraw/", views.withdraw, name="withdraw"),
    path("claim/<uuid:claim_id>/", views.claim_detail, name="claim"),
    path("claim/<uuid:claim_id>/link/", views.link, name="link"),
    path("claim/<uuid:claim_id>/withdraw/", views.withdraw_claim, name="withdraw_claim"),
]
