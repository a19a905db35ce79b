"""Findings as a page shows them: with the other claim they speak of, where the reader may see it, and a way to set them aside."""

from claims.models import Claim
from claims.overrides import may_override


def explained(findings, *, actor, undecided):
    """The ``findings`` as a list, each with ``other`` (the public id of a claim inside the actor's perimeter, or None) and

    ``may_override``. ``undecided``: nobody has decided on the claim yet. One query.
    """
    findings = list(findings)
    named = {finding.evidence["claim"] for finding in findings if finding.evidence.get("claim")}
    seen = {}
    if named:
        rows = Claim.objects.visible_to(actor).filter(public_id__in=named)
        seen = {str(public_id): public_id for public_id in rows.values_list("public_id", flat=True)}
    for finding in findings:
        finding.other = seen.get(finding.evidence.get("claim"))
        finding.may_override = undecided and not finding.overridden_at and may_override(actor, finding)
    return findings
