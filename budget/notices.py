"""What hospitals and Dinkes are told of payments. ``@follows`` names the journalled act; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budget.models import Payment
from facilities.enums import Role
from facilities.notices import mail_of
from ksb.core.formats import rupiah
from ksb.core.notices.kinds import kind
from ksb.core.notices.telling import To, tell
from ksb.core.outbox import follows

PAID = kind(
    "payment.made",
    sentiment="ok",
    text=_("Batch %(number)s is paid: %(amount)s, SP2D of %(paid_on)s."),
    message=_("KSB: batch %(number)s is paid: %(amount)s, SP2D of %(paid_on)s."),
    route="budget:payment",
)
REFUSED = kind(
    "payment.refused",
    sentiment="bad",
    text=_("The payment of batch %(number)s was refused. The reason stands on its page."),
    route="budget:payment",
)


@follows("payment.issue_sp2d")
def paid(event):
    payment = Payment.objects.select_related("batch").get(pk=event.object_id)
    place = payment.batch.hospital_id
    params = {"number": payment.batch.number, "amount": rupiah(payment.amount), "paid_on": payment.sp2d_date}
    for role in (Role.HOSPITAL_DIRECTOR, Role.HOSPITAL_BILLER):
        tell(
            PAID,
            to=To(role=role, facility_id=place),
            about=payment,
            params=params,
            at=timezone.now(),
            addresses=mail_of(role, place, at=timezone.now()),
        )


@follows("payment.refuse")
def refused(event):
    payment = Payment.objects.select_related("batch").get(pk=event.object_id)
    tell(
        REFUSED,
        to=To(role=Role.DINKES_CLAIMS),
        about=payment,
        params={"number": payment.batch.number},
        at=timezone.now(),
    )
