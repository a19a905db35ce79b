"""The versions of a claim, side by side."""

from django.shortcuts import render
from django.views.decorators.http import require_safe

from claims import versions
from claims.permissions import CLINICAL_READERS, READERS
from claims.views.loading import load_claim
from facilities.permissions import requires
from ksb.core import journal


@requires(*READERS)
@require_safe
def claim_versions(request, claim_id):
    """What changed from version to version."""
    claim = load_claim(request, claim_id)
    journal.record("claim.view", claim, actor=request.user)
    found = versions.versions_of(claim)
    clinical = request.user.has_role(*CLINICAL_READERS)
    context = {"claim": claim, "versions": found, "steps": versions.steps(found, clinical=clinical)}
    return render(request, "claims/versions.html", context)
