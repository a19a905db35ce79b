"""What hospitals and Dinkes are told of payments and lines. ``@follows`` names the journalled act; see docs/notices.md."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from budget.models import BudgetDocument, Payment, Reconciliation
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
THRESHOLD = kind(
    "budget.threshold",
    sentiment="warn",
    text=_("%(line)s of %(year)s: %(percent)s percent of the ceiling are committed, %(committed)s of %(ceiling)s."),
    route="budget:lines",
    by_link=False,
)
TO_DECIDE = kind(
    "budget.document",
    text=_("%(number)s waits for your decision: it moves lines of %(year)s."),
    route="budget:document",
)
TO_CONFIRM = kind(
    "reconciliation.drawn",
    text=_("Payments of %(month)s are listed: say what your bank received, and sign."),
    route="budget:reconciliation",
)


def _batches(payment):
    parts = payment.parts.select_related("bahv__batch").order_by("bahv", "pk")
    return ", ".join(dict.fromkeys(part.bahv.batch.number for part in parts))


@follows("payment.issue_sp2d")
def paid(event):
    payment = Payment.objects.get(pk=event.object_id)
    place = payment.hospital_id
    params = {"number": _batches(payment), "amount": rupiah(payment.amount), "paid_on": payment.sp2d_date}
    for role in (Role.HOSPITAL_DIRECTOR, Role.HOSPITAL_BILLER):
        tell(
            PAID,
            to=To(role=role, facility_id=place),
            about=payment,
            params=params,
            at=timezone.now(),
            addresses=mail_of(role, place, at=timezone.now()),
        )


@follows("payment.refuse_proposal")
@follows("payment.refuse_spp")
@follows("payment.refuse_spm")
def refused(event):
    payment = Payment.objects.get(pk=event.object_id)
    tell(
        REFUSED,
        to=To(role=Role.DINKES_CLAIMS),
        about=payment,
        params={"number": _batches(payment)},
        at=timezone.now(),
    )


@follows("budget_document.propose")
def document_waits(event):
    document = BudgetDocument.objects.get(pk=event.object_id)
    params = {"number": document.number, "year": document.year_id}
    tell(TO_DECIDE, to=To(role=Role.BUDGET_USER), about=document, params=params, at=timezone.now())


@follows("reconciliation.draw")
def reconciliation_waits(event):
    found = Reconciliation.objects.get(pk=event.object_id)
    to = To(role=Role.HOSPITAL_DIRECTOR, facility_id=found.hospital_id)
    tell(TO_CONFIRM, to=to, about=found, params={"month": f"{found.month:%m/%Y}"}, at=timezone.now())
