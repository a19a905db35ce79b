"""The month's payments held against what the hospital received; differences explained; signed by both."""

import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from budget.enums import PaymentState as S
from budget.enums import ReconciliationState
from budget.models import Payment, Reconciliation, ReconciliationItem
from budget.permissions import RECONCILERS
from budget.workflow import PAYMENT, RECONCILIATION
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.integrity import refusing


def due(month):
    """Hospitals with payments of ``month`` that no reconciliation holds: ``{hospital: payments}``."""
    found = {}
    for payment in _of_month(month).filter(reconciliation_item__isnull=True).order_by("hospital__name", "pk"):
        found.setdefault(payment.hospital, []).append(payment)
    return found


def _of_month(month):
    after = (month + datetime.timedelta(days=31)).replace(day=1)
    paid = Payment.objects.filter(state=S.DISBURSED, bank_date__gte=month, bank_date__lt=after)
    return paid.select_related("hospital")


def draw(*, hospital, month, actor, at):
    """Draw up the list of a hospital's payments of a month, for the hospital to say what it received. Returns it.

    What the bank confirms after a month was drawn up comes into one more list of that month, with the next number.
    """
    check(actor, RECONCILERS)
    payments = list(_of_month(month).filter(hospital=hospital, reconciliation_item__isnull=True).order_by("pk"))
    if not payments:
        raise Refused(_("The bank confirmed no payment of this month that is not reconciled already."))
    once = _("Somebody has drawn this month up at this moment. Look at the list again.")
    with transaction.atomic(), refusing({"reconciliations_of_a_month_are_numbered": once}):
        number = Reconciliation.objects.filter(hospital=hospital, month=month).count() + 1
        found = Reconciliation.objects.create(
            hospital=hospital, month=month, number=number, drawn_at=at, drawn_by=actor
        )
        ReconciliationItem.objects.bulk_create(
            ReconciliationItem(reconciliation=found, payment=p, ours=p.transfer) for p in payments
        )
        journal.record("reconciliation.draw", found, actor=actor, payments=len(payments))
    return found


def confirm(*, reconciliation, received, note, actor, at):
    """The director says what came in: ``received`` maps item keys to rupiah. Differences need words. Signs for the hospital."""
    if reconciliation.hospital_id not in actor.facility_ids("HOSPITAL_DIRECTOR"):
        raise NotAllowed(_("Only the director of this hospital signs its reconciliation."))
    with transaction.atomic():
        items = list(reconciliation.items.select_for_update(no_key=True))
        for item in items:
            item.theirs = received[item.pk]
        if any(item.difference for item in items) and not note.strip():
            raise Refused(_("Explain the difference: which transfer, which amount, on which statement."))
        reconciliation = RECONCILIATION.apply(
            reconciliation, "confirm", actor=actor, at=at, update={"note": note.strip()}
        )
        ReconciliationItem.objects.bulk_update(items, ["theirs"])
    return reconciliation


def close(*, reconciliation, actor, at):
    """Sign for Dinkes: payments on which both agree are reconciled; the others stay open with their explanation."""
    with transaction.atomic():
        reconciliation = RECONCILIATION.apply(reconciliation, "close", actor=actor, at=at)
        for item in reconciliation.items.select_related("payment"):
            if item.difference == 0:
                PAYMENT.apply(item.payment, "reconcile", actor=actor, at=at)
    return reconciliation


def reopen(*, reconciliation, actor, at):
    """Send it back: the hospital looks at its statements again."""
    if reconciliation.state != ReconciliationState.CONFIRMED:
        raise WrongState(_("Only what the hospital has signed is sent back."))
    update = {"confirmed_at": None, "confirmed_by": None}
    return RECONCILIATION.apply(reconciliation, "reopen", actor=actor, at=at, update=update)
