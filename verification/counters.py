"""What waits for verifiers, their coordinator, and the signatures under a BAHV."""

from django.utils.translation import gettext_lazy as _

from claims.enums import BatchState, ClaimState
from claims.models import Claim, ClaimBatch
from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.counters import Counter
from verification.enums import BahvState
from verification.models import Bahv


def _unassigned(actor, at):
    return ClaimBatch.objects.visible_to(actor).filter(state=BatchState.COMPLETE)


def _to_decide(actor, at):
    """Of batches on the actor's table: by the batch, whose state has an index, not by the claim's."""
    rows = Claim.objects.visible_to(actor).filter(state=ClaimState.IN_VERIFICATION)
    return rows.filter(batch__state=BatchState.IN_VERIFICATION)


def _bahv(*states):
    def waiting(actor, at):
        return Bahv.objects.visible_to(actor).filter(state__in=states, batch__state=BatchState.BAHV_DRAFT)

    return waiting


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
        waiting=_to_decide,
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
