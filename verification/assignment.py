"""Claims of a batch come to verifiers by load and chance, never against a tie; each draw can be repeated from its seed."""

import random
import secrets

from django.db import transaction
from django.db.models import Count, Exists, OuterRef, Q
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from claims.enums import UNDER_REVIEW, BatchState, ClaimState
from claims.models import Claim, ClaimBatch
from claims.workflow import BATCH, CLAIM
from facilities.enums import Role
from facilities.models import Membership, User
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from verification.enums import AppointmentKind, ReadingState, Stage
from verification.models import Appointment, Assignment, Review, SecondReading
from verification.rules import KINDS_OF, ROLES_OF, obstacles

SENTENCES = {
    "NOT_VERIFIER": gettext_lazy("is not a verifier for this stage"),
    "NOT_APPOINTED": gettext_lazy("holds no appointment for this day and stage"),
    "HOSPITAL_ROLE": gettext_lazy("has or had a role in a hospital"),
    "PAYMENT_ROLE": gettext_lazy("has power to pay"),
    "CONFLICT": gettext_lazy("has a recorded tie to this hospital"),
    "ABSENT": gettext_lazy("is absent on this day"),
}
WAITING = BATCH["open_verification"].sources
SEEDS = 2**31


def assign(*, batch, verifier, actor, at, stage=Stage.ADMIN, seed=None, drawn_from=()):
    """Give the claims of ``batch`` in ``stage`` to ``verifier``, and open the verification. ``actor`` None is the system.

    Raises Refused naming what stands against it, or that a colleague already has them.
    """
    if actor is not None and not actor.has_role(Role.VERIFIER_COORDINATOR):
        raise NotAllowed(_("Only the coordinator assigns batches."))
    against = obstacles(verifier, batch.hospital, on=localdate(at), stage=stage)
    if against:
        raise Refused(
            _("%(name)s cannot verify %(hospital)s: %(reasons)s.")
            % {
                "name": verifier,
                "hospital": batch.hospital,
                "reasons": ", ".join(str(SENTENCES[code]) for code in against),
            }
        )
    with refusing({"one_verifier_per_stage_at_a_time": _("This batch already has a verifier for this stage.")}):
        if batch.state in WAITING:
            batch = BATCH.apply(batch, "open_verification", actor=actor, at=at)
            CLAIM.apply_many(batch.claims.all(), "open_verification", actor=actor, at=at)
        assignment = Assignment.objects.create(
            batch=batch,
            stage=stage,
            verifier=verifier,
            seed=seed,
            drawn_from=list(drawn_from),
            assigned_at=at,
            assigned_by=actor or User.objects.system(),
        )
        journal.record(
            "assignment.create", assignment, actor=actor, batch=batch.number, stage=str(stage), verifier=verifier.pk
        )
    return assignment


def reassign(*, assignment, verifier, actor, at):
    """Hand a batch over by the coordinator's choice. What was decided stays decided."""
    if not actor.has_role(Role.VERIFIER_COORDINATOR):
        raise NotAllowed(_("Only the coordinator assigns batches."))
    with transaction.atomic():
        _end(assignment, actor=actor, at=at)
        return assign(batch=assignment.batch, verifier=verifier, stage=assignment.stage, actor=actor, at=at)


def _end(assignment, *, actor, at):
    by = actor or User.objects.system()
    if not Assignment.objects.filter(pk=assignment.pk, ended_at__isnull=True).update(ended_at=at, ended_by=by):
        raise Refused(_("This assignment has already ended."))
    journal.record("assignment.end", assignment, actor=actor)


def candidates(hospital, *, on, stage=Stage.ADMIN):
    """Independent verifiers for ``hospital``, the one with the fewest claims still to decide first.

    Doctors stand in the administrative stage only behind those appointed for it.
    """
    members = Membership.objects.in_force(on).filter(role__in=ROLES_OF[stage])
    decrees = Appointment.objects.in_force(on).filter(verifier=OuterRef("pk"))
    people = (
        User.objects.filter(Exists(decrees.filter(kind__in=KINDS_OF[stage])), is_active=True, memberships__in=members)
        .distinct()
        .annotate(
            load=Count(
                "assignments__batch__claims",
                filter=Q(assignments__ended_at__isnull=True, assignments__batch__claims__state__in=UNDER_REVIEW),
                distinct=True,
            ),
            stands_in=~Exists(decrees.filter(kind=AppointmentKind.ADMINISTRATIVE))
            if stage == Stage.ADMIN
            else Exists(decrees.none()),
        )
        .order_by("stands_in", "load", "pk")
    )
    return [person for person in people if not obstacles(person, hospital, on=on, stage=stage)]


def draw(people, *, seed):
    """One of the least loaded of ``people`` (as ``candidates`` gives them) and the keys it was drawn from."""
    first = people[0]
    least = [p for p in people if (p.stands_in, p.load) == (first.stands_in, first.load)]
    return random.Random(seed).choice(least), [p.pk for p in least]


