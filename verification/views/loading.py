"""Loaded within the reader's perimeter."""

from django.shortcuts import get_object_or_404

from claims.models import Claim, ClaimBatch
from facilities.models import User
from verification import team
from verification.models import Bahv, Dispute, Question, SecondReading


def load_batch(request, batch_id):
    rows = ClaimBatch.objects.visible_to(request.user).select_related("hospital").distinct()
    return get_object_or_404(rows, public_id=batch_id)


def load_claim(request, claim_id, *related):
    rows = Claim.objects.visible_to(request.user).select_related("batch", "hospital", *related)
    return get_object_or_404(rows, public_id=claim_id)


def load_bahv(request, bahv_id):
    rows = Bahv.objects.visible_to(request.user).select_related(
        "batch__hospital", "drawn_by", "hospital_signed_by", "verifier_signed_by", "approved_by"
    )
    return get_object_or_404(rows.distinct(), public_id=bahv_id)


def load_question(request, question_id):
    rows = Question.objects.visible_to(request.user).select_related("claim__batch", "claim__hospital", "asked_by")
    return get_object_or_404(rows, public_id=question_id)


def load_dispute(request, dispute_id):
    rows = Dispute.objects.visible_to(request.user).select_related(
        "claim__batch", "claim__hospital", "doctor", "officer", "filed_by", "ruled_by", "decided_by"
    )
    return get_object_or_404(rows, public_id=dispute_id)


def load_reading(request, reading_id):
    rows = SecondReading.objects.visible_to(request.user).select_related(
        "claim__batch", "claim__hospital", "first__verifier", "second__verifier"
    )
    return get_object_or_404(rows, public_id=reading_id)


def load_verifier(verifier_id, *, on):
    people = team.verifiers(on=on)
    return get_object_or_404(User.objects.filter(pk__in=people.values("pk")), pk=verifier_id)
