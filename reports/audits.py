"""Audits: opened by letter for a time, samples anybody can draw again, findings with their answers (domain.md B24)."""

import csv
import hashlib
import io

from django.db import connection, transaction
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from budget.models import Payment
from claims.models import Claim
from facilities.enums import Role
from facilities.permissions import check
from ksb.core import formats, journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.integrity import refusing
from ksb.core.tables import harmless
from reports.audit_models import Audit, AuditFinding, AuditSample
from reports.enums import AuditSubject
from reports.workflow import AUDIT_FINDING

OPENERS = (Role.BUDGET_USER,)
LARGEST_SAMPLE = 1000
# The order of a sample: the hash of seed and key, so that the same seed draws the same rows from the same population.
DRAW = {
    AuditSubject.CLAIMS: """
        SELECT id, count(*) OVER () FROM claims_claim
         WHERE state = 'PAID' AND discharged_on >= %(since)s AND discharged_on < %(until)s
         ORDER BY sha256(convert_to(%(seed)s || ':' || id, 'UTF8')) LIMIT %(size)s""",
    AuditSubject.PAYMENTS: """
        SELECT id, count(*) OVER () FROM budget_payment
         WHERE sp2d_date >= %(since)s AND sp2d_date < %(until)s
         ORDER BY sha256(convert_to(%(seed)s || ':' || id, 'UTF8')) LIMIT %(size)s""",
}


def open_audit(*, auditor, letter, purpose, valid, scope, actor, at):
    """Open an audit for ``auditor``; ``valid`` and ``scope`` are pairs of days, inclusive. Returns it."""
    check(actor, OPENERS)
    sentences = {
        "nobody_opens_an_audit_for_oneself": _("Nobody opens an audit for themselves."),
        "reports_audit_letter_key": _("An audit with this letter was opened already."),
    }
    with transaction.atomic(), refusing(sentences):
        audit = Audit.objects.create(
            auditor=auditor,
            letter=letter.strip(),
            purpose=purpose.strip(),
            valid=DateRange(*valid, "[]"),
            scope=DateRange(*scope, "[]"),
            opened_at=at,
            opened_by=actor,
        )
        journal.record("audit.open", audit, actor=actor, letter=letter, auditor=auditor.pk)
    audit.refresh_from_db()  # the days as the database keeps them: the last one excluded
    return audit


def may_work(audit, actor, on):
    """Whether ``actor`` is the auditor of ``audit`` and its letter is in force on that day."""
    return audit.auditor_id == actor.pk and actor.has_role(Role.AUDITOR) and on in audit.valid


def _require(audit, actor, at):
    if not may_work(audit, actor, localdate(at)):
        raise NotAllowed(_("The letter of assignment does not cover this day, or names another auditor."))


def draw(*, audit, subject, size, actor, at):
    """Draw a sample of paid claims or payments in the scope of the audit. Returns the AuditSample, with its seed.

    The seed comes from the letter and the number of the drawing: nobody chooses it.
    """
    _require(audit, actor, at)
    if not 1 <= size <= LARGEST_SAMPLE:
        raise Refused(_("A sample has 1 to %(most)d rows.") % {"most": LARGEST_SAMPLE})
    with transaction.atomic():
        audit = Audit.objects.select_for_update(no_key=True).get(pk=audit.pk)
        number = audit.samples.count() + 1
        seed = hashlib.sha256(f"{audit.letter}:{subject}:{number}".encode()).hexdigest()[:16]
        keys, population = drawn(audit, subject, seed, size)
        sample = AuditSample.objects.create(
            audit=audit,
            subject=subject,
            seed=seed,
            size=size,
            population=population,
            keys=keys,
            drawn_at=at,
            drawn_by=actor,
        )
        journal.record("audit.draw", sample, actor=actor, seed=seed, size=size, population=population)
    return sample


