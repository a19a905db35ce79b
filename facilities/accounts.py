"""The bank account of a contract: one person enters it from the hospital's letter, another puts it in force."""

from django.db import transaction
from django.utils.translation import gettext as _

from facilities.models import AccountChange
from facilities.permissions import ACCOUNT_PROPOSERS, check
from facilities.workflow import ACCOUNT, entered_yourself
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing

FIELDS = ("bank_name", "bank_account", "bank_holder", "tax_number")
SHOWN = 4


def propose(*, contract, bank_name, bank_account, bank_holder, tax_number, evidence, actor):
    """Ask that this account be paid to. Returns the AccountChange, which changes nothing yet.

    Raises Refused when it is the account in force, or when another change waits.
    """
    check(actor, ACCOUNT_PROPOSERS)
    asked = dict(zip(FIELDS, (bank_name, bank_account, bank_holder, tax_number), strict=True))
    if all(getattr(contract, name) == value for name, value in asked.items()):
        raise Refused(_("This is the account in force already."))
    waiting = _("Another account is waiting for approval. Decide on that one first.")
    with transaction.atomic(), refusing({"one_account_change_waits_per_contract": waiting}):
        change = AccountChange.objects.create(contract=contract, evidence=evidence, created_by=actor, **asked)
        _tell("contract.account_proposed", change, actor, evidence=evidence)
    return change


def approve(*, change, actor, at):
    """Pay to this account from now on; not by who entered it."""
    sentence = {"accountchange_created_by_is_not_approved_by": entered_yourself()}
    with transaction.atomic(), refusing(sentence, error=NotAllowed):
        change = ACCOUNT.apply(change, "approve", actor=actor, at=at)
        contract = change.contract
        old = masked(contract.bank_account)
        for name in FIELDS:
            setattr(contract, name, getattr(change, name))
        contract.save(update_fields=FIELDS)
        _tell("contract.account", change, actor, changes={"bank_account": [old, masked(change.bank_account)]})
    return change


def refuse(*, change, reason, actor, at):
    """The account in force stays, and why."""
    with transaction.atomic():
        change = ACCOUNT.apply(change, "refuse", actor=actor, at=at, update={"refusal": reason.strip()})
        _tell("contract.account_refused", change, actor, reason=change.refusal)
    return change


def _tell(verb, change, actor, **data):
    """Into the history of the facility, beside the state table's own entry on the change."""
    contract = change.contract
    told = {"contract": contract.number, "account": masked(change.bank_account)}
    journal.record(verb, contract.facility, actor=actor, **told, **data)


def masked(account):
    """The last digits of an account, enough to tell two apart: ``•••• 4711``."""
    return f"•••• {account[-SHOWN:]}" if account else ""
