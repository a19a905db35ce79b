"""What a verifier has to read in a batch, in which order, and what may be decided about the claim at hand."""

from django.db.models import Exists, OuterRef, Q, Subquery

from claims.enums import UNDER_REVIEW, ClaimState
from claims.models import Claim, ClaimBatch
from verification import decisions, minutes, rules
from verification.enums import Outcome, ReadingState, Stage
from verification.models import Assignment, Dispute, Question, SecondReading

EVERY_OUTCOME = (Outcome.PASS, Outcome.APPROVE, Outcome.ADJUST, Outcome.PEND, Outcome.RETURN, Outcome.REJECT)
FIRST_OUTCOMES = (Outcome.PASS, Outcome.PEND, Outcome.RETURN, Outcome.REJECT)
OUTCOMES = (Outcome.APPROVE, Outcome.ADJUST, Outcome.PEND, Outcome.RETURN, Outcome.REJECT)


def in_stages(stages):
    """Q of claims whose next decision belongs to one of ``stages``."""
    asked = Question.objects.filter(claim=OuterRef("pk")).order_by("-pk").values("stage")[:1]
    states = [state for state, stage in decisions.STAGE_OF.items() if stage in stages]
    return Q(state__in=states) | Q(state=ClaimState.ANSWERED, asking_stage__in=stages), {
        "asking_stage": Subquery(asked)
    }


def waiting_for(actor, batch, stages=None):
    """Claims of ``batch`` that wait for ``actor``: the own ``stages``, and second readings given to them."""
    stages = decisions.stages_of(batch.pk, actor) if stages is None else stages
    turn, annotation = in_stages(stages)
    mine = SecondReading.objects.filter(claim=OuterRef("pk"), reader=actor, state=ReadingState.WAITING)
    return batch.claims.annotate(**annotation).filter(turn | Exists(mine))


def readings_of(actor):
    """Second readings that wait for ``actor``, oldest first."""
    rows = SecondReading.objects.filter(reader=actor, state=ReadingState.WAITING)
    return rows.select_related("claim__batch", "claim__hospital").order_by("pk")


def open_claims(actor):
    """Every claim that waits for ``actor``, by the batches on their table and a partial index on the claims."""
    batches = Assignment.objects.lasting().filter(verifier=actor)
    turn, annotation = Q(), {}
    for stage in (Stage.ADMIN, Stage.MEDICAL):
        condition, annotation = in_stages({stage})
        turn |= condition & Q(batch__in=batches.filter(stage=stage).values("batch"))
    found = Claim.objects.filter(state__in=UNDER_REVIEW, batch__in=batches.values("batch"))
    return found.annotate(**annotation).filter(turn)


def late_batches(actor):
    """Batches of ``actor`` whose first BAHV is signed while questions or disputes are still to be settled in another."""
    mine = Assignment.objects.lasting().filter(verifier=actor, batch__state__in=minutes.DRAWN_LATER)
    settled = Q(claim__bahv_entry__isnull=False) | Q(claim__state__in=(ClaimState.RETURNED, ClaimState.WITHDRAWN))
    late = Q(pk__in=Question.objects.exclude(settled).values("claim__batch"))
    late |= Q(pk__in=Dispute.objects.exclude(settled).values("claim__batch"))
    return ClaimBatch.objects.filter(late, pk__in=mine.values("batch")).select_related("hospital").order_by("pk")


def outcomes_for(claim, stages):
    """Outcomes open to who has ``stages`` of the batch, on ``claim`` as it stands; none where it is not their turn."""
    stage = decisions.stage_of(claim) if claim.state in UNDER_REVIEW else None
    if stage is None or stage not in stages:
        return ()
    passes_on = stage == Stage.ADMIN and Stage.MEDICAL not in stages
    if passes_on and rules.needs_doctor(claim, rules.asking_rules(claim), rules.parameters_of(claim)):
        return FIRST_OUTCOMES
    return OUTCOMES


def reading_for(claim, actor):
    """The second reading of ``claim`` that waits for ``actor``, or None."""
    if claim.state != ClaimState.SECOND_READING:
        return None
    return SecondReading.objects.filter(claim=claim, reader=actor, state=ReadingState.WAITING).first()
