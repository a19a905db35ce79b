"""The budget of the demonstration: a year that is closed, a document that waits, money coming back, an audit."""

import datetime

from django.utils import timezone
from django.utils.timezone import localdate

from budget import closing, documents, payments, proof, reconciling, recoveries, watch
from budget.enums import PaymentState
from budget.models import BudgetLine, FiscalYear, Payment
from claims.models import Claim
from facilities.models import User
from reports import audits
from reports.enums import AuditSubject

LAST_YEAR_SHARE = 80  # percent of this year's ceilings
LEFT_TO_CONFIRM = 2
SAMPLE = 20


def live_through_money(*, at):
    """After claims were paid: everything a finance officer finds on a working day. Does nothing a second time."""
    if FiscalYear.objects.filter(closed_at__isnull=False).exists():
        return
    people = {name: User.objects.get(username=name) for name in ("dinkes.klaim", "kpa", "bendahara", "auditor")}
    year = localdate(at).year
    _last_year(year - 1, people)
    _waiting_document(year, people, at)
    _bank(people, at)
    _reconciliation(people, at)
    _recoveries(people, at)
    _audit(people, at)
    watch.settle(at=at)
    proof.prove(day=localdate(at), at=at)


def _last_year(year, people):
    """The same lines a year ago, allocated by a DPA and closed in January."""
    claims_officer, head = people["dinkes.klaim"], people["kpa"]
    tz = timezone.get_current_timezone()
    opened, closed = datetime.datetime(year, 1, 5, 9, tzinfo=tz), datetime.datetime(year + 1, 1, 8, 9, tzinfo=tz)
    old = documents.open_year(
        year=year, office="Dinas Kesehatan Kota Bekasi", office_code="1.02.0.00.0.00.01.0000", actor=claims_officer
    )
    fields = ("name", "sub_activity", "account", "funding_source", "for_public")
    changes = {}
    for line in BudgetLine.objects.filter(year=year + 1).order_by("pk"):
        values = {name: getattr(line, name) for name in fields}
        shares = (("APBD", 70), ("Bantuan keuangan provinsi", 30)) if line.for_public else ()
        made = documents.add_line(year=old, actor=claims_officer, shares=shares, **values)
        changes[made] = line.ceiling * LAST_YEAR_SHARE // 100
    document = documents.propose(
        year=old,
        kind="DPA",
        number=f"DPA-SKPD 1.02/{year}",
        dated=opened.date(),
        changes=changes,
        actor=claims_officer,
        at=opened,
    )
    documents.approve(document=document, actor=head, at=opened)
    closing.close(year=old, actor=head, at=closed)


def _waiting_document(year, people, at):
    """A shift between the two lines that the budget user has not decided on."""
    giving, taking = BudgetLine.objects.filter(year=year).order_by("for_public", "pk")[:2]
    amount = giving.left // 20
    documents.propose(
        year=giving.year,
        kind="SHIFT",
        number=f"900/117/Pergeseran/{year}",
        dated=localdate(at),
        changes={giving: -amount, taking: amount},
        actor=people["dinkes.klaim"],
        at=at,
    )


def _bank(people, at):
    """The bank has confirmed all transfers but the newest."""
    waiting = list(Payment.objects.filter(state=PaymentState.SP2D_ISSUED).order_by("pk"))
    for payment in waiting[:-LEFT_TO_CONFIRM]:
        payments.confirm_bank(
            payment=payment,
            date=payment.sp2d_date,
            amount=payment.transfer,
            reference=f"BJB-{payment.pk:06d}",
            actor=people["bendahara"],
            at=at,
        )


def _reconciliation(people, at):
    last = Payment.objects.filter(state=PaymentState.DISBURSED).order_by("-bank_date").first()
    if last:
        month = last.bank_date.replace(day=1)
        reconciling.draw(hospital=last.hospital, month=month, actor=people["dinkes.klaim"], at=at)


def _recoveries(people, at):
    """Two paid claims are asked back; one of them is in force."""
    for n, claim in enumerate(Claim.objects.filter(state="PAID", approved__gt=0).order_by("pk")[:2]):
        found = recoveries.propose(
            claim=claim,
            origin=("LEAKAGE", "AUDIT")[n],
            amount=max(claim.approved // 2, 1),
            reason="Pasien memiliki JKN aktif pada tanggal pelayanan",
            evidence=f"700/LHP-{n + 1}/Itko/{localdate(at).year}",
            actor=people["dinkes.klaim"],
            at=at,
        )
        if not n:
            recoveries.approve(recovery=found, actor=people["kpa"], at=at)


def _audit(people, at):
    """The auditor has drawn a sample and written one finding down."""
    today = localdate(at)
    audit = audits.open_audit(
        auditor=people["auditor"],
        letter=f"800/ST-41/Itko/{today.year}",
        purpose="Pemeriksaan ketaatan pembayaran klaim Jamkesda",
        valid=(today, today + datetime.timedelta(days=60)),
        scope=(datetime.date(today.year, 1, 1), today),
        actor=people["kpa"],
        at=at,
    )
    sample = audits.draw(audit=audit, subject=AuditSubject.CLAIMS, size=SAMPLE, actor=people["auditor"], at=at)
    found = audits.claims_of(sample)
    if not found:
        return
    audits.find(
        audit=audit,
        number=found[0].reference,
        amount=found[0].approved // 10,
        rule="Kuitansi tanpa materai",
        text="Kuitansi rumah sakit di atas Rp 5.000.000 tidak bermaterai.",
        actor=people["auditor"],
        at=at,
    )
