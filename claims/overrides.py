"""A finding set aside by a person, with a reason (domain.md D, engine requirements): counted by rule and by person."""

from django.db import transaction
from django.db.models import Count, Sum
from django.utils.translation import gettext as _

from claims import totals
from claims.batches import locked
from claims.enums import BatchState, ClaimState, Severity
from claims.models import Claim, Finding
from claims.permissions import OVERRIDERS
from claims.rules.catalogue import BY_CODE
from claims.workflow import CLAIM
from facilities.models import User
from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused, WrongState

_SHORTEST = 10  # letters of a reason somebody can follow later


def may_override(actor, finding):
    """Whether ``actor`` sets aside findings of this severity: refusals only those who keep the rules."""
    return not BY_CODE[finding.rule].fixed and actor.has_role(*OVERRIDERS[finding.severity])


def require_override(actor, finding):
    if not may_override(actor, finding):
        raise NotAllowed(_("Your role does not set aside findings of this kind."))


def override(*, finding, reason, actor, at):
    """Set ``finding`` aside with a reason. A claim of an open batch that nothing else refuses becomes ready. Returns it.

    Raises NotAllowed, Refused without a reason, WrongState for a decided claim or a finding already set aside.
    """
    require_override(actor, finding)
    if len(reason.strip()) < _SHORTEST:
        raise Refused(_("Write the reason so that an auditor can follow it."))
    with transaction.atomic():
        batch = locked(finding.claim.batch)
        claim = Claim.objects.select_for_update(no_key=True, of=("self",)).get(pk=finding.claim_id)
        finding = Finding.objects.select_for_update(no_key=True, of=("self",)).filter(pk=finding.pk).first()
        if finding is None or finding.overridden_at or claim.decided_at or claim.state == ClaimState.WITHDRAWN:
            raise WrongState(_("The claim has changed meanwhile. Look at it again."))
        finding.overridden_at, finding.overridden_by, finding.override_reason = at, actor, reason.strip()
        finding.save(update_fields=["overridden_at", "overridden_by", "override_reason"])
        journal.record("finding.override", claim, actor=actor, rule=finding.rule, severity=finding.severity)
        if batch.state == BatchState.OPEN and claim.state == ClaimState.BLOCKED and not _refused(claim):
            CLAIM.apply(claim, "clear", actor=None, at=at)
            totals.recount(batch)
    return finding


def _refused(claim):
    return claim.findings.filter(severity=Severity.REJECT, overridden_at__isnull=True).exists()


def counts(*, since):
    """Overrides since the day ``since``: by rule and person with number and rupiah claimed, most first."""
    rows = (
        Finding.objects.filter(overridden_at__date__gte=since)
        .order_by()
        .values("rule", "severity", "overridden_by")
        .annotate(count=Count("pk"), claimed=Sum("claim__claimed"))
    )
    people = User.objects.in_bulk({row["overridden_by"] for row in rows})
    found = [row | {"person": people[row["overridden_by"]]} for row in rows]
    return sorted(found, key=lambda row: (-row["count"], row["rule"]))
