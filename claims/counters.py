"""What waits at a hospital's billing desk, at its director's, and with those who check completeness."""

from django.utils.translation import gettext_lazy as _

from claims.enums import BatchState
from claims.models import ClaimBatch, Dispensation
from claims.permissions import CHECKERS, DISPENSERS
from facilities.enums import Role
from ksb.core.counters import Counter


def _in_state(state):
    return lambda actor, at: ClaimBatch.objects.visible_to(actor).filter(state=state)


COUNTERS = (
    Counter(
        code="batches.returned",
        label=_("Batches returned as incomplete"),
        url_name="claims:batches",
        query="state=OPEN",
        roles=(Role.HOSPITAL_BILLER,),
        waiting=lambda actor, at: ClaimBatch.objects.visible_to(actor).returned(),
        urgent=True,
    ),
    Counter(
        code="batches.open",
        label=_("Batches not submitted yet"),
        url_name="claims:batches",
        query="state=OPEN",
        roles=(Role.HOSPITAL_BILLER,),
        waiting=_in_state(BatchState.OPEN),
    ),
    Counter(
        code="batches.to_sign",
        label=_("Batches of claims to sign"),
        url_name="claims:batches",
        query="state=TO_SIGN",
        roles=(Role.HOSPITAL_DIRECTOR,),
        waiting=_in_state(BatchState.TO_SIGN),
        urgent=True,
    ),
    Counter(
        code="dispensations.waiting",
        label=_("Dispensations to decide about"),
        url_name="claims:dispensations",
        roles=DISPENSERS,
        waiting=lambda actor, at: Dispensation.objects.waiting().exclude(proposed_by=actor),
    ),
    Counter(
        code="batches.completeness",
        label=_("Batches whose completeness waits to be checked"),
        url_name="claims:batches",
        query="state=SUBMITTED",
        roles=CHECKERS,
        waiting=_in_state(BatchState.SUBMITTED),
    ),
)
