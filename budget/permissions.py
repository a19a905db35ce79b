"""Who may open the budget's pages. What they may do there is in the workflow tables."""

from budget.querysets import READERS
from facilities.enums import PAYMENT_ROLES, Role

BUDGET_READERS = READERS
PAYMENT_READERS = (*PAYMENT_ROLES, Role.AUDITOR, Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)
PROPOSERS = (Role.DINKES_CLAIMS,)
