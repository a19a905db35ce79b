"""A hospital's billing sees its own claims; a verifier only batches assigned to them; Dinkes, finance and auditors all."""

from django.db.models import Count, Exists, OuterRef, Q

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
        own = Q(hospital__in=actor.facility_ids(*BILLING))
        if actor.has_role(*VERIFIERS):
            own |= Q(pk__in=self._assigned_to(actor))
        return self.filter(own)

    def returned(self):
        """Open batches that came back as incomplete."""
        return self.filter(state="OPEN", completeness_checks__isnull=False).distinct()

    def _assigned_to(self, verifier):
        """Keys of the batches on a verifier's table. A subquery: a join would show a batch once for each assignment."""
        rows = self.model._base_manager.filter(assignments__verifier=verifier, assignments__ended_at__isnull=True)
        return rows.values("pk")


class ClaimQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        from claims.models import ClaimBatch

        own = Q(hospital__in=actor.facility_ids(*BILLING))
        if actor.has_role(*VERIFIERS):
            own |= Q(batch__in=ClaimBatch.objects.all()._assigned_to(actor))
        return self.filter(own)

    def blocked(self):
        return self.filter(state="BLOCKED")

    def with_questions(self):
        """Claims a verifier has to think about: not blocked, with a finding that asks for a decision."""
        return self.exclude(state="BLOCKED").filter(_asks())

    def without_questions(self):
        return self.exclude(state="BLOCKED").filter(~_asks())

    def parts(self):
        """How many are blocked, with and without questions, and ready to be submitted. One query."""
        return self.annotate(asks=_asks()).aggregate(
            blocked=Count("pk", filter=Q(state="BLOCKED")),
            questions=Count("pk", filter=~Q(state="BLOCKED") & Q(asks=True)),
            clean=Count("pk", filter=~Q(state="BLOCKED") & Q(asks=False)),
            ready=Count("pk", filter=Q(state="READY")),
        )


def _asks():
    from claims.models import Finding

    return Exists(Finding.objects.filter(claim=OuterRef("pk"), severity="P"))


class ClaimPartQuerySet(PerimeterQuerySet):
    """Lines, findings and intake rows follow their claim or batch."""

    def visible_to(self, actor):
        from claims.models import ClaimBatch

        path = "batch" if hasattr(self.model, "batch") else "claim__batch"
        if actor.has_role(*PAYMENT_ONLY):
            return self.none()
        return self.filter(**{f"{path}__in": ClaimBatch.objects.visible_to(actor).values("pk")})


class DispensationQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The city's offices all, a hospital its own."""
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(hospital__in=actor.facility_ids(*BILLING))

    def waiting(self):
        return self.filter(approved_at__isnull=True, refused_at__isnull=True)
