"""The account of a contract: money goes there, so one person enters it and another puts it in force."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import IntegrityError, connections, transaction

from facilities import accounts
from facilities.enums import AccountState, Role
from facilities.models import AccountChange, Contract
from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.models import JournalEntry
from tests import factories as f

pytestmark = pytest.mark.django_db
NEW = {
    "bank_name": "Bank BJB",
    "bank_account": "0012345678",
    "bank_holder": "RSUD",
    "tax_number": "01.2",
    "evidence": "9/RS",
}


def propose(contract, actor, **values):
    return accounts.propose(contract=contract, actor=actor, **NEW | values)


@pytest.fixture
def contract():
    return f.make_contract(f.hospital())


@pytest.fixture
def dinkes():
    return f.make_user(Role.DINKES_SERVICES)


@pytest.fixture
def pptk():
    return f.make_user(Role.DINKES_CLAIMS)


def test_until_another_person_approves_the_old_account_is_paid_to(contract, dinkes, pptk):
    old = contract.bank_account
    change = propose(contract, dinkes)
    contract.refresh_from_db()
    assert contract.bank_account == old
    accounts.approve(change=change, actor=pptk, at=f.NOW)
    contract.refresh_from_db()
    assert (contract.bank_account, contract.bank_holder) == ("0012345678", "RSUD")


def test_nobody_approves_the_account_they_entered(contract, dinkes):
    change = propose(contract, dinkes)
    with pytest.raises(NotAllowed):
        accounts.approve(change=change, actor=dinkes, at=f.NOW)
    with pytest.raises(IntegrityError, match="created_by_is_not_approved_by"), transaction.atomic():
        AccountChange.objects.update(state="APPROVED", approved_at=f.NOW, approved_by=dinkes)


def test_the_database_refuses_an_account_that_nobody_approved(contract, dinkes):
    propose(contract, dinkes)
    for values in (
        {"bank_account": "0012345678", "bank_holder": "RSUD", "bank_name": "Bank BJB"},
        {"bank_holder": "X"},
    ):
        with pytest.raises(IntegrityError, match="approved"), transaction.atomic():
            Contract.objects.filter(pk=contract.pk).update(**values)


def test_a_refused_account_changes_nothing_and_another_may_be_entered(contract, dinkes, pptk):
    old = contract.bank_account
    change = accounts.refuse(change=propose(contract, dinkes), reason="Surat tidak asli", actor=pptk, at=f.NOW)
    contract.refresh_from_db()
    assert (contract.bank_account, change.refusal) == (old, "Surat tidak asli")
    propose(contract, dinkes)


def test_one_account_waits_at_a_time(contract, dinkes):
    propose(contract, dinkes)
    with pytest.raises(Refused):
        propose(contract, dinkes, bank_account="00999")


def test_the_account_in_force_is_not_entered_again(contract, dinkes, pptk):
    accounts.approve(change=propose(contract, dinkes), actor=pptk, at=f.NOW)
    contract.refresh_from_db()
    with pytest.raises(Refused):
        propose(contract, dinkes)


@pytest.mark.parametrize("role", [Role.DINKES_MEMBERSHIP, Role.TREASURER, Role.HOSPITAL_DIRECTOR])
def test_other_roles_neither_enter_nor_decide(contract, dinkes, role):
    stranger = f.make_user(role)
    with pytest.raises(NotAllowed):
        propose(contract, stranger)
    change = propose(contract, dinkes)
    for act in (accounts.approve, accounts.refuse):
        with pytest.raises(NotAllowed):
            act(change=change, actor=stranger, at=f.NOW, **({"reason": "x"} if act is accounts.refuse else {}))


def test_the_journal_never_holds_a_whole_account_number(contract, dinkes, pptk):
    accounts.approve(change=propose(contract, dinkes), actor=pptk, at=f.NOW)
    told = str(list(JournalEntry.objects.values_list("data", flat=True)))
    assert "5678" in told
    assert "0012345678" not in told


@pytest.mark.django_db(transaction=True)
def test_two_people_who_decide_in_the_same_second_decide_once():
    change = propose(f.make_contract(f.hospital()), f.make_user(Role.DINKES_SERVICES))
    deciders = [f.make_user(Role.DINKES_CLAIMS), f.make_user(Role.DINKES_SERVICES)]
    start = Barrier(2)

    def decide(actor, act, **more):
        try:
            start.wait()
            return act(change=AccountChange.objects.get(pk=change.pk), actor=actor, at=f.NOW, **more)
        except Refused as refusal:
            return refusal
        finally:
            connections.close_all()

    with ThreadPoolExecutor(2) as pool:
        tasks = [
            pool.submit(decide, deciders[0], accounts.approve),
            pool.submit(decide, deciders[1], accounts.refuse, reason="Tidak cocok"),
        ]
        results = [task.result() for task in tasks]
    assert sorted(type(result).__name__ for result in results) == ["AccountChange", "WrongState"]
    change.refresh_from_db()
    assert (change.approved_at is None) == (change.state == AccountState.REFUSED)
    assert any(isinstance(result, WrongState) for result in results)
