from django.urls import path, re_path

from verification.views import cases, claims, minutes, queue

app_name = "verification"

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("batches/<uuid:batch_id>/", queue.batch_detail, name="batch"),
    path("batches/<uuid:batch_id>/assign/", queue.assign, name="assign"),
    path("batches/<uuid:batch_id>/bahv/", minutes.draw, name="draw"),
    path("claims/<uuid:claim_id>/", claims.claim_review, name="claim"),
    path("claims/<uuid:claim_id>/case/", cases.case, name="case"),
    path("bahv/", minutes.bahv_list, name="bahv_list"),
    path("bahv/<uuid:bahv_id>/", minutes.bahv_detail, name="bahv"),
    path("bahv/<uuid:bahv_id>/pdf/", minutes.bahv_pdf, name="bahv_pdf"),
    path("bahv/<uuid:bahv_id>/sign/", minutes.sign, name="sign"),
    re_path(r"^bahv/check/(?P<token>[A-Za-z0-9_-]{22})/$", minutes.bahv_validity, name="bahv_validity"),
]
