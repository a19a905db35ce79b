"""The end of a year: what is not paid is a debt of the next (domain.md B21)."""

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from budget import ledger
from budget.debts import owed_claims
from budget.enums import UNDER_WAY, DocumentState
from budget.enums import LedgerKind as K
from budget.models import BudgetDocument, BudgetLine, FiscalYear, LedgerEntry, PaymentPart
from budget.permissions import YEAR_CLOSERS
from facilities.models import Facility
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import Refused, WrongState


def obstacles(year):
    """Sentences that say what must be settled before ``year`` closes; empty when nothing is left."""
    found = []
    payments = PaymentPart.objects.filter(line__year=year, live=True, payment__state__in=UNDER_WAY)
    if count := payments.values("payment").distinct().count():
        found.append(_("%(count)d payments are under way: finish or refuse them.") % {"count": count})
    if BudgetDocument.objects.filter(year=year, state=DocumentState.PROPOSED).exists():
        found.append(_("A document of this year waits for its approval: approve or refuse it."))
    if owed_claims().filter(pk__in=_committed_in(year)).exists():
        following = FiscalYear.objects.filter(year=year.year + 1, closed_at__isnull=True).first()
        if following is None or not following.lines.exists():
            found.append(
                _("Claims are unpaid: open the lines of %(year)d first, which will bear them as debts.")
                % {"year": year.year + 1}
            )
    return found


def close(*, year, actor, at):
    """Close ``year``: reservations are released, unpaid claims become debts of the next year. Returns the rupiah carried.

    Raises Refused while something is not settled, or before the year is over, WrongState when it was closed.
    """
    check(actor, YEAR_CLOSERS)
    with transaction.atomic():
        year = FiscalYear.objects.select_for_update(no_key=True).get(pk=year.pk)
        if year.closed_at:
            raise WrongState(_("This year is closed."))
        if at.year <= year.year:
            raise Refused(_("The year %(year)d is not over yet.") % {"year": year.year})
        if found := obstacles(year):
            raise Refused(" ".join(found))
        ledger.hold(BudgetLine.objects.filter(year__in=[year.year, year.year + 1]).values_list("pk", flat=True))
        carried = _carry(year, actor, at)
        released = _release(year, actor, at)
        year.closed_at, year.closed_by = at, actor
        year.save(update_fields=["closed_at", "closed_by"])
        journal.record("budget.close_year", year, actor=actor, carried=carried, released=released)
    return carried


def _committed_in(year):
    return LedgerEntry.objects.filter(line__year=year, kind__in=[K.COMMIT, K.DEBT]).values("claim")


def _carry(year, actor, at):
    owed = owed_claims().filter(pk__in=_committed_in(year))
    total = 0
    for hospital in Facility.objects.filter(pk__in=owed.order_by().values("hospital")).order_by("pk"):
        claims = owed.filter(hospital=hospital)
        total += ledger.carry(claims, hospital=hospital, year=year.year + 1, actor=actor, at=at)
    return total


def _release(year, actor, at):
    """Letters of the old year that are still open reserve nothing more; their claims commit in the year they are decided."""
    released = LedgerEntry.objects.filter(kind=K.RELEASE, sjp=OuterRef("sjp"))
    open_ones = LedgerEntry.objects.filter(~Exists(released), line__year=year, kind=K.RESERVE).order_by("pk")
    entries = [
        LedgerEntry(
            kind=K.RELEASE,
            line_id=line,
            sjp_id=sjp,
            amount=amount,
            key=ledger.release_key(sjp),
            entered_at=at,
            entered_by=actor,
        )
        for line, sjp, amount in open_ones.values_list("line", "sjp", "amount").iterator()
    ]
    ledger.move_together(entries)
    return sum(entry.amount for entry in entries)
