"""What waits for verifiers, their coordinator, the hospital, a panel, and the signatures under a BAHV."""

from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from claims.enums import BatchState
from claims.models import ClaimBatch
from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.counters import Counter
from verification import assignment, worklist
from verification.enums import BahvState, DisputeState, ReadingState
from verification.models import Absence, Assignment, Bahv, Dispute, Question, SecondReading


def _unassigned(actor, at):
    return ClaimBatch.objects.visible_to(actor).filter(state__in=assignment.WAITING)


def _bahv(*states):
    def waiting(actor, at):
        return Bahv.objects.visible_to(actor).filter(state__in=states)

    return waiting


def _questions(actor, at):
    return Question.objects.visible_to(actor).filter(answered_at__isnull=True, ended_at__isnull=True)


def _panel(member, state):
    """Disputes in ``state`` whose ``member`` of the panel is the actor."""

    def waiting(actor, at):
        return Dispute.objects.filter(state=state, **{member: actor})

    return waiting


def _away(actor, at):
    """Open work of verifiers who are absent: nobody else was free to take it over."""
    away = Absence.objects.lasting().filter(days__contains=localdate(at))
    return Assignment.objects.lasting().filter(
        verifier__in=away.values("verifier"), batch__state=BatchState.IN_VERIFICATION
    )


COUNTERS = (
    Counter(
        code="batches.unassigned",
        label=_("Batches without a verifier"),
        url_name="verification:queue",
        roles=(Role.VERIFIER_COORDINATOR,),
        waiting=_unassigned,
        urgent=True,
    ),
    Counter(
        code="claims.to_decide",
        label=_("Claims to decide"),
        url_name="verification:queue",
        roles=VERIFIER_ROLES,
        waiting=lambda actor, at: worklist.open_claims(actor),
    ),
    Counter(
        code="readings.to_read",
        label=_("Claims to read a second time"),
        url_name="verification:queue",
        roles=VERIFIER_ROLES,
        waiting=lambda actor, at: SecondReading.objects.filter(reader=actor, state=ReadingState.WAITING),
    ),
    Counter(
        code="readings.disagreed",
        label=_("Two readers disagree"),
        url_name="verification:readings",
        roles=(Role.VERIFIER_COORDINATOR,),
        waiting=lambda actor, at: SecondReading.objects.filter(state=ReadingState.DISAGREED),
        urgent=True,
    ),
    Counter(
        code="verifiers.away",
        label=_("Work of absent verifiers"),
        url_name="verification:team",
        roles=(Role.VERIFIER_COORDINATOR,),
        waiting=_away,
    ),
    Counter(
        code="questions.open",
        label=_("Questions of the verifiers"),
        url_name="verification:questions",
        roles=(Role.HOSPITAL_BILLER,),
        waiting=_questions,
        urgent=True,
    ),
    Counter(
        code="disputes.filed",
        label=_("Disputes without a panel"),
        url_name="verification:disputes",
        roles=(Role.VERIFIER_COORDINATOR,),
        waiting=lambda actor, at: Dispute.objects.filter(state=DisputeState.FILED),
        urgent=True,
    ),
    Counter(
        code="disputes.to_rule",
        label=_("Disputes to rule on"),
        url_name="verification:disputes",
        roles=(Role.VERIFIER_MEDICAL,),
        waiting=_panel("doctor", DisputeState.PANEL),
    ),
    Counter(
        code="disputes.to_confirm",
        label=_("Rulings to confirm"),
        url_name="verification:disputes",
        roles=(Role.DINKES_SERVICES,),
        waiting=_panel("officer", DisputeState.RULED),
    ),
    Counter(
        code="bahv.hospital",
        label=_("BAHV to sign"),
        url_name="verification:bahv_list",
        roles=(Role.HOSPITAL_DIRECTOR,),
        waiting=_bahv(BahvState.DRAFT),
        urgent=True,
    ),
    Counter(
        code="bahv.verifier",
        label=_("BAHV to sign"),
        url_name="verification:bahv_list",
        roles=VERIFIER_ROLES,
        waiting=_bahv(BahvState.SIGNED_HOSPITAL),
    ),
    Counter(
        code="bahv.dinkes",
        label=_("BAHV to approve"),
        url_name="verification:bahv_list",
        roles=(Role.DINKES_SERVICES,),
        waiting=_bahv(BahvState.SIGNED_VERIFIER),
    ),
)
