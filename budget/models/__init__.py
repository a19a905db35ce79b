"""The year's money: lines, the documents that move them, an append-only ledger, payments, what is owed back."""

from budget.models.document import BudgetChange, BudgetDocument
from budget.models.entry import LedgerEntry
from budget.models.line import BudgetLine, FiscalYear, FundingShare, LineAlert
from budget.models.payment import Payment, PaymentPart
from budget.models.reconciliation import Reconciliation, ReconciliationItem
from budget.models.recovery import Recovery

__all__ = [
    "BudgetChange",
    "BudgetDocument",
    "BudgetLine",
    "FiscalYear",
    "FundingShare",
    "LedgerEntry",
    "LineAlert",
    "Payment",
    "PaymentPart",
    "Reconciliation",
    "ReconciliationItem",
    "Recovery",
]
