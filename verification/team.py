"""Who verifies, kept by the coordinator: decrees, ties to hospitals, absences. What changes moves open work at once."""

from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import HOSPITAL_ROLES, PAYMENT_ROLES, VERIFIER_ROLES, Role
from facilities.models import Membership, User
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from verification import assignment
from verification.enums import AppointmentKind
from verification.models import Absence, Appointment, Conflict

NEVER_OF_A_HOSPITAL = {
    "verifier_was_never_of_a_hospital": gettext_lazy("Who has or had a role in a hospital cannot be a verifier.")
}
ON_RECORD = {"one_conflict_per_pair": gettext_lazy("This tie is on record already.")}


def _require_coordinator(actor):
    if not actor.has_role(Role.VERIFIER_COORDINATOR):
        raise NotAllowed(_("Only the coordinator keeps the list of verifiers."))


def verifiers(*, on):
    """Everybody with a verifier's role on that day, by name. Their decrees, ties and absences come along: four queries."""
    members = Membership.objects.in_force(on).filter(role__in=VERIFIER_ROLES)
    people = User.objects.filter(memberships__in=members).distinct().order_by("first_name", "last_name", "pk")
    return people.prefetch_related("appointments", "conflicts__hospital", "absences")


def appoint(*, verifier, kind, decree, period, actor, at):
    """Record a decree. Raises Refused for who has or had a role in a hospital, may pay, or is no doctor for a medical one."""
    _require_coordinator(actor)
    if Membership.objects.filter(user=verifier, role__in=HOSPITAL_ROLES).exists():
        raise Refused(NEVER_OF_A_HOSPITAL["verifier_was_never_of_a_hospital"])
    if verifier.has_role(*PAYMENT_ROLES):
        raise Refused(_("Who has power to pay cannot be a verifier."))
    if kind == AppointmentKind.MEDICAL and not verifier.has_role(Role.VERIFIER_MEDICAL):
        raise Refused(_("A medical appointment needs the role of a medical verifier."))
    with refusing(NEVER_OF_A_HOSPITAL):
        appointment = Appointment.objects.create(verifier=verifier, kind=kind, decree=decree.strip(), valid=period)
        journal.record("appointment.create", appointment, actor=actor, verifier=verifier.pk, decree=decree.strip())
    return appointment


def record_conflict(*, verifier, hospital, reason, declared_on, actor, at):
    """Record a tie. Open work on claims of this hospital is handed over in the same act. Returns the Conflict."""
    _require_coordinator(actor)
    with refusing(ON_RECORD), transaction.atomic():
        conflict = Conflict.objects.create(
            verifier=verifier, hospital=hospital, reason=reason.strip(), declared_on=declared_on, recorded_by=actor
        )
        journal.record("conflict.create", conflict, actor=actor, verifier=verifier.pk, hospital=hospital.code)
        assignment.hand_over(at=at, verifier=verifier)
    return conflict


def end_conflict(*, conflict, actor, at):
    """The tie is over. It stays on record."""
    _require_coordinator(actor)
    return _end(conflict, "conflict.end", actor, at)


def record_absence(*, verifier, period, reason, actor, at):
    """Days away. Open work is handed over now when they have begun, else by the night they begin. Returns the Absence."""
    _require_coordinator(actor)
    with transaction.atomic():
        absence = Absence.objects.create(
            verifier=verifier, days=period, reason=reason.strip(), recorded_at=at, recorded_by=actor
        )
        journal.record("absence.create", absence, actor=actor, verifier=verifier.pk)
        if period.lower <= localdate(at):
            assignment.hand_over(at=at, verifier=verifier)
    return absence


def end_absence(*, absence, actor, at):
    """Back before the last day, or recorded by mistake."""
    _require_coordinator(actor)
    return _end(absence, "absence.end", actor, at)


def _end(entry, verb, actor, at):
    with transaction.atomic():
        if not type(entry).objects.lasting().filter(pk=entry.pk).update(ended_at=at, ended_by=actor):
            raise Refused(_("This entry has ended already."))
        journal.record(verb, entry, actor=actor)
    return entry
