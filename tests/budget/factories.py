"""Budget lines, hospitals that may be paid, and payments on their way, for tests."""

import datetime
import itertools

from budget import documents, payments, reconciling, recoveries
from budget.ledger import allocate
from budget.models import BudgetLine, FiscalYear, Payment
from facilities.enums import AccountState
from facilities.models import AccountChange, Contract
from reports import audits
from tests import factories as f

ONE_WEEK = datetime.timedelta(days=7)
_count = itertools.count(1)
SUB_ACTIVITY = "1.02.02.2.02.0026"
STEPS = {
    "spp": (payments.issue_spp, "TREASURER"),
    "spm": (payments.issue_spm, "BUDGET_USER"),
    "sp2d": (payments.issue_sp2d, "BUD"),
}


def make_line(ceiling=1_000_000_000, *, year=2026, name="Klaim RS", for_public=None, **fields):
    FiscalYear.objects.get_or_create(year=year, defaults={"document": "DPA/1"})
    line = BudgetLine.objects.create(
        year_id=year,
        name=name,
        **{"sub_activity": SUB_ACTIVITY, "account": "5.1.02.02.02.0005", "for_public": for_public, **fields},
    )
    if ceiling:
        allocate(line, ceiling, actor=f.system(), at=f.NOW, note="DPA", key=f"dpa:{line.pk}")
    line.refresh_from_db()
    return line


def payable(hospital):
    """A hospital with everything a payment asks for: contract, NPWP, an account two people have put in force."""
    if not hospital.contracts.exists():
        f.make_contract(hospital)
    for contract in hospital.contracts.all():
        Contract.objects.filter(pk=contract.pk).update(tax_number="01.234.567.8-407.000")
        account = {name: getattr(contract, name) for name in ("bank_name", "bank_account", "bank_holder")}
        if not AccountChange.objects.filter(contract=contract, state=AccountState.APPROVED).exists():
            AccountChange.objects.create(
                contract=contract,
                state=AccountState.APPROVED,
                evidence="1/RS/2026",
                created_by=f.make_user("DINKES_SERVICES"),
                approved_at=f.NOW,
                approved_by=f.system(),
                **account,
            )
    return hospital


def propose(bahvs, *, actor=None, at=f.NOW, **values):
    """A proposal with its receipt."""
    payable(bahvs[0].batch.hospital)
    return payments.propose(
        bahvs=bahvs,
        actor=actor or f.make_user("DINKES_CLAIMS"),
        at=at,
        **{"receipt_number": f"KW/{next(_count)}", "receipt_date": f.TODAY, **values},
    )


def record(payment, step, *, actor=None, number="1", date=f.TODAY, at=f.NOW):
    service, role = STEPS[step]
    return service(payment=payment, number=number, date=date, actor=actor or f.make_user(role), at=at)


def paid(payment):
    """The payment after all three documents."""
    for step in STEPS:
        payment = record(payment, step, number=f"{step}/{payment.pk}")
    return payment


def disbursed(payment):
    """The payment after the bank's confirmation."""
    return payments.confirm_bank(
        payment=paid(payment),
        date=f.TODAY,
        amount=payment.transfer,
        reference="BJB/1",
        actor=f.make_user("TREASURER"),
        at=f.NOW,
    )


def document(*, kind="DPPA", amount=1000, actor=None, line=None, **values):
    """A document that waits for the budget user."""
    line = line or BudgetLine.objects.order_by("pk").first() or make_line()
    return documents.propose(
        year=line.year,
        kind=kind,
        number=f"{kind}/{next(_count)}",
        dated=f.TODAY,
        changes=values.pop("changes", {line: amount}),
        actor=actor or f.make_user("DINKES_CLAIMS"),
        at=f.NOW,
    )


def recovery(hospital=None, *, actor=None, claim=None, amount=1_000_000, approved=True, **values):
    """A recovery of a claim that was paid; in force unless said otherwise."""
    claim = claim or _paid_claim(hospital)
    found = recoveries.propose(
        claim=claim,
        actor=actor or f.make_user("DINKES_CLAIMS"),
        at=f.NOW,
        **{"origin": "FRAUD", "amount": amount, "reason": "Tindakan fiktif", "evidence": "LHP/1/2026", **values},
    )
    return recoveries.approve(recovery=found, actor=f.make_user("BUDGET_USER"), at=f.NOW) if approved else found


def _paid_claim(hospital):
    from tests.verification import factories as v

    payment = paid(propose([v.approved_bahv(hospital)]))
    return payment.parts.get().bahv.batch.claims.order_by("pk").first()


def reconciliation(hospital, *, actor=None):
    """What the bank transferred to a hospital this month, drawn up for its director."""
    from tests.verification import factories as v

    if not Payment.objects.filter(hospital=hospital, state="DISBURSED").exists():
        disbursed(propose([v.approved_bahv(hospital)]))
    month = f.TODAY.replace(day=1)
    return reconciling.draw(hospital=hospital, month=month, actor=actor or f.make_user("DINKES_CLAIMS"), at=f.NOW)


def audit(auditor=None, *, opener=None, **values):
    """An audit of this year's services, in force this month."""
    days = {"valid": (f.TODAY.replace(day=1), f.TODAY + ONE_WEEK), "scope": (f.TODAY.replace(month=1, day=1), f.TODAY)}
    return audits.open_audit(
        **{"letter": f"ST/{next(_count)}", "purpose": "Pemeriksaan kinerja", **days, **values},
        auditor=auditor or f.make_user("AUDITOR"),
        actor=opener or f.make_user("BUDGET_USER"),
        at=f.NOW,
    )


def finding(found, hospital=None):
    """A finding about a drawn claim of an audit."""
    claim = _paid_claim(hospital)
    audits.draw(audit=found, subject="CLAIMS", size=1000, actor=found.auditor, at=f.NOW)
    values = {"number": claim.reference, "amount": 1000, "rule": "DUP-01", "text": "Ditagih dua kali"}
    return audits.find(audit=found, actor=found.auditor, at=f.NOW, **values)
