"""What verifiers decide on a claim: pass on, approve, adjust lines, ask, return, reject; and what a second reader finds.

A decision is written as a Review first. Where a second reader is due, claim and lines stay as they are until the two agree or
the coordinator has spoken; only then the decision is carried out, and money is committed.
"""

import secrets

from django.db import transaction
from django.db.models import Exists, F, OuterRef
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from budget import ledger
from claims.enums import UNDER_REVIEW, ClaimState
from claims.models import Claim, ClaimBatch, FraudSignal
from claims.workflow import CLAIM
from facilities.enums import Role
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from verification import assignment, granting, questions, rules
from verification.enums import Outcome, ReadingState, Reason, Stage
from verification.granting import Grant
from verification.models import Assignment, Review, SecondReading

MOVES = {
    Outcome.PASS: "pass_on",
    Outcome.APPROVE: "approve",
    Outcome.ADJUST: "approve_part",
    Outcome.PEND: "pend",
    Outcome.RETURN: "return_",
    Outcome.REJECT: "reject",
}
FINAL = (Outcome.APPROVE, Outcome.ADJUST, Outcome.REJECT)
WRITTEN = (Outcome.ADJUST, Outcome.REJECT)  # told by letter
SILENT = (Outcome.APPROVE, Outcome.PASS)
STAGE_OF = {ClaimState.ADMIN_REVIEW: Stage.ADMIN, ClaimState.MEDICAL_REVIEW: Stage.MEDICAL}
MOST_AT_ONCE = 200


def decide(
    *, claim, outcome, actor, at, reason="", code="", rule="", lines=None, wanted=(), in_bulk=False, assigned=None
):
    """Decide ``claim`` in the stage it is in. ``lines`` maps line pk to its ``Grant`` for an adjustment.

    ``assigned`` are the actor's stages on this batch where the caller has read them already. Returns the Review. Raises
    NotAllowed for anybody but the verifier who has this stage, WrongState when it was decided meanwhile, Refused for more than
    was asked, a missing reason, an adjustment that changes nothing, an approval past the medical stage.
    """
    stages = stages_of(claim.batch_id, actor) if assigned is None else assigned
    if not stages:
        raise NotAllowed(_("This claim is not assigned to you."))
    reason, code = reason.strip(), code or (Reason.OTHER if outcome not in SILENT else "")
    if outcome not in SILENT and not reason:
        raise Refused(_("Give the reason: the hospital must understand the decision."))
    with transaction.atomic():
        # The claim's row first: two verifiers' windows, one decision.
        claim = _held(claim)
        CLAIM.check(claim, MOVES[outcome], actor=actor)
        stage = _turn(claim, stages, actor, on=localdate(at))
        parameters, asking = rules.parameters_of(claim), rules.asking_rules(claim)
        if outcome == Outcome.PASS and stage != Stage.ADMIN:
            raise WrongState(_("This claim is with the medical verifier already."))
        if stage == Stage.ADMIN and outcome in (Outcome.APPROVE, Outcome.ADJUST):
            _refuse_past_doctor(claim, asking, parameters, stages)
        proposal = _proposal(claim, outcome, lines or {}, reason)
        review = _write(
            claim, stage, outcome, proposal, actor, at, reason=reason, code=code, rule=rule.strip(), in_bulk=in_bulk
        )
        if outcome == Outcome.PASS:
            CLAIM.apply(claim, "pass_on", actor=actor, at=at, data=_named(review), held=True)
            assignment.need_doctor(batch=claim.batch, at=at)
        elif outcome == Outcome.PEND:
            questions.ask(claim=claim, review=review, parameters=parameters, wanted=wanted, actor=actor, at=at)
        elif outcome in FINAL and (why := rules.why_read_again(claim, asking, parameters)):
            _open_second_reading(claim, review, why, actor=actor, at=at)
        else:
            carry_out(claim, review, actor=actor, at=at)
    return review


def stages_of(batch_id, actor):
    """The stages of a batch that are the actor's now."""
    rows = Assignment.objects.lasting().filter(batch=batch_id, verifier=actor)
    return set(rows.values_list("stage", flat=True))


def stage_of(claim):
    """The Stage whose verifier decides next: of an answered claim the one that asked. None where nobody's turn it is."""
    if claim.state == ClaimState.ANSWERED:
        return claim.questions.order_by("-pk").values_list("stage", flat=True).first()
    return STAGE_OF.get(claim.state)


