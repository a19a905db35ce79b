"""Documents that move the year's ceilings: entered by the claims officer, put in force by the budget user (domain.md B21)."""

from django.db import transaction
from django.utils.translation import gettext as _

from budget import ledger
from budget.enums import DocumentKind
from budget.models import BudgetChange, BudgetDocument, BudgetLine, FiscalYear, FundingShare
from budget.permissions import PROPOSERS
from budget.workflow import DOCUMENT
from facilities.permissions import check
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.integrity import refusing


def open_year(*, year, office, office_code, actor):
    """Open a fiscal year. Returns it. Raises Refused when it exists."""
    check(actor, PROPOSERS)
    with transaction.atomic():
        found, is_new = FiscalYear.objects.get_or_create(
            year=year, defaults={"office": office, "office_code": office_code}
        )
        if not is_new:
            raise Refused(_("This year was opened already."))
        journal.record("budget.open_year", found, actor=actor)
    return found


def add_line(*, year, actor, shares=(), **fields):
    """Add a line without money to an open year. ``shares`` are pairs (funding source, percent) that make 100 together."""
    check(actor, PROPOSERS)
    if year.closed_at:
        raise Refused(_("This year is closed."))
    if shares and sum(percent for _source, percent in shares) != 100:
        raise Refused(_("The shares of the funding sources must make 100 percent together."))
    sentences = {
        "one_line_per_account_and_source": _("This year has such a line already."),
        "one_share_per_source": _("Name each funding source once."),
    }
    with transaction.atomic(), refusing(sentences):
        line = BudgetLine.objects.create(year=year, **fields)
        FundingShare.objects.bulk_create(FundingShare(line=line, source=s, percent=p) for s, p in shares)
        journal.record("budget.add_line", line, actor=actor, account=line.account)
    return line


def propose(*, year, kind, number, dated, changes, actor, at):
    """Enter a document. ``changes`` maps lines to rupiah, negative where a line gives. Returns the BudgetDocument.

    Nothing moves until another person puts it in force.
    """
    check(actor, PROPOSERS)
    changes = {line: amount for line, amount in changes.items() if amount}
    if year.closed_at:
        raise Refused(_("This year is closed."))
    if not changes:
        raise Refused(_("Write at least one amount."))
    if kind == DocumentKind.SHIFT and sum(changes.values()):
        raise Refused(_("A shift takes from lines exactly what it gives to others: the sum must be zero."))
    if kind == DocumentKind.DPA and min(changes.values()) < 0:
        raise Refused(_("A DPA allocates: an amount cannot be negative."))
    twice = _("A document with this number was entered already.")
    with transaction.atomic(), refusing({"a_budget_document_is_entered_once": twice}):
        document = BudgetDocument.objects.create(
            year=year, kind=kind, number=number.strip(), dated=dated, proposed_at=at, proposed_by=actor
        )
        BudgetChange.objects.bulk_create(
            BudgetChange(document=document, line=line, amount=amount) for line, amount in changes.items()
        )
        journal.record("budget_document.propose", document, actor=actor, number=document.number)
    return document


def approve(*, document, actor, at):
    """Put a document in force: every line moves, or none. Raises Overspent where a line would fall below what is realised."""
    two = _("You entered this document: another person puts it in force.")
    with transaction.atomic(), refusing({"budgetdocument_proposed_by_is_not_approved_by": two}):
        document = DOCUMENT.apply(document, "approve", actor=actor, at=at)
        changes = {change.line_id: change.amount for change in document.changes.all()}
        for pk, line in ledger.hold(changes).items():
            key = f"document:{document.pk}:line:{pk}"
            ledger.allocate(line, changes[pk], actor=actor, at=at, note=document.number, key=key, document=document)
        if document.kind == DocumentKind.DPA:
            FiscalYear.objects.filter(pk=document.year_id).update(document=document.number)
    return document


def refuse(*, document, reason, actor, at):
    """The lines stay as they are, and why."""
    if not reason.strip():
        raise Refused(_("Write down the reason."))
    return DOCUMENT.apply(document, "refuse", actor=actor, at=at, update={"refusal": reason.strip()})
