from django.urls import path

from claims.views import batches, by_hand, claims, deliveries, documents, hand_in, versions

app_name = "claims"

urlpatterns = [
    path("", batches.batch_list, name="batches"),
    path("hand-in/", hand_in.hand_in, name="hand_in"),
    path("<uuid:batch_id>/", batches.batch_detail, name="batch"),
    path("<uuid:batch_id>/refused/", batches.refused_rows, name="refused_rows"),
    path("unclaimed/", by_hand.unclaimed, name="unclaimed"),
    path("episode/<uuid:episode_id>/", by_hand.enter, name="enter"),
    path("delivery/<uuid:delivery_id>/", deliveries.delivery, name="delivery"),
    path("delivery/<uuid:delivery_id>/piece/", deliveries.piece, name="piece"),
    path("<uuid:batch_id>/scans/", documents.scans, name="scans"),
    path("<uuid:batch_id>/scans/begin/", documents.begin_scans, name="begin_scans"),
    path("<uuid:batch_id>/recap/", batches.recap, name="recap"),
    path("<uuid:batch_id>/submit/", batches.submit, name="submit"),
    path("<uuid:batch_id>/withdraw/", batches.withdraw, name="withdraw"),
    path("claim/<uuid:claim_id>/", claims.claim_detail, name="claim"),
    path("claim/<uuid:claim_id>/versions/", versions.claim_versions, name="versions"),
    path("claim/<uuid:claim_id>/papers/", documents.papers, name="papers"),
    path("paper/<uuid:claim_paper_id>/", documents.paper, name="paper"),
    path("paper/<uuid:claim_paper_id>/remove/", documents.remove_paper, name="remove_paper"),
    path("claim/<uuid:claim_id>/link/", claims.link, name="link"),
    path("claim/<uuid:claim_id>/withdraw/", claims.withdraw_claim, name="withdraw_claim"),
]
