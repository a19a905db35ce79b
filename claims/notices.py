"""What a hospital's billing is told of its claims. ``@follows`` names the journalled act; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from claims.models import Claim
from facilities.enums import Role
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, tell
from ksb.core.outbox import follows

RETURNED = kind(
    "claims.returned",
    sentiment="warn",
    text=_("The verifier returned claims of batch %(number)s. The reasons stand beside each claim."),
    route="claims:batch",
)


@follows("claim.return_")
def returned(event):
    """Once for a batch, however many of its claims come back."""
    batch = Claim.objects.select_related("batch").get(pk=event.object_id).batch
    tell(
        RETURNED,
        to=To(role=Role.HOSPITAL_BILLER, facility_id=batch.hospital_id),
        about=batch,
        params={"number": batch.number},
        at=timezone.now(),
    )