def drawn(audit, subject, seed, size):
    """``(keys, size of the population)`` of a drawing, the same whenever the population is the same."""
    values = {"since": audit.scope.lower, "until": audit.scope.upper, "seed": seed, "size": size}
    with connection.cursor() as cursor:
        cursor.execute(DRAW[subject], values)
        rows = cursor.fetchall()
    return [key for key, _all in rows], rows[0][1] if rows else 0


def claims_of(sample):
    """The claims of a sample, in the order they were drawn."""
    found = Claim.objects.select_related("hospital").in_bulk(sample.keys)
    return [found[key] for key in sample.keys if key in found]


def payments_of(sample):
    found = Payment.objects.select_related("hospital").in_bulk(sample.keys)
    return [found[key] for key in sample.keys if key in found]


def find(*, audit, number, amount, rule, text, actor, at):
    """Write a finding down about a drawn claim (its reference) or payment (its SP2D number). Returns the AuditFinding."""
    _require(audit, actor, at)
    keys = {subject: set() for subject in AuditSubject}
    for sample in audit.samples.all():
        keys[sample.subject].update(sample.keys)
    claim = Claim.objects.filter(pk__in=keys[AuditSubject.CLAIMS], reference=number.strip()).first()
    payment = Payment.objects.filter(pk__in=keys[AuditSubject.PAYMENTS], sp2d_number=number.strip()).first()
    if claim is None and payment is None:
        raise Refused(_("No claim and no payment of your samples has this number."))
    with transaction.atomic():
        finding = AuditFinding.objects.create(
            audit=audit,
            claim=claim,
            payment=None if claim else payment,
            amount=amount,
            rule=rule.strip(),
            text=text.strip(),
            found_at=at,
            found_by=actor,
        )
        journal.record("audit_finding.create", finding, actor=actor, amount=amount, rule=rule)
    return finding


def reply(*, finding, text, actor, at):
    """The claims officer answers."""
    return AUDIT_FINDING.apply(finding, "reply", actor=actor, at=at, update={"reply": text.strip()})


def close(*, finding, actor, at):
    """The auditor is content with the answer."""
    _require(finding.audit, actor, at)
    return AUDIT_FINDING.apply(finding, "close", actor=actor, at=at)


def ask_again(*, finding, actor, at):
    """The answer is not enough; it is kept in the journal."""
    _require(finding.audit, actor, at)
    update = {"replied_at": None, "replied_by": None}
    return AUDIT_FINDING.apply(finding, "ask_again", actor=actor, at=at, data={"reply": finding.reply}, update=update)


def as_csv(audit, *, actor, at):
    """Samples and findings for a spreadsheet. The first line says who took it, when and what for; the journal too."""
    _require(audit, actor, at)
    out = io.StringIO()
    write = csv.writer(out, delimiter=";")
    watermark = _("Taken by %(who)s on %(moment)s for: %(purpose)s (%(letter)s)") % {
        "who": actor,
        "moment": formats.moment(at),
        "purpose": audit.purpose,
        "letter": audit.letter,
    }
    write.writerow([harmless(watermark)])
    write.writerow([_("kind"), _("number"), _("hospital"), _("approved"), _("state"), _("seed")])
    for sample in audit.samples.all():
        if sample.subject == AuditSubject.CLAIMS:
            rows = [(c.reference, c.hospital.name, c.approved, c.get_state_display()) for c in claims_of(sample)]
        else:
            rows = [(p.sp2d_number, p.hospital.name, p.amount, p.get_state_display()) for p in payments_of(sample)]
        for row in rows:
            write.writerow([harmless(cell) for cell in (sample.get_subject_display(), *row, sample.seed)])
    for finding in audit.findings.select_related("claim__hospital", "payment__hospital"):
        about = finding.claim or finding.payment
        number = getattr(about, "reference", None) or about.sp2d_number
        cells = (_("finding"), number, about.hospital.name, finding.amount, finding.get_state_display(), finding.rule)
        write.writerow([harmless(cell) for cell in (*cells, finding.text, finding.reply)])
    journal.record("audit.export", audit, actor=actor, purpose=audit.purpose)
    return "\ufeff" + out.getvalue()