def _turn(claim, stages, actor, *, on):
    stage = stage_of(claim)
    if stage is None:
        raise WrongState(_("A second reader has this claim."))
    if stage not in stages:
        raise NotAllowed(_("This claim waits for another stage: “%(stage)s”.") % {"stage": Stage(stage).label})
    if not rules.appointed(actor, on=on, stage=stage):
        raise NotAllowed(_("Your appointment is not in force today: you cannot decide."))
    return stage


def _refuse_past_doctor(claim, asking, parameters, stages):
    """A doctor who has both stages of the batch decides at once; everybody else passes on."""
    if Stage.MEDICAL not in stages and rules.needs_doctor(claim, asking, parameters):
        raise Refused(
            _("This claim needs the medical stage: pass it on, ask, return or reject it."), code="needs_doctor"
        )


def _proposal(claim, outcome, wanted, reason):
    """The lines as they become: ``granting.as_proposed`` of each; nothing is granted by a question or a refusal."""
    grants, lines = {}, list(claim.lines.all())
    if outcome == Outcome.ADJUST:
        grants = {line.pk: wanted.get(line.pk) or granting.in_full(line) for line in lines}
    elif outcome == Outcome.APPROVE:
        grants = {line.pk: granting.in_full(line) for line in lines}
    for line in lines:
        if line.pk in grants:
            granting.check(line, grants[line.pk])
    if outcome == Outcome.ADJUST and all(grants[line.pk].amount == line.payable for line in lines):
        raise Refused(_("No line was adjusted. Choose “approve”, or lower an amount."))
    return [granting.as_proposed(line, grants.get(line.pk), otherwise=reason) for line in lines]


def _write(claim, stage, outcome, lines, actor, at, **values):
    return Review.objects.create(
        claim=claim,
        stage=stage,
        verifier=actor,
        outcome=outcome,
        approved=sum(line["approved"] or 0 for line in lines),
        lines=lines,
        token=secrets.token_urlsafe(16) if outcome in WRITTEN else None,
        decided_at=at,
        decided_by=actor,
        **values,
    )


def _named(review):
    """How the journal names a review: what was decided stands in it alone, a second reader may read the journal's steps."""
    return {"review": review.pk, "stage": str(review.stage)}


def carry_out(claim, review, *, actor, at):
    """Make ``review`` the decision on ``claim`` (locked): lines, amount, state, and the money committed or given back."""
    granted = review.outcome in (Outcome.APPROVE, Outcome.ADJUST)
    _write_lines(claim, review, granted)
    approved = review.approved if granted else None
    CLAIM.apply(
        claim,
        MOVES[review.outcome],
        actor=actor,
        at=at,
        data={"approved": approved, **_named(review)},
        update={"approved": approved},
        held=True,
    )
    if granted:
        ledger.commit(claim, actor=actor, at=at, first=True)
    elif review.outcome == Outcome.REJECT:
        ledger.release_for(claim, actor=actor, at=at)


def _write_lines(claim, review, granted):
    if not granted:
        claim.lines.update(**granting.NOTHING)
    elif review.outcome == Outcome.APPROVE:
        claim.lines.update(**granting.NOTHING | {"approved": Coalesce(F("adjusted"), F("asked"))})
    else:
        grants = {part["line"]: Grant(part["quantity"], part["price"], part["reason"]) for part in review.lines}
        granting.write(list(claim.lines.all()), grants)


# Second reading


def _open_second_reading(claim, review, why, *, actor, at):
    CLAIM.apply(claim, "read_again", actor=actor, at=at, data={"why": str(why), **_named(review)}, held=True)
    reading = SecondReading.objects.create(
        claim=claim, why=why, first=review, first_by=review.decided_by, opened_at=at, opened_by=actor
    )
    journal.record("reading.open", reading, actor=actor, claim=claim.pk, why=str(why))
    assignment.give_second_reader(reading, at=at)


def read_second(*, reading, outcome, actor, at, reason="", code="", rule="", lines=None):
    """What the second reader finds, without knowing the first decision. Returns the SecondReading.

    The same decision is carried out at once; a different one waits for the coordinator.
    """
    if reading.reader_id != actor.pk:
        raise NotAllowed(_("This second reading is not yours."))
    if outcome not in FINAL:
        raise Refused(_("A second reader approves, approves in part or rejects."))
    reason = reason.strip()
    if outcome != Outcome.APPROVE and not reason:
        raise Refused(_("Give the reason: the hospital must understand the decision."))
    with transaction.atomic():
        claim, reading = _locked(reading)
        CLAIM.check(claim, MOVES[outcome], actor=actor)
        if reading.state != ReadingState.WAITING:
            raise WrongState(_("This claim was read already."))
        if not rules.appointed(actor, on=localdate(at), stage=Stage.ADMIN):
            raise NotAllowed(_("Your appointment is not in force today: you cannot decide."))
        proposal = _proposal(claim, outcome, lines or {}, reason)
        code = code or (Reason.OTHER if outcome != Outcome.APPROVE else "")
        review = _write(claim, Stage.SECOND, outcome, proposal, actor, at, reason=reason, code=code, rule=rule.strip())
        reading.second, reading.read_at, reading.read_by = review, at, actor
        reading.state = ReadingState.AGREED if _agree(reading.first, review) else ReadingState.DISAGREED
        reading.save(update_fields=["second", "state", "read_at", "read_by"])
        journal.record("reading.read", reading, actor=actor, claim=claim.pk, state=str(reading.state), review=review.pk)
        if reading.state == ReadingState.AGREED:
            carry_out(claim, reading.first, actor=actor, at=at)
    return reading


