"""Batches come to verifiers by load and chance, never against a tie."""

import random

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import BatchState
from claims.models import ClaimBatch
from claims.workflow import BATCH, CLAIM
from facilities.enums import VERIFIER_ROLES, Role
from facilities.models import Membership, User
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from verification.models import Assignment
from verification.rules import obstacles

SENTENCES = {
    "NOT_VERIFIER": gettext_lazy("is not a verifier"),
    "NOT_APPOINTED": gettext_lazy("holds no appointment for this day"),
    "HOSPITAL_ROLE": gettext_lazy("has a role in a hospital"),
    "PAYMENT_ROLE": gettext_lazy("has power to pay"),
    "CONFLICT": gettext_lazy("has a recorded tie to this hospital"),
}


def assign(*, batch, verifier, actor, at):
    """Give a complete ``batch`` to ``verifier`` and open its verification. ``actor`` None is the system.

    Raises Refused naming what stands against it, or that a colleague already has the batch.
    """
    if actor is not None and not actor.has_role(Role.VERIFIER_COORDINATOR):
        raise NotAllowed(_("Only the coordinator assigns batches."))
    against = obstacles(verifier, batch.hospital, on=localdate(at))
    if against:
        raise Refused(
            _("%(name)s cannot verify %(hospital)s: %(reasons)s.")
            % {
                "name": verifier,
                "hospital": batch.hospital,
                "reasons": ", ".join(str(SENTENCES[code]) for code in against),
            }
        )
    with refusing({"one_verifier_per_batch_at_a_time": _("This batch already has a verifier.")}):
        if batch.state == BatchState.COMPLETE:
            batch = BATCH.apply(batch, "open_verification", actor=actor, at=at)
            CLAIM.apply_many(batch.claims.all(), "open_verification", actor=actor, at=at)
        assignment = Assignment.objects.create(
            batch=batch, verifier=verifier, assigned_at=at, assigned_by=actor or User.objects.system()
        )
        journal.record("assignment.create", assignment, actor=actor, batch=batch.number, verifier=verifier.pk)
    return assignment


def reassign(*, assignment, verifier, actor, at):
    """Hand a batch over, for instance during an absence. What was decided stays decided."""
    if not actor.has_role(Role.VERIFIER_COORDINATOR):
        raise NotAllowed(_("Only the coordinator assigns batches."))
    with transaction.atomic():
        ended = Assignment.objects.filter(pk=assignment.pk, ended_at__isnull=True).update(ended_at=at, ended_by=actor)
        if not ended:
            raise Refused(_("This assignment has already ended."))
        journal.record("assignment.end", assignment, actor=actor)
        return assign(batch=assignment.batch, verifier=verifier, actor=actor, at=at)


def candidates(hospital, *, on):
    """Independent verifiers for ``hospital``, the one with the fewest open batches first."""
    people = (
        User.objects.filter(is_active=True, memberships__in=_memberships(on))
        .distinct()
        .annotate(load=Count("assignments", filter=Q(assignments__ended_at__isnull=True), distinct=True))
        .order_by("load", "pk")
    )
    return [person for person in people if not obstacles(person, hospital, on=on)]


def _memberships(on):
    return Membership.objects.in_force(on).filter(role__in=VERIFIER_ROLES)


def assign_waiting(*, at, chance=random):
    """Give every complete batch without a verifier to one of the least loaded. Returns the number assigned."""
    done = 0
    taken = Assignment.objects.filter(batch=OuterRef("pk"), ended_at__isnull=True)
    waiting = ClaimBatch.objects.filter(~Exists(taken), state=BatchState.COMPLETE)
    for batch in waiting.select_related("hospital").order_by("pk"):
        people = candidates(batch.hospital, on=localdate(at))
        if not people:
            continue
        least = [p for p in people if p.load == people[0].load]
        assign(batch=batch, verifier=chance.choice(least), actor=None, at=at)
        done += 1
    return done
