"""What waits at the billing desk of a hospital."""

from django.utils.translation import gettext_lazy as _

from claims.enums import BatchState
from claims.models import ClaimBatch
from facilities.enums import Role
from ksb.core.counters import Counter

COUNTERS = (
    Counter(
        code="batches.open",
        label=_("Batches not submitted yet"),
        url_name="claims:batches",
        query="state=OPEN",
        roles=(Role.HOSPITAL_BILLER,),
        waiting=lambda actor, at: ClaimBatch.objects.visible_to(actor).filter(state=BatchState.OPEN),
    ),
)
