"""What a verifier reads beside the claim itself: the patient's history, and what the rules found, gravest first."""

from claims.enums import Severity
from claims.models import Claim
from referrals.models import Sjp

LIMIT = 20


def of_patient(claim):
    """Other claims and letters of the claim's patient, newest first, at most LIMIT of each. Two queries."""
    if claim.resident_id is None:
        return {"claims": [], "sjps": []}
    claims = Claim.objects.filter(resident=claim.resident_id).exclude(pk=claim.pk).select_related("hospital")
    sjps = (
        Sjp.objects.filter(resident=claim.resident_id).exclude(pk=claim.sjp_id).select_related("hospital", "specialty")
    )
    return {
        "claims": list(claims.order_by("-admitted_on", "-pk")[:LIMIT]),
        "sjps": list(sjps.order_by("-issued_at")[:LIMIT]),
    }


def by_severity(findings):
    """The ``findings`` as a list: those that ask for a decision, then remarks; what was set aside stands last."""
    rank = {Severity.REJECT: 0, Severity.PEND: 1, Severity.WARN: 2}
    return sorted(findings, key=lambda found: (found.overridden_at is not None, rank[found.severity], found.rule))
