"""Loaded within the reader's perimeter."""

from django.shortcuts import get_object_or_404

from claims.models import ClaimBatch
from verification.models import Bahv


def load_batch(request, batch_id):
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital").distinct()
    return get_object_or_404(rows, public_id=batch_id)


def load_bahv(request, bahv_id):
    rows = Bahv.objects.visible_to(request.user).select_related(
        "batch__hospital", "drawn_by", "hospital_signed_by", "verifier_signed_by", "approved_by"
    )
    return get_object_or_404(rows.distinct(), public_id=bahv_id)
