from django.urls import path, re_path

from verification import views

app_name = "verification"

urlpatterns = [
    path("", views.queue, name="queue"),
    path("batches/<uuid:batch_id>/", views.batch_detail, name="batch"),
    path("batches/<uuid:batch_id>/assign/", views.assign, name="assign"),
    path("batches/<uuid:batch_id>/bahv/", views.draw, name="draw"),
    path("claims/<uuid:claim_id>/", views.claim_review, name="claim"),
    path("bahv/", views.bahv_list, name="bahv_list"),
    path("bahv/<uuid:bahv_id>/", views.bahv_detail, name="bahv"),
    path("bahv/<uuid:bahv_id>/pdf/", views.bahv_pdf, name="bahv_pdf"),
    path("bahv/<uuid:bahv_id>/sign/", views.sign, name="sign"),
    re_path(r"^bahv/check/(?P<token>[A-Za-z0-9_-]{22})/$", views.bahv_validity, name="bahv_validity"),
]
