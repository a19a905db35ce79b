"""A hospital's billing sees its own claims; a verifier only batches assigned to them; Dinkes, finance and auditors all."""

from facilities.enums import Role
from ksb.core.querysets import PerimeterQuerySet

CITY_ROLES = (Role.DINKES_CLAIMS, Role.DINKES_SERVICES, Role.VERIFIER_COORDINATOR, Role.AUDITOR)
PAYMENT_ONLY = (Role.TREASURER, Role.BUDGET_USER, Role.BUD)
BILLING = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)
VERIFIERS = (Role.VERIFIER_ADMIN, Role.VERIFIER_MEDICAL)


class BatchQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Payment officers see batch totals, never single claims."""
        if actor.has_role(*CITY_ROLES, *PAYMENT_ONLY):
            return self
        own = self.filter(hospital__in=actor.facility_ids(*BILLING))
        if actor.has_role(*VERIFIERS):
            return own | self.filter(assignments__verifier=actor, assignments__ended_at__isnull=True)
        return own


class ClaimQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        own = self.filter(hospital__in=actor.facility_ids(*BILLING))
        if actor.has_role(*VERIFIERS):
            return own | self.filter(batch__assignments__verifier=actor, batch__assignments__ended_at__isnull=True)
        return own


class ClaimPartQuerySet(PerimeterQuerySet):
    """Lines, findings and intake rows follow their claim or batch."""

    def visible_to(self, actor):
        from claims.models import ClaimBatch

        path = "batch" if hasattr(self.model, "batch") else "claim__batch"
        if actor.has_role(*PAYMENT_ONLY):
            return self.none()
        return self.filter(**{f"{path}__in": ClaimBatch.objects.visible_to(actor).values("pk")})
