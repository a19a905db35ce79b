from django.urls import path

from claims.views import batches, claims, completeness, dispensations, hand_in

app_name = "claims"

urlpatterns = [
    path("", batches.batch_list, name="batches"),
    path("hand-in/", hand_in.hand_in, name="hand_in"),
    path("dispensations/", dispensations.dispensation_list, name="dispensations"),
    path("dispensations/new/", dispensations.new_dispensation, name="new_dispensation"),
    path("dispensations/<uuid:dispensation_id>/", dispensations.decide, name="decide_dispensation"),
    path("<uuid:batch_id>/", batches.batch_detail, name="batch"),
    path("<uuid:batch_id>/refused/", batches.refused_rows, name="refused_rows"),
    path("<uuid:batch_id>/recap/", batches.recap, name="recap"),
    path("<uuid:batch_id>/submit/", batches.submit, name="submit"),
    path("<uuid:batch_id>/sign/", batches.sign, name="sign"),
    path("<uuid:batch_id>/completeness/", completeness.check, name="completeness"),
    path("<uuid:batch_id>/completeness/letter/", completeness.letter, name="completeness_letter"),
    path("<uuid:batch_id>/withdraw/", batches.withdraw, name="withdraw"),
    path("claim/<uuid:claim_id>/", claims.claim_detail, name="claim"),
    path("claim/<uuid:claim_id>/letter/", claims.letter, name="claim_letter"),
    path("claim/<uuid:claim_id>/link/", claims.link, name="link"),
    path("claim/<uuid:claim_id>/withdraw/", claims.withdraw_claim, name="withdraw_claim"),
]