def _agree(first, second):
    amounts = [{line["line"]: line["approved"] for line in review.lines} for review in (first, second)]
    return first.outcome == second.outcome and amounts[0] == amounts[1]


def resolve(*, reading, takes, reason, actor, at):
    """The coordinator decides between two readers who disagree: ``takes`` is ``first`` or ``second``. Returns the reading."""
    if not actor.has_role(Role.VERIFIER_COORDINATOR):
        raise NotAllowed(_("Only the coordinator decides between two readers."))
    if not reason.strip():
        raise Refused(_("Write down why."))
    with transaction.atomic():
        claim, reading = _locked(reading)
        if reading.state != ReadingState.DISAGREED:
            raise WrongState(
                _("There is nothing to decide between: the state is now “%(state)s”.")
                % {"state": reading.get_state_display()}
            )
        chosen = reading.first if takes == "first" else reading.second
        review = _write(
            claim, Stage.COORDINATOR, chosen.outcome, chosen.lines, actor, at,
            reason=chosen.reason or reason.strip(), code=chosen.code, rule=chosen.rule,
        )  # fmt: skip
        reading.state, reading.resolved_at, reading.resolved_by = ReadingState.RESOLVED, at, actor
        reading.save(update_fields=["state", "resolved_at", "resolved_by"])
        journal.record("reading.resolve", reading, actor=actor, takes=takes, reason=reason.strip())
        carry_out(claim, review, actor=actor, at=at)
    return reading


def _locked(reading):
    return _held(reading.claim), SecondReading.objects.select_related("first", "second").get(pk=reading.pk)


def _held(claim):
    """``claim`` locked and read anew. Its lines are kept: what was handed in is what was asked for, by a trigger."""
    rows = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("sjp", "hospital")
    held, lines = rows.get(pk=claim.pk), getattr(claim, "_prefetched_objects_cache", {}).get("lines")
    if lines is not None:
        held._prefetched_objects_cache = {"lines": lines}
    return held


# Many at once


def approvable(batch, actor):
    """Claims of ``batch`` the actor may approve together: their turn, no finding, no unjudged signal of fraud. A queryset."""
    stages = stages_of(batch.pk, actor)
    states = [state for state, stage in STAGE_OF.items() if stage in stages]
    signals = FraudSignal.objects.to_judge().naming(OuterRef("pk"))
    return batch.claims.filter(~Exists(signals), state__in=states, findings__isnull=True).order_by("line_number")


def approve_many(*, batch, claims, actor, at):
    """Approve those of ``claims`` (public ids) that are ``approvable``; those that need a doctor are passed on instead.

    Returns ``{"approved": n, "passed_on": n}``. Each is a decision of its own, open to the second reader's sample.
    """
    done = {"approved": 0, "passed_on": 0}
    chosen = approvable(batch, actor).filter(public_id__in=list(claims)[:MOST_AT_ONCE])
    stages = stages_of(batch.pk, actor)
    for claim in chosen.prefetch_related("findings", "lines"):
        first_stage = claim.state == ClaimState.ADMIN_REVIEW and Stage.MEDICAL not in stages
        doctor = first_stage and rules.needs_doctor(claim, rules.asking_rules(claim), rules.parameters_of(claim))
        outcome = Outcome.PASS if doctor else Outcome.APPROVE
        try:
            decide(claim=claim, outcome=outcome, actor=actor, at=at, in_bulk=True, assigned=stages)
        except WrongState:
            continue  # decided in another window meanwhile
        done["passed_on" if doctor else "approved"] += 1
    return done


def undecided(batch: ClaimBatch):
    """How many claims of the batch still wait for a verifier; what the hospital is asked or disputes is split off."""
    return batch.claims.filter(state__in=UNDER_REVIEW).count()
