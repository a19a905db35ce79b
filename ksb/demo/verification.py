"""Verification in the demonstration city: questions open, a claim disputed and ruled on, work begun."""

import datetime

from claims.enums import ClaimState
from claims.models import Claim, ClaimBatch
from facilities.enums import Role
from facilities.models import Membership, User
from ksb.core.errors import Refused
from verification import assignment, decisions, disputes, rules
from verification.enums import Outcome, Reason, Ruling, Stage
from verification.granting import Grant

BEGUN = 15  # claims of a waiting batch already read
HONEST_SHORTFALL = 0.9  # what a verifier grants of a line that has a question


def decide(batch, *, at, refuses=False):
    """Every claim of ``batch``: administrative stage, medical stage, second readings. With ``refuses`` its first is rejected."""
    stages = {one.stage: one.verifier for one in batch.assignments.lasting()}
    waiting = _claims(batch, ClaimState.ADMIN_REVIEW)
    refused = waiting[0] if refuses and len(waiting) > 1 else None
    if refused:
        decisions.decide(claim=refused, actor=stages[Stage.ADMIN], at=at, **_refusal())
    _at_once(batch, stages[Stage.ADMIN], at=at)
    for claim in _claims(batch, ClaimState.ADMIN_REVIEW):
        _first(claim, stages, at=at)
    for claim in _claims(batch, ClaimState.MEDICAL_REVIEW):
        reader = batch.assignments.lasting().get(stage=Stage.MEDICAL).verifier
        decisions.decide(claim=claim, actor=reader, at=at, **opinion(claim))
    for claim in _claims(batch, ClaimState.SECOND_READING):
        reading = claim.second_reading
        if reading.reader:
            found = _refusal() if claim == refused else opinion(claim)
            decisions.read_second(reading=reading, actor=reading.reader, at=at, **found)


def _at_once(batch, reader, *, at):
    """Claims without findings are approved together; the sample takes its share of them."""
    clean = decisions.approvable(batch, reader).values_list("public_id", flat=True)
    decisions.approve_many(batch=batch, claims=clean, actor=reader, at=at)


def begin(batch, *, at, asks=False):
    """The first claims of a waiting batch are read. With ``asks`` the hospital is asked about its first claim."""
    stages = {one.stage: one.verifier for one in batch.assignments.lasting()}
    for n, claim in enumerate(_claims(batch, ClaimState.ADMIN_REVIEW)[:BEGUN]):
        if asks and n == 0:
            decisions.decide(
                claim=claim,
                outcome=Outcome.PEND,
                code=Reason.DOCUMENT,
                reason="Mohon dilampirkan resume medis yang lengkap dan hasil penunjang.",
                wanted=["RESUME", "SUPPORTING"],
                actor=stages[Stage.ADMIN],
                at=at,
            )
        else:
            _first(claim, stages, at=at)


def _first(claim, stages, *, at):
    doctor = rules.needs_doctor(claim, rules.asking_rules(claim), rules.parameters_of(claim))
    passes_on = doctor and stages.get(Stage.MEDICAL) != stages[Stage.ADMIN]
    outcome = {"outcome": Outcome.PASS} if passes_on else opinion(claim)
    decisions.decide(claim=claim, actor=stages[Stage.ADMIN], at=at, **outcome)


def _refusal():
    return {"outcome": Outcome.REJECT, "code": Reason.PROOF, "reason": "Pelayanan tidak terbukti dari berkas yang ada."}


def opinion(claim):
    """What an honest reader decides: the same whoever reads."""
    asked = rules.asking_rules(claim)
    if len(asked) > 1:
        return {"outcome": Outcome.REJECT, "code": Reason.PROOF, "reason": "Tidak didukung data yang ada."}
    if asked:
        lines = {line.pk: _less(line) for line in claim.lines.all()}
        reason = "Disesuaikan dengan tarif dan bukti."
        return {"outcome": Outcome.ADJUST, "code": Reason.TARIFF, "reason": reason, "lines": lines}
    return {"outcome": Outcome.APPROVE}


def _less(line):
    quantity, price = line.payable_units
    return Grant(quantity, int(price * HONEST_SHORTFALL))


def dispute(batch, *, at, ruled):
    """The hospital disputes one rejection before it signs; with ``ruled`` the panel has found for it."""
    claim = batch.claims.filter(state=ClaimState.REJECTED).order_by("line_number").first()
    biller = _member(Role.HOSPITAL_BILLER, facility=batch.hospital)
    if claim is None or biller is None:
        return
    try:
        filed = disputes.file_dispute(
            claim=claim,
            argument="Pelayanan benar diberikan; bukti tersimpan di rekam medis dan dapat diperlihatkan.",
            files=[],
            actor=biller,
            at=at,
        )
    except Refused:
        return  # claimed anew meanwhile
    if not ruled:
        return
    readers = set(claim.reviews.values_list("verifier", flat=True))
    doctors = assignment.candidates(batch.hospital, on=at.date(), stage=Stage.MEDICAL)
    doctor = next((one for one in doctors if one.pk not in readers), None)
    if doctor is None:
        return
    officer, coordinator = _member(Role.DINKES_SERVICES), _member(Role.VERIFIER_COORDINATOR)
    named = disputes.name_panel(dispute=filed, doctor=doctor, officer=officer, actor=coordinator, at=at)
    later = at + datetime.timedelta(hours=2)
    found = disputes.rule(
        dispute=named, ruling=Ruling.UPHOLD, grounds="Bukti pelayanan sah.", lines={}, actor=doctor, at=later
    )
    disputes.confirm(dispute=found, actor=officer, at=later)


def _claims(batch, state):
    rows = Claim.objects.filter(batch=batch, state=state).order_by("line_number")
    return list(rows.prefetch_related("lines", "findings"))


def _member(role, **where):
    return (
        User.objects.filter(pk__in=Membership.objects.filter(role=role, **where).values("user")).order_by("pk").first()
    )


def open_batches():
    """Batches in verification, in their order."""
    return ClaimBatch.objects.filter(state="IN_VERIFICATION").select_related("hospital").order_by("pk")
