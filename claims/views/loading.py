"""Loaded within the reader's perimeter."""

from django.shortcuts import get_object_or_404

from claims.models import Claim, ClaimBatch, ClaimDocument, Delivery


def load_batch(request, batch_id):
    rows = ClaimBatch.objects.visible_to(request.user).select_related(
        "hospital", "created_by", "submitted_by", "signed_by"
    )
    return get_object_or_404(rows, public_id=batch_id)


def load_claim(request, claim_id):
    rows = (
        Claim.objects.visible_to(request.user)
        .select_related("batch__signed_by", "hospital", "sjp__puskesmas", "sjp__specialty", "resident")
        .with_later_versions()
    )
    return get_object_or_404(rows, public_id=claim_id)


def load_document(request, document_id):
    rows = ClaimDocument.objects.visible_to(request.user).select_related("claim")
    return get_object_or_404(rows, public_id=document_id)


def load_delivery(request, delivery_id):
    rows = Delivery.objects.visible_to(request.user).select_related("hospital", "batch", "created_by")
    return get_object_or_404(rows, public_id=delivery_id)
