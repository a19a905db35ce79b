"""The BAHV: totals of a decided batch, frozen with the hash of the list of its claims, signed by three parties."""

import hashlib
import json
import secrets

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from claims.enums import ClaimState
from claims.workflow import BATCH
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import ROMAN_MONTHS
from ksb.core.numbering import next_number
from verification.decisions import undecided
from verification.models import Assignment, Bahv
from verification.workflow import BAHV

# Row of the table on the BAHV -> states of claims it counts.
ROWS = {
    "approved": (ClaimState.APPROVED,),
    "adjusted": (ClaimState.PARTLY_APPROVED,),
    "rejected": (ClaimState.REJECTED, ClaimState.BLOCKED),
    "returned": (ClaimState.RETURNED,),
}


def annex(batch):
    """Every claim with its decision, in line order: what the hash of the BAHV covers. Later payment does not change it."""
    fields = ("line_number", "reference", "care_type", "inacbg", "claimed", "approved")
    rows = batch.claims.order_by("line_number").values(*fields, "state")
    return [{**{name: row[name] for name in fields}, "decision": decision_of(row)} for row in rows]


def decision_of(row):
    """The row of the BAHV's table a claim (mapping with state, claimed, approved) counts in."""
    if row["approved"] is None:
        return "returned" if row["state"] == ClaimState.RETURNED else "rejected"
    return "approved" if row["approved"] == row["claimed"] else "adjusted"


def annex_hash(batch):
    text = json.dumps(annex(batch), sort_keys=True, separators=(",", ":"), default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def totals(batch):
    """Counts and rupiah by care type: ``{care type: {row: {cases, claimed, approved}}}`` with a row ``claimed`` for all."""
    found = batch.claims.values("care_type", "state").annotate(
        cases=Count("pk"), claimed_sum=Sum("claimed"), approved_sum=Sum("approved")
    )
    result = {}
    for group in found.order_by("care_type", "state"):
        row = next((name for name, states in ROWS.items() if group["state"] in states), None)
        table = result.setdefault(
            str(group["care_type"]),
            {name: {"cases": 0, "claimed": 0, "approved": 0} for name in ("claimed", *ROWS)},
        )
        for name in filter(None, ("claimed", row)):
            table[name]["cases"] += group["cases"]
            table[name]["claimed"] += group["claimed_sum"]
            table[name]["approved"] += group["approved_sum"] or 0
    return result


def draw(*, batch, actor, at):
    """Draw up the BAHV of ``batch`` once every claim is decided. Returns it; the batch's approved total is set with it."""
    if not Assignment.objects.filter(batch=batch, verifier=actor, ended_at__isnull=True).exists():
        raise NotAllowed(_("This batch is not assigned to you."))
    with transaction.atomic():
        waiting = undecided(batch)
        if waiting:
            raise Refused(_("%(count)d claims of this batch are not decided yet.") % {"count": waiting})
        numbers = totals(batch)
        approved = batch.claims.aggregate(sum=Sum("approved"))["sum"] or 0
        batch = BATCH.apply(batch, "draw_bahv", actor=actor, at=at, update={"approved": approved})
        day = localdate(at)
        number = next_number("BAHV", batch.hospital.code, day.year)
        bahv = Bahv.objects.create(
            batch=batch,
            number=f"{number:04d}/BAHV/{batch.hospital.code}/{ROMAN_MONTHS[day.month - 1]}/{day.year}",
            token=secrets.token_urlsafe(16),
            totals=numbers,
            annex_sha256=annex_hash(batch),
            drawn_at=at,
            drawn_by=actor,
        )
        journal.record("bahv.draw", bahv, actor=actor, approved=approved, annex=bahv.annex_sha256)
    return bahv


def sign_hospital(*, bahv, actor, at):
    """The hospital's director signs."""
    if bahv.batch.hospital_id not in actor.facility_ids("HOSPITAL_DIRECTOR"):
        raise NotAllowed(_("Only the director of this hospital signs its BAHV."))
    return _sign(bahv, "sign_hospital", actor, at)


def sign_verifier(*, bahv, actor, at):
    """The verifier who has the batch signs, after the hospital. Whose assignment ended, for a tie perhaps, does not."""
    if not Assignment.objects.filter(batch=bahv.batch, verifier=actor, ended_at__isnull=True).exists():
        raise NotAllowed(_("This batch is not assigned to you."))
    return _sign(bahv, "sign_verifier", actor, at)


def approve(*, bahv, actor, at):
    """Dinkes approves: the batch may be paid."""
    with transaction.atomic():
        bahv = _sign(bahv, "approve", actor, at)
        BATCH.apply(bahv.batch, "approve_bahv", actor=actor, at=at)
    return bahv


def _sign(bahv, move, actor, at):
    if annex_hash(bahv.batch) != bahv.annex_sha256:
        raise Refused(
            _("The claims no longer agree with the annex of this BAHV. Nobody may sign it; tell the auditor.")
        )
    return BAHV.apply(bahv, move, actor=actor, at=at)
