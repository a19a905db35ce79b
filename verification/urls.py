from django.urls import path, re_path

from verification.views import cases, claims, disputes, hospital, minutes, queue, reports, second, team

app_name = "verification"

TOKEN = "(?P<token>[A-Za-z0-9_-]{22})"  # noqa: S105 (a pattern)

urlpatterns = [
    path("", queue.queue, name="queue"),
    path("batches/<uuid:batch_id>/", queue.batch_detail, name="batch"),
    path("batches/<uuid:batch_id>/assign/", queue.assign, name="assign"),
    path("batches/<uuid:batch_id>/approve/", queue.approve_many, name="approve_many"),
    path("batches/<uuid:batch_id>/bahv/", minutes.draw, name="draw"),
    path("claims/<uuid:claim_id>/", claims.claim_review, name="claim"),
    path("claims/<uuid:claim_id>/case/", cases.case, name="case"),
    path("claims/<uuid:claim_id>/letter/", hospital.decision_pdf, name="decision_pdf"),
    path("claims/<uuid:claim_id>/dispute/", hospital.dispute_claim, name="dispute_claim"),
    path("readings/", second.readings, name="readings"),
    path("readings/<uuid:reading_id>/", second.reading, name="reading"),
    path("team/", team.people, name="team"),
    path("team/<int:verifier_id>/", team.person, name="person"),
    path("team/<int:verifier_id>/appoint/", team.appoint, name="appoint"),
    path("team/<int:verifier_id>/tie/", team.tie, name="tie"),
    path("team/<int:verifier_id>/absent/", team.absent, name="absent"),
    path("ties/<int:conflict_id>/end/", team.end_tie, name="end_tie"),
    path("absences/<int:absence_id>/end/", team.end_absence, name="end_absence"),
    path("questions/", hospital.question_list, name="questions"),
    path("questions/<uuid:question_id>/", hospital.question, name="question"),
    path("questions/<uuid:question_id>/letter/", hospital.question_pdf, name="question_pdf"),
    path("proofs/<uuid:evidence_id>/", hospital.proof, name="proof"),
    path("disputes/", disputes.dispute_list, name="disputes"),
    path("disputes/<uuid:dispute_id>/", disputes.dispute, name="dispute"),
    path("disputes/<uuid:dispute_id>/panel/", disputes.name_panel, name="name_panel"),
    path("disputes/<uuid:dispute_id>/rule/", disputes.rule, name="rule"),
    path("disputes/<uuid:dispute_id>/confirm/", disputes.confirm, name="confirm_ruling"),
    path("disputes/<uuid:dispute_id>/send-back/", disputes.send_back, name="send_back_ruling"),
    path("disputes/<uuid:dispute_id>/letter/", disputes.dispute_pdf, name="dispute_pdf"),
    path("reports/", reports.report, name="report"),
    path("reports/<slug:table>.csv", reports.report_csv, name="report_csv"),
    re_path(rf"^papers/check/{TOKEN}/$", hospital.paper_validity, name="paper_validity"),
    path("bahv/", minutes.bahv_list, name="bahv_list"),
    path("bahv/<uuid:bahv_id>/", minutes.bahv_detail, name="bahv"),
    path("bahv/<uuid:bahv_id>/pdf/", minutes.bahv_pdf, name="bahv_pdf"),
    path("bahv/<uuid:bahv_id>/sign/", minutes.sign, name="sign"),
    re_path(rf"^bahv/check/{TOKEN}/$", minutes.bahv_validity, name="bahv_validity"),
]
