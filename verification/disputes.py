"""Sengketa: filed by the hospital, before a panel that has not read the claim, ruled by its doctor, confirmed by Dinkes.

What a signature of the hospital's director accepted is disputed no more: the draft of a BAHV loses the claim instead, and is
drawn anew without it (ADR 0025).
"""

import datetime
import secrets

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from budget import ledger
from claims.models import Claim
from claims.workflow import CLAIM
from facilities.enums import Role
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.formats import day as day_in_words
from ksb.core.formats import rupiah
from ksb.core.integrity import refusing
from verification import granting, minutes, proofs, rules
from verification.enums import BahvState, DisputeState, Ruling, Stage
from verification.granting import Grant
from verification.models import BahvClaim, Dispute
from verification.questions import numbered
from verification.rules import obstacles
from verification.workflow import DISPUTE

MOVES = {Ruling.UPHOLD: "uphold", Ruling.UPHOLD_PART: "uphold_part", Ruling.DENY: "deny"}
NAMELESS = {
    "panel_has_not_read_the_claim": gettext_lazy("Who has read this claim cannot sit on its panel."),
    "a_panel_has_two_people": gettext_lazy("The panel needs two different people."),
}


def last_day(claim):
    """The last day on which the decision on ``claim`` may be disputed: from the decision, or from the draft it stands in."""
    entry = BahvClaim.objects.filter(claim=claim).select_related("bahv").first()
    since = max(claim.decided_at, entry.bahv.drawn_at) if entry else claim.decided_at
    return localdate(since) + datetime.timedelta(days=rules.parameters_of(claim).dispute_days)


def obstacle(claim, *, on):
    """Why ``claim`` cannot be disputed on that day, as a sentence; empty when it can."""
    if Dispute.objects.filter(claim=claim).exists():
        return _("This claim was disputed once: the ruling is final.")
    if claim.state not in CLAIM["dispute"].sources:
        return _("Only a rejected or partly approved claim can be disputed.")
    if BahvClaim.objects.filter(claim=claim).exclude(bahv__state=BahvState.DRAFT).exists():
        return _("Your director signed the BAHV with this decision.")
    if on > last_day(claim):
        return _("The time to dispute this decision ended on %(day)s.") % {"day": day_in_words(last_day(claim))}
    return ""


def file_dispute(*, claim, argument, files, actor, at):
    """The hospital disputes the decision on ``claim``. Returns the Dispute. Raises Refused naming what stands against it."""
    if claim.hospital_id not in actor.facility_ids(Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR):
        raise NotAllowed(_("Only the hospital of this claim disputes its decision."))
    if not argument.strip():
        raise Refused(_("Write your argument: why the decision is wrong."))
    day = localdate(at)
    claimed_anew = {"an_episode_is_claimed_once": _("This episode was claimed anew meanwhile: the newer claim counts.")}
    with proofs.kept(files) as uploads, refusing(claimed_anew), transaction.atomic():
        claim = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("hospital").get(pk=claim.pk)
        against = obstacle(claim, on=day)
        if against:
            raise WrongState(against)
        drafts = minutes.take_out(claim, actor=actor, at=at)
        dispute = Dispute.objects.create(
            claim=claim,
            number=numbered("SENGKETA", claim.hospital, day),
            token=secrets.token_urlsafe(16),
            before=claim.approved or 0,
            argument=argument.strip(),
            filed_at=at,
            filed_by=actor,
            due_on=day + datetime.timedelta(days=rules.parameters_of(claim).ruling_days),
        )
        CLAIM.apply(claim, "dispute", actor=actor, at=at)
        proofs.attach(uploads, dispute=dispute, actor=actor, at=at)
        journal.record("dispute.file", dispute, actor=actor, claim=claim.pk, files=len(uploads))
        for bahv in drafts:
            minutes.redraw(bahv, actor=actor, at=at)
    return dispute


def name_panel(*, dispute, doctor, officer, actor, at):
    """The coordinator names a doctor and a Dinkes officer, neither of whom has read the claim. Returns the Dispute."""
    hospital = dispute.claim.hospital
    if not officer.has_role(Role.DINKES_SERVICES):
        raise Refused(_("The officer must be of Dinkes services."))
    against = obstacles(doctor, hospital, on=localdate(at), stage=Stage.MEDICAL)
    if against:
        raise Refused(_("%(name)s cannot sit on this panel.") % {"name": doctor}, code=against[0])
    with refusing(NAMELESS):
        return DISPUTE.apply(
            dispute, "name_panel", actor=actor, at=at, update={"doctor": doctor, "officer": officer},
            data={"doctor": doctor.pk, "officer": officer.pk},
        )  # fmt: skip


