"""What the budget knows of a BAHV, which belongs to the floor above: whether it is approved, its claims and its amount."""

from django.db.models import Exists, OuterRef

from budget.models import PaymentPart
from claims.enums import ClaimState
from claims.models import Claim

APPROVED = "APPROVED"


def _model():
    """The model behind the foreign key: the floor above is named by a string there, and imported nowhere."""
    return PaymentPart._meta.get_field("bahv").related_model


def payable(hospital=None):
    """Approved BAHVs that no living payment pays, of one hospital or of all, oldest first."""
    live = PaymentPart.objects.filter(bahv=OuterRef("pk"), live=True)
    found = _model().objects.filter(~Exists(live), state=APPROVED, total_approved__gt=0)
    if hospital is not None:
        found = found.filter(batch__hospital=hospital)
    return found.select_related("batch__hospital").order_by("pk")


def claims_of(bahv):
    """The claims a BAHV decides on."""
    return bahv.claims.all()


def amount_of(bahv):
    """What the BAHV approves, in rupiah."""
    return bahv.total_approved


def paid_claims(*, year, until):
    """Claims paid from lines of ``year`` with an SP2D dated ``until`` or before."""
    parts = PaymentPart.objects.filter(
        live=True, line__year=year, payment__sp2d_date__lte=until, bahv__claims=OuterRef("pk")
    )
    return Claim.objects.filter(Exists(parts), state=ClaimState.PAID)
