"""The BAHV: decided claims of a batch, their totals frozen with the hash of their list, signed by three parties.

The first one waits until nothing waits for a verifier; what the hospital is asked or disputes is split off and follows in a
supplementary one (susulan), so that the rest is paid meanwhile (domain.md B19).
"""

import hashlib
import json
import secrets

from django.db import transaction
from django.db.models import Case, CharField, Count, F, Q, Sum, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import DECIDED, BatchState, ClaimState
from claims.models import ClaimBatch
from claims.querysets import service_kind
from claims.workflow import BATCH
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.formats import ROMAN_MONTHS
from ksb.core.integrity import refusing
from ksb.core.numbering import next_number
from verification.decisions import undecided
from verification.enums import BahvState
from verification.models import Assignment, Bahv, BahvClaim
from verification.workflow import BAHV

DRAWN_LATER = (BatchState.BAHV_APPROVED, BatchState.PROPOSED, BatchState.PAID)
PENDING = (ClaimState.PENDED, ClaimState.ANSWERED, ClaimState.DISPUTED)
ROWS = ("claimed", "approved", "adjusted", "rejected", "returned", "pending")
ONE_AT_A_TIME = {"one_bahv_at_a_time": gettext_lazy("The BAHV before this one is not signed by all yet.")}


def annex(bahv):
    """Every claim of the BAHV with its decision, in line order: what the hash covers. Later payment does not change it."""
    fields = ("line_number", "reference", "care_type", "inacbg", "claimed", "approved")
    rows = bahv.claims.order_by("line_number").values(*fields)
    return [{**row, "decision": decision_of(row)} for row in rows]


def decision_of(row):
    """The row of the BAHV's table a decided claim (mapping with claimed, approved) counts in."""
    if row["approved"] is None:
        return "rejected"
    return "approved" if row["approved"] == row["claimed"] else "adjusted"