def rule(*, dispute, ruling, grounds, lines, actor, at):
    """The doctor of the panel rules. ``lines`` maps line pk to its Grant for a part. Returns the Dispute."""
    if dispute.doctor_id != actor.pk:
        raise NotAllowed(_("You are not the doctor of this panel."))
    if not grounds.strip():
        raise Refused(_("Write down the grounds of the ruling."))
    granted, total = _granted(dispute, ruling, lines)
    return DISPUTE.apply(
        dispute, "rule", actor=actor, at=at,
        data={"ruling": str(ruling), "approved": total},
        update={"ruling": ruling, "grounds": grounds.strip(), "lines": granted, "approved": total},
    )  # fmt: skip


def _granted(dispute, ruling, wanted):
    """``({line pk as text: [quantity, price]}, sum)`` of the ruling: all, what stood before, or what is given between the two."""
    granted, total, most = {}, 0, 0
    for line in dispute.claim.lines.all():
        before = Grant(*(line.approved_units or (0, 0)))
        grant = {Ruling.UPHOLD: granting.in_full(line), Ruling.DENY: before}.get(ruling, wanted.get(line.pk, before))
        if grant != before:
            granting.check(line, grant)
        if grant.amount < before.amount:
            raise Refused(
                _("%(part)s: the panel grants between %(before)s and %(asked)s.")
                % {"part": line.get_kind_display(), "before": rupiah(before.amount), "asked": rupiah(line.payable)}
            )
        granted[str(line.pk)] = [grant.quantity, grant.price]
        total, most = total + grant.amount, most + line.payable
    if ruling == Ruling.UPHOLD_PART and not dispute.before < total < most:
        raise Refused(_("A ruling in part grants more than before and less than was asked. Check the amounts."))
    return granted, total


def send_back(*, dispute, reason, actor, at):
    """Dinkes does not confirm: the doctor rules anew."""
    _require_officer(dispute, actor)
    if not reason.strip():
        raise Refused(_("Write down why."))
    cleared = {"ruled_at": None, "ruled_by": None}
    return DISPUTE.apply(dispute, "send_back", actor=actor, at=at, data={"reason": reason.strip()}, update=cleared)


def confirm(*, dispute, actor, at):
    """Dinkes confirms the ruling: the claim is decided by it, and what is granted beyond the first decision is committed."""
    _require_officer(dispute, actor)
    with transaction.atomic():
        claims = Claim.objects.select_for_update(no_key=True, of=("self",)).select_related("sjp", "hospital")
        claim = claims.get(pk=dispute.claim_id)
        dispute = DISPUTE.apply(dispute, "confirm", actor=actor, at=at)
        # A ruling that nothing changes leaves a part what it was.
        stands = dispute.ruling == Ruling.DENY and claim.approved is not None
        move = "uphold_part" if stands else MOVES[dispute.ruling]
        if dispute.ruling != Ruling.DENY:
            _write_lines(claim, dispute)
        claim = CLAIM.apply(
            claim, move, actor=actor, at=at,
            data={"ruling": dispute.ruling, "approved": dispute.approved},
            update={"approved": None if move == "deny" else dispute.approved},
        )  # fmt: skip
        if claim.approved:
            ledger.commit(claim, actor=actor, at=at)
    return dispute


def _require_officer(dispute, actor):
    if dispute.officer_id != actor.pk:
        raise NotAllowed(_("You are not the Dinkes officer of this panel."))


def _write_lines(claim, dispute):
    """Write the lines the panel has changed; the others stay as they were decided."""
    rulings = {line: tuple(dispute.lines[str(line.pk)]) for line in claim.lines.all()}
    changed = [line for line, units in rulings.items() if units != line.approved_units]
    grants = {line.pk: Grant(*rulings[line], reason=line.reason or dispute.grounds) for line in changed}
    granting.write(changed, grants)


def open_disputes():
    return Dispute.objects.exclude(state=DisputeState.DECIDED)
