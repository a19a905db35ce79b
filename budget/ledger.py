"""The ledger: every movement of the year's money, added once per cause, never changed.

Order matters: the line's total is moved first by a conditional UPDATE, which takes the row lock and refuses what does not
fit, then the entry is inserted. A repeat of the same cause finds its key and does nothing. Who moves several lines in one
transaction holds them first, in the order of their keys (``hold``): nobody waits in a circle.
"""

import itertools
from collections import defaultdict

from django.db import IntegrityError, transaction
from django.db.models import Case, Count, F, IntegerField, Q, Sum, Value, When
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from budget.enums import Earmark
from budget.enums import LedgerKind as K
from budget.models import BudgetLine, FiscalYear, LedgerEntry
from facilities.enums import Service
from ksb.core.errors import Refused
from ksb.core.formats import rupiah
from ksb.core.workflow import system_user
from referrals.enums import SjpState

TOTAL = {
    K.ALLOCATE: ("ceiling", 1),
    K.REVISE: ("ceiling", 1),
    K.RESERVE: ("reserved", 1),
    K.RELEASE: ("reserved", -1),
    K.COMMIT: ("committed", 1),
    K.UNCOMMIT: ("committed", -1),
    K.DEBT: ("committed", 1),
    K.REALISE: ("realised", 1),
    K.OWE: ("owed", 1),
    K.REPAY: ("owed", -1),
}
TOTALS = ("ceiling", "reserved", "committed", "realised", "owed")


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


def move_together(entries):
    """Insert ``entries`` (unsaved) after moving each line once, in the order of their keys.

    For totals without a ceiling of their own. Raises IntegrityError where a key was posted before: then nothing moved.
    """
    moves = defaultdict(lambda: defaultdict(int))
    for entry in entries:
        total, sign = TOTAL[entry.kind]
        moves[entry.line_id][total] += sign * entry.amount
    with transaction.atomic():
        for line, totals in sorted(moves.items()):
            changes = {total: F(total) + amount for total, amount in totals.items()}
            BudgetLine.objects.filter(pk=line).update(**changes)
        return LedgerEntry.objects.bulk_create(entries, batch_size=2000)


def hold(lines):
    """Lock these lines (objects or keys) until the transaction ends, in the order of their keys. Returns {key: line}."""
    keys = sorted({getattr(line, "pk", line) for line in lines})
    rows = BudgetLine.objects.select_for_update(no_key=True).select_related(None).filter(pk__in=keys).order_by("pk")
    return {line.pk: line for line in rows}


def line_for(*, hospital, year, service=""):
    """The line that pays this hospital in ``year``, or None.

    One earmarked for the service comes first, then one for public or private hospitals, then the common one.
    """
    lines = BudgetLine.objects.filter(year_id=year, year__closed_at__isnull=True)
    lines = lines.exclude(for_public=not hospital.is_public)
    if service != Service.HAEMODIALYSIS:
        lines = lines.exclude(earmark=Earmark.HAEMODIALYSIS)
    marked = Case(When(earmark="", then=Value(1)), default=Value(0), output_field=IntegerField())
    common = Case(When(for_public__isnull=True, then=Value(1)), default=Value(0), output_field=IntegerField())
    return lines.order_by(marked, common, "account", "pk").first()


def reserve(sjp, *, at):
    """Set aside the SJP's estimate in the budget of the year it is issued in. Nothing happens without a line or estimate."""
    line = line_for(hospital=sjp.hospital, year=sjp.valid_from.year, service=sjp.service)
    if line is None or not sjp.estimate:
        return None
    return post(K.RESERVE, line, sjp.estimate, key=f"reserve:sjp:{sjp.pk}", actor=sjp.issued_by, at=at, sjp=sjp)


def release(sjp, *, actor, at):
    """Give back what was reserved for ``sjp``: it ended unused, or its claim was decided."""
    entry = _reservation(sjp)
    if entry is None:
        return None
    return post(K.RELEASE, entry.line, entry.amount, key=release_key(sjp.pk), actor=actor, at=at, sjp=sjp)


def release_for(claim, *, actor, at):
    """Give back what was reserved for the letter of a refused claim, unless the letter is in use: further visits are to come."""
    return release(claim.sjp, actor=actor, at=at) if _is_last_of_letter(claim) else None


def _is_last_of_letter(claim):
    """Whether the claim's letter is used no more: then its decision gives the reservation back."""
    return claim.sjp_id is not None and claim.sjp.state != SjpState.USED


def release_key(sjp_id):
    """The key of the one entry that gives back what was reserved for a letter."""
    return f"release:sjp:{sjp_id}"


def _reservation(sjp):
    """What is set aside for ``sjp`` and not given back yet: the entry, or None. One query."""
    rows = LedgerEntry.objects.filter(key__in=[f"reserve:sjp:{sjp.pk}", release_key(sjp.pk)])
    entries = list(rows.select_related("line"))
    return entries[0] if len(entries) == 1 else None


