"""The ledger: every movement of the year's money, added once per cause, never changed.

Order matters: the line's total is moved first by a conditional UPDATE, which takes the row lock and refuses what does not
fit, then the entry is inserted. A repeat of the same cause finds its key and does nothing.
"""

from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from budget.enums import LedgerKind as K
from budget.models import BudgetLine, LedgerEntry
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.formats import rupiah
from ksb.core.workflow import system_user

TOTAL = {
    K.ALLOCATE: ("ceiling", 1),
    K.REVISE: ("ceiling", 1),
    K.RESERVE: ("reserved", 1),
    K.RELEASE: ("reserved", -1),
    K.COMMIT: ("committed", 1),
    K.UNCOMMIT: ("committed", -1),
    K.REALISE: ("realised", 1),
}


class Overspent(Refused):
    """The movement does not fit into the budget line."""


def post(kind, line, amount, *, key, actor, at, **about):
    """Add one movement of ``amount`` rupiah to ``line``. Returns the entry, or None when ``key`` was posted before.

    Raises Overspent when the realised total would exceed the ceiling, or the ceiling fall below what is realised.
    """
    total, sign = TOTAL[kind]
    with transaction.atomic():
        lines = BudgetLine.objects.filter(pk=line.pk)
        if kind == K.REALISE:
            lines = lines.filter(realised__lte=F("ceiling") - amount)
        elif kind == K.REVISE:
            lines = lines.filter(realised__lte=F("ceiling") + amount)
        try:
            with transaction.atomic():
                if not lines.update(**{total: F(total) + sign * amount}):
                    raise Overspent(_overspent(line))
                return LedgerEntry.objects.create(
                    kind=kind,
                    line=line,
                    amount=amount,
                    key=key,
                    entered_at=at,
                    entered_by=actor or system_user(),
                    **about,
                )
        except IntegrityError:
            if LedgerEntry.objects.filter(key=key).exists():
                return None
            raise


def _overspent(line):
    line = BudgetLine.objects.get(pk=line.pk)
    return _("The amount exceeds what is left of the budget line “%(line)s”: %(left)s.") % {
        "line": line.name,
        "left": rupiah(line.left),
    }


def line_for(*, hospital, year):
    """The line that pays this hospital in ``year``: one for public or private hospitals first, else the common one."""
    lines = BudgetLine.objects.filter(year_id=year, year__closed_at__isnull=True)
    own = lines.filter(for_public=hospital.is_public).order_by("account", "pk").first()
    return own or lines.filter(for_public__isnull=True).order_by("account", "pk").first()


def reserve(sjp, *, at):
    """Set aside the SJP's estimate in the budget of the year it is issued in. Nothing happens without a line or estimate."""
    line = line_for(hospital=sjp.hospital, year=sjp.valid_from.year)
    if line is None or not sjp.estimate:
        return None
    return post(K.RESERVE, line, sjp.estimate, key=f"reserve:sjp:{sjp.pk}", actor=sjp.issued_by, at=at, sjp=sjp)


def release(sjp, *, actor, at):
    """Give back what was reserved for ``sjp``: it ended unused, or its claim was decided."""
    entry = LedgerEntry.objects.filter(key=f"reserve:sjp:{sjp.pk}").select_related("line").first()
    if entry is None:
        return None
    return post(K.RELEASE, entry.line, entry.amount, key=f"release:sjp:{sjp.pk}", actor=actor, at=at, sjp=sjp)


def commit(claim, *, actor, at):
    """The city now owes ``claim.approved``: commit it in the budget of the discharge year, and give back the reservation."""
    # Under a letter in use further visits are to come; the claim after its end gives the reservation back.
    if claim.sjp_id and claim.sjp.state != "USED":
        release(claim.sjp, actor=actor, at=at)
    line = line_for(hospital=claim.hospital, year=claim.discharged_on.year)
    if line is None:
        raise Refused(
            _("The budget of %(year)d has no line for this hospital. Ask Dinkes to open one.")
            % {"year": claim.discharged_on.year}
        )
    if not claim.approved:
        return None
    return post(K.COMMIT, line, claim.approved, key=f"commit:claim:{claim.pk}", actor=actor, at=at, claim=claim)


def realise(payment, *, actor, at):
    """The money has left: move ``payment.amount`` into the realised total. Raises Overspent above the line."""
    return post(
        K.REALISE,
        payment.line,
        payment.amount,
        key=f"realise:payment:{payment.pk}",
        actor=actor,
        at=at,
        payment=payment,
    )


def allocate(line, amount, *, actor, at, note, key):
    """Put ``amount`` on the line (DPA), or change it (a revision, which may be negative)."""
    kind = K.ALLOCATE if not line.entries.exists() else K.REVISE
    with transaction.atomic():
        entry = post(kind, line, amount, key=key, actor=actor, at=at, note=note)
        if entry:
            journal.record(f"budget.{kind.lower()}", line, actor=actor, amount=amount, note=note)
    return entry


def disagreements():
    """Recompute every total from the entries. Yields ``(line, total's name, kept, recomputed)`` where they differ."""
    sums = defaultdict(int)
    for line_id, kind, amount in LedgerEntry.objects.values_list("line_id", "kind").annotate(Sum("amount")).order_by():
        total, sign = TOTAL[kind]
        sums[line_id, total] += sign * amount
    for line in BudgetLine.objects.order_by("pk"):
        for total in ("ceiling", "reserved", "committed", "realised"):
            kept, recomputed = getattr(line, total), sums[line.pk, total]
            if kept != recomputed:
                yield line, total, kept, recomputed
