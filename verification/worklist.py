"""What a verifier has to read in a batch, in which order, and what may be decided about the claim at hand."""

from django.db.models import Exists, OuterRef, Q, Subquery

from claims.enums import UNDER_REVIEW, ClaimState
from claims.models import Claim
from verification import decisions, rules
from verification.enums import Outcome, ReadingState, Stage
from verification.models import Assignment, Question, SecondReading

FIRST_OUTCOMES = (Outcome.PASS, Outcome.PEND, Outcome.RETURN, Outcome.REJECT)
OUTCOMES = (Outcome.APPROVE, Outcome.ADJUST, Outcome.PEND, Outcome.RETURN, Outcome.REJECT)


def in_stages(stages):
    """Q of claims whose next decision belongs to one of ``stages``."""
    asked = Question.objects.filter(claim=OuterRef("pk")).order_by("-pk").values("stage")[:1]
    states = [state for state, stage in decisions.STAGE_OF.items() if stage in stages]
    return Q(state__in=states) | Q(state=ClaimState.ANSWERED, asking_stage__in=stages), {
        "asking_stage": Subquery(asked)
    }


def waiting_for(actor, batch):
    """Claims of ``batch`` that wait for ``actor``: the own stages, and second readings given to them."""
    stages = decisions.stages_of(batch.pk, actor)
    turn, annotation = in_stages(stages)
    mine = SecondReading.objects.filter(claim=OuterRef("pk"), reader=actor, state=ReadingState.WAITING)
    return batch.claims.annotate(**annotation).filter(turn | Exists(mine))


def readings_of(actor):
    """Second readings that wait for ``actor``, oldest first."""
    rows = SecondReading.objects.filter(reader=actor, state=ReadingState.WAITING)
    return rows.select_related("claim__batch", "claim__hospital").order_by("pk")


def open_claims(actor):
    """Every claim that waits for ``actor``, by the batches on their table: an index on the batch serves it."""
    batches = Assignment.objects.lasting().filter(verifier=actor)
    return Claim.objects.filter(
        Q(batch__in=batches.filter(stage=Stage.ADMIN).values("batch"), state=ClaimState.ADMIN_REVIEW)
        | Q(batch__in=batches.filter(stage=Stage.MEDICAL).values("batch"), state=ClaimState.MEDICAL_REVIEW)
        | Q(batch__in=batches.values("batch"), state=ClaimState.ANSWERED)
    )


def outcomes_for(claim, actor):
    """``(outcomes, second reading or None)`` open to ``actor`` on ``claim`` now; no outcomes where it is not their turn."""
    if claim.state not in UNDER_REVIEW:
        return (), None
    if claim.state == ClaimState.SECOND_READING:
        reading = SecondReading.objects.filter(claim=claim, reader=actor, state=ReadingState.WAITING).first()
        return (decisions.FINAL if reading else ()), reading
    stages = decisions.stages_of(claim.batch_id, actor)
    stage = decisions.stage_of(claim)
    if stage not in stages:
        return (), None
    passes_on = stage == Stage.ADMIN and Stage.MEDICAL not in stages
    if passes_on and rules.needs_doctor(claim, rules.asking_rules(claim), rules.parameters_of(claim)):
        return FIRST_OUTCOMES, None
    return OUTCOMES, None
