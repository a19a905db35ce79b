from django.urls import path

from claims.views import batches, claims, completeness, hand_in, rules, signals

app_name = "claims"

urlpatterns = [
    path("", batches.batch_list, name="batches"),
    path("hand-in/", hand_in.hand_in, name="hand_in"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/overrides/", rules.override_counts, name="override_counts"),
    path("rules/settings/<uuid:setting_id>/approve/", rules.approve_setting, name="approve_setting"),
    path("rules/settings/<uuid:setting_id>/refuse/", rules.refuse_setting, name="refuse_setting"),
    path("rules/<str:rule_code>/", rules.rule, name="rule"),
    path("rules/<str:rule_code>/propose/", rules.propose, name="propose_rule"),
    path("finding/<int:finding_id>/override/", rules.override, name="override_finding"),
    path("signals/", signals.signal_list, name="signals"),
    path("signals/<uuid:fraud_id>/", signals.signal, name="signal"),
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