def assign_by_chance(*, batch, stage, at, actor=None):
    """Draw a verifier for ``stage`` of ``batch`` as the system. Returns the Assignment, or None where nobody is free."""
    people = candidates(batch.hospital, on=localdate(at), stage=stage)
    if not people:
        return None
    seed = secrets.randbelow(SEEDS)
    verifier, drawn_from = draw(people, seed=seed)
    return assign(batch=batch, verifier=verifier, stage=stage, actor=None, at=at, seed=seed, drawn_from=drawn_from)


def need_doctor(*, batch, at):
    """A claim of ``batch`` was passed on: somebody must have its medical stage. The night tries again where nobody is free."""
    if not Assignment.objects.lasting().filter(batch=batch, stage=Stage.MEDICAL).exists():
        assign_by_chance(batch=batch, stage=Stage.MEDICAL, at=at)


def give_second_reader(reading, *, at):
    """Draw a second reader for ``reading`` among those who never read the claim. None stays where nobody is free."""
    claim = reading.claim
    stage = Stage.MEDICAL if reading.first.stage == Stage.MEDICAL else Stage.ADMIN
    known = set(Review.objects.filter(claim=claim).values_list("verifier", flat=True))
    free = [p for p in candidates(claim.hospital, on=localdate(at), stage=stage) if p.pk not in known]
    if not free:
        return None
    open_now = dict(
        SecondReading.objects.filter(state=ReadingState.WAITING, reader__in=free)
        .values_list("reader")
        .annotate(Count("pk"))
    )
    least = min(open_now.get(p.pk, 0) for p in free)
    # Whoever reads: by open second readings, then by a chance the claim itself fixes.
    people = [p for p in free if open_now.get(p.pk, 0) == least]
    reading.reader = random.Random(reading.pk).choice(people)
    reading.save(update_fields=["reader"])
    journal.record("reading.give", reading, actor=None, reader=reading.reader_id)
    return reading.reader


def assign_waiting(*, at):
    """The night: hand over the work of who is absent or tied, then give what waits. Returns the numbers done."""
    handed = hand_over(at=at)
    return {"handed_over": handed, **_give_batches(at), "second_readers": _give_readings(at)}


def _give_batches(at):
    lasting = Assignment.objects.lasting().filter(batch=OuterRef("pk"))
    admin, medical = lasting.filter(stage=Stage.ADMIN), lasting.filter(stage=Stage.MEDICAL)
    claims = Claim.objects.filter(batch=OuterRef("pk"))
    batches = ClaimBatch.objects.select_related("hospital").order_by("pk")
    unread = batches.filter(
        Q(state__in=WAITING)
        | Q(state=BatchState.IN_VERIFICATION) & Exists(claims.filter(state=ClaimState.ADMIN_REVIEW)),
        ~Exists(admin),
    )
    passed_on = batches.filter(
        ~Exists(medical), Exists(claims.filter(state=ClaimState.MEDICAL_REVIEW)), state=BatchState.IN_VERIFICATION
    )
    return {
        "assigned": sum(bool(assign_by_chance(batch=batch, stage=Stage.ADMIN, at=at)) for batch in unread),
        "to_doctors": sum(bool(assign_by_chance(batch=batch, stage=Stage.MEDICAL, at=at)) for batch in passed_on),
    }


def _give_readings(at):
    waiting = SecondReading.objects.filter(state=ReadingState.WAITING, reader__isnull=True)
    waiting = waiting.select_related("claim__hospital", "first").order_by("pk")
    return sum(bool(give_second_reader(reading, at=at)) for reading in waiting)


def hand_over(*, at, verifier=None):
    """Take open work from who may not do it any more (absent, tied, not appointed) and draw somebody else.

    Where nobody else is free the work stays: the coordinator sees it. Returns how many assignments changed hands.
    """
    open_work = Assignment.objects.lasting().filter(Exists(_undecided())).select_related("verifier", "batch__hospital")
    if verifier is not None:
        open_work = open_work.filter(verifier=verifier)
    moved = 0
    for assignment in open_work.order_by("pk"):
        batch, stage = assignment.batch, assignment.stage
        if not obstacles(assignment.verifier, batch.hospital, on=localdate(at), stage=stage):
            continue
        if not candidates(batch.hospital, on=localdate(at), stage=stage):
            continue
        with transaction.atomic():
            _end(assignment, actor=None, at=at)
            assign_by_chance(batch=batch, stage=stage, at=at)
        moved += 1
    _hand_over_readings(at, verifier)
    return moved


def _undecided():
    return Claim.objects.filter(batch=OuterRef("batch"), state__in=UNDER_REVIEW)


def _hand_over_readings(at, verifier):
    waiting = SecondReading.objects.filter(state=ReadingState.WAITING, reader__isnull=False)
    if verifier is not None:
        waiting = waiting.filter(reader=verifier)
    for reading in waiting.select_related("claim__hospital", "first", "reader").order_by("pk"):
        if obstacles(reading.reader, reading.claim.hospital, on=localdate(at), stage=Stage.ADMIN):
            SecondReading.objects.filter(pk=reading.pk).update(reader=None)
            give_second_reader(reading, at=at)