def commit(claim, *, actor, at, first=False):
    """Make what is committed for ``claim`` equal to ``claim.approved``, and give back the reservation of its letter.

    The first decision commits in the budget of the discharge year; a later one adds or takes back the difference: ``first``
    says that there was none before. A year that is closed takes nothing more: the oldest open year after it bears the claim as
    a debt. Returns the entry, or None when nothing moved. The caller holds the claim. Raises Refused when no line pays this
    hospital.
    """
    reservation = _reservation(claim.sjp) if _is_last_of_letter(claim) else None
    moves = [] if first else list(_moves([claim.pk]))
    standing = {line: amount for _claim, line, amount, _entries in moves if amount}
    line = BudgetLine.objects.get(pk=min(standing)) if standing else _line_of_claim(claim)
    moved = (claim.approved or 0) - sum(standing.values())
    count = sum(entries for _claim, _line, _amount, entries in moves)
    by, entries = {"entered_at": at, "entered_by": actor or system_user()}, []
    if moved:
        key = f"commit:claim:{claim.pk}" + (f":{count}" if count else "")
        kind = K.COMMIT if moved > 0 else K.UNCOMMIT
        entries.append(LedgerEntry(kind=kind, line=line, amount=abs(moved), key=key, claim=claim, **by))
    if reservation:
        given_back = {"line": reservation.line, "amount": reservation.amount, "sjp": claim.sjp}
        entries.append(LedgerEntry(kind=K.RELEASE, key=release_key(claim.sjp_id), **given_back, **by))
    try:
        move_together(entries)
    except IntegrityError:  # the letter was released a moment ago
        move_together(entries[:1] if moved else [])
    return entries[0] if moved else None


def _line_of_claim(claim):
    service = claim.sjp.service if claim.sjp_id else ""
    if line := line_for(hospital=claim.hospital, year=claim.discharged_on.year, service=service):
        return line
    closed = set(FiscalYear.objects.filter(closed_at__isnull=False).values_list("year", flat=True))
    year = next(year for year in itertools.count(claim.discharged_on.year) if year not in closed)
    if line := line_for(hospital=claim.hospital, year=year, service=service):
        return line
    raise Refused(_("The budget of %(year)d has no line for this hospital. Ask Dinkes to open one.") % {"year": year})


def commitments(claims):
    """What stands committed for these claims (keys or a queryset of keys): ``{claim: {line: rupiah}}``, zeros left out."""
    found = defaultdict(dict)
    for claim, line, amount, _entries in _moves(claims):
        if amount:
            found[claim][line] = amount
    return found


def _moves(claims):
    """``(claim, line, rupiah committed, entries that committed or gave back)`` for each claim and line with any."""
    amount = Case(When(kind=K.UNCOMMIT, then=-F("amount")), default=F("amount"), output_field=IntegerField())
    rows = LedgerEntry.objects.filter(claim__in=claims, kind__in=[K.COMMIT, K.UNCOMMIT, K.DEBT]).order_by()
    return rows.values_list("claim_id", "line_id").annotate(
        sum=Sum(amount), entries=Count("pk", filter=~Q(kind=K.DEBT))
    )


def carry(claims, *, hospital, year, actor, at):
    """Move what earlier years still owe for ``claims`` (a queryset) to the lines of ``year``: a debt carried over.

    Two entries a claim and line; the old line gives its commitment up, the new one takes it. Returns the rupiah moved.
    Raises Refused when the year has no line for the hospital.
    """
    service = dict(claims.order_by().values_list("pk", "sjp__service"))
    standing = commitments(claims.order_by().values("pk"))
    years = dict(
        BudgetLine.objects.filter(pk__in={pk for own in standing.values() for pk in own}).values_list("pk", "year")
    )
    late = [(c, pk, rp) for c, own in standing.items() for pk, rp in own.items() if years[pk] < year]
    if not late:
        return 0
    target = {
        name: line_for(hospital=hospital, year=year, service=name or "") for name in {service[c] for c, *_ in late}
    }
    if None in target.values():
        raise Refused(_("The budget of %(year)d has no line for this hospital.") % {"year": year})
    by, entries = {"entered_at": at, "entered_by": actor or system_user()}, []
    for claim, old, amount in sorted(late):
        new = target[service[claim]].pk
        for kind, line in ((K.UNCOMMIT, old), (K.DEBT, new)):
            key = f"{kind.lower()}:claim:{claim}:{old}:{new}"
            entries.append(LedgerEntry(kind=kind, line_id=line, amount=amount, key=key, claim_id=claim, **by))
    move_together(entries)
    return sum(amount for _claim, _line, amount in late)


def realise(payment, *, actor, at):
    """The money has left: move each part of ``payment`` into the realised total of its line. Raises Overspent."""
    sums = defaultdict(int)
    for line, amount in payment.parts.filter(live=True).values_list("line_id", "amount"):
        sums[line] += amount
    for pk, line in hold(sums).items():
        post(
            K.REALISE,
            line,
            sums[pk],
            key=f"realise:payment:{payment.pk}:{pk}",
            actor=actor,
            at=at,
            payment=payment,
        )


def allocate(line, amount, *, actor, at, note, key, document=None):
    """Put ``amount`` on the line (DPA), or change it (a revision, which may be negative)."""
    first = not line.entries.filter(kind=K.ALLOCATE).exists()
    kind = K.ALLOCATE if first and amount > 0 else K.REVISE
    return post(kind, line, amount, key=key, actor=actor, at=at, note=note, document=document)


def this_year(at):
    return localdate(at).year
