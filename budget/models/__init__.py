"""The year's money: lines with their ceiling, an append-only ledger, payments with SPP, SPM and SP2D."""

from budget.models.entry import LedgerEntry
from budget.models.line import BudgetLine, FiscalYear
from budget.models.payment import Payment

__all__ = ["BudgetLine", "FiscalYear", "LedgerEntry", "Payment"]
