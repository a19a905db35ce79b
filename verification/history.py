"""What else the programme knows of a patient, beside the claim under review."""

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