def annex_hash(bahv):
    text = json.dumps(annex(bahv), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def totals(bahv):
    """Counts and rupiah by kind of service: ``{kind: {row: {cases, claimed, approved}}}``; ``claimed`` sums the others.

    Returned and pending claims are those of the whole batch; the others are the claims of this BAHV.
    """
    kinds = {}
    for group in _groups(bahv):
        nothing = {name: {"cases": 0, "claimed": 0, "approved": 0} for name in ROWS}
        table = kinds.setdefault(group["kind"], nothing)
        for name in ("claimed", group["result"]):
            table[name]["cases"] += group["cases"]
            table[name]["claimed"] += group["claimed_sum"]
            table[name]["approved"] += group["approved_sum"] or 0
    return kinds


def _groups(bahv):
    result = Case(
        When(state=ClaimState.RETURNED, then=Value("returned")),
        When(state__in=PENDING, then=Value("pending")),
        When(approved__isnull=True, then=Value("rejected")),
        When(approved=F("claimed"), then=Value("approved")),
        default=Value("adjusted"),
        output_field=CharField(),
    )
    within = Q(bahv_entry__bahv=bahv) | Q(state__in=PENDING)
    if not bahv.is_supplementary:
        within |= Q(state=ClaimState.RETURNED)
    rows = bahv.batch.claims.filter(within).annotate(kind=service_kind(), result=result).values("kind", "result")
    return rows.annotate(cases=Count("pk"), claimed_sum=Sum("claimed"), approved_sum=Sum("approved")).order_by(
        "kind", "result"
    )


def ready(batch):
    """Decided claims of ``batch`` that stand in no BAHV yet."""
    return batch.claims.filter(state__in=DECIDED, bahv_entry__isnull=True)


def draw(*, batch, actor, at):
    """Draw up the next BAHV of ``batch`` with every decided claim that stands in none. Returns it.

    Raises Refused while a claim waits for a verifier, where nothing is decided, or while the BAHV before is being signed.
    """
    if not Assignment.objects.lasting().filter(batch=batch, verifier=actor).exists():
        raise NotAllowed(_("This batch is not assigned to you."))
    with refusing(ONE_AT_A_TIME), transaction.atomic():
        batch = (
            ClaimBatch.objects.select_for_update(no_key=True, of=("self",)).select_related("hospital").get(pk=batch.pk)
        )
        waiting = undecided(batch)
        if waiting:
            raise Refused(_("%(count)d claims of this batch are not decided yet.") % {"count": waiting})
        chosen = list(ready(batch).values_list("pk", flat=True))
        if batch.state in DRAWN_LATER:
            if not chosen:
                raise Refused(_("No claim was decided since the last BAHV of this batch."))
        else:
            BATCH.check(batch, "draw_bahv", actor=actor)
        bahv = _created(batch, actor, at)
        BahvClaim.objects.bulk_create(BahvClaim(bahv=bahv, claim_id=pk) for pk in chosen)
        _count(bahv)
        if not bahv.is_supplementary:
            BATCH.apply(batch, "draw_bahv", actor=actor, at=at, update={"approved": bahv.total_approved})
        journal.record("bahv.draw", bahv, actor=actor, approved=bahv.total_approved, annex=bahv.annex_sha256)
    return bahv


def _created(batch, actor, at):
    day = localdate(at)
    number = next_number("BAHV", batch.hospital.code, day.year)
    return Bahv.objects.create(
        batch=batch,
        sequence=batch.bahvs.count() + 1,
        number=f"{number:04d}/BAHV/{batch.hospital.code}/{ROMAN_MONTHS[day.month - 1]}/{day.year}",
        token=secrets.token_urlsafe(16),
        totals={},
        drawn_at=at,
        drawn_by=actor,
    )


def _count(bahv):
    sums = bahv.claims.aggregate(claimed=Sum("claimed"), approved=Sum("approved"))
    bahv.total_claimed, bahv.total_approved = sums["claimed"] or 0, sums["approved"] or 0
    bahv.totals, bahv.annex_sha256 = totals(bahv), annex_hash(bahv)
    bahv.save(update_fields=["totals", "total_claimed", "total_approved", "annex_sha256"])


def take_out(claim, *, actor, at):
    """Take a claim that becomes disputed out of the draft it stands in. Returns the drafts to be drawn anew."""
    entries = BahvClaim.objects.filter(claim=claim, bahv__state=BahvState.DRAFT).select_related("bahv__batch")
    drafts = [entry.bahv for entry in entries]
    entries.delete()
    return drafts


def redraw(bahv, *, actor, at):
    """Count an unsigned BAHV anew after its list has changed, in the transaction of that change."""
    _count(bahv)
    if not bahv.is_supplementary:
        ClaimBatch.objects.filter(pk=bahv.batch_id).update(approved=bahv.total_approved)
    journal.record("bahv.redraw", bahv, actor=actor, approved=bahv.total_approved, annex=bahv.annex_sha256)


def sign_hospital(*, bahv, actor, at):
    """The hospital's director signs, and accepts the decisions of the annex with it."""
    if bahv.batch.hospital_id not in actor.facility_ids("HOSPITAL_DIRECTOR"):
        raise NotAllowed(_("Only the director of this hospital signs its BAHV."))
    if bahv.batch.submitted_by_id == actor.pk:  # domain.md G3.2
        raise NotAllowed(_("Who handed the claims in does not sign their BAHV."))
    return _sign(bahv, "sign_hospital", actor, at)


def sign_verifier(*, bahv, actor, at):
    """The verifier who has the batch signs, after the hospital. Whose assignment ended, for a tie perhaps, does not."""
    if not Assignment.objects.lasting().filter(batch=bahv.batch, verifier=actor).exists():
        raise NotAllowed(_("This batch is not assigned to you."))
    return _sign(bahv, "sign_verifier", actor, at)


def approve(*, bahv, actor, at):
    """Dinkes approves: what the BAHV grants may be paid."""
    with transaction.atomic():
        bahv = _sign(bahv, "approve", actor, at)
        if not bahv.is_supplementary:
            BATCH.apply(bahv.batch, "approve_bahv", actor=actor, at=at)
    return bahv


def _sign(bahv, move, actor, at):
    with transaction.atomic():
        # Held against a dispute that takes a claim out of the draft meanwhile.
        Bahv.objects.select_for_update(no_key=True).get(pk=bahv.pk)
        kept = Bahv.objects.values_list("annex_sha256", flat=True).get(pk=bahv.pk)
        if kept != bahv.annex_sha256:
            raise WrongState(_("The list of this BAHV has changed since you looked at it. Read it again."))
        if annex_hash(bahv) != kept:
            raise Refused(
                _("The claims no longer agree with the annex of this BAHV. Nobody may sign it; tell the auditor.")
            )
        return BAHV.apply(bahv, move, actor=actor, at=at)
