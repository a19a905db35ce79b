"""Who sees what of verification.

A verifier sees the own work; the coordinator and Dinkes services all; a hospital what concerns its batches; an auditor who
decided, and of claims what the letter of audit opens.
"""

from django.db.models import Exists, OuterRef, Q

from facilities.enums import PAYMENT_ROLES, VERIFIER_ROLES, Role
from facilities.querysets import in_audit
from ksb.core.querysets import PerimeterQuerySet

OVERSIGHT = (Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES, Role.AUDITOR)
HOSPITAL = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)


class AppointmentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*OVERSIGHT, Role.DINKES_CLAIMS):
            return self
        return self.filter(verifier=actor)

    def in_force(self, day):
        return self.filter(valid__contains=day)


class VerifierQuerySet(PerimeterQuerySet):
    """Assignments, conflicts, absences and reviews: the verifier's own, or all for oversight."""

    def visible_to(self, actor):
        if actor.has_role(*OVERSIGHT):
            return self
        if actor.has_role(*VERIFIER_ROLES):
            return self.filter(verifier=actor)
        return self.none()

    def lasting(self):
        return self.filter(ended_at__isnull=True)


class SecondReadingQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The reader's own, without the first reader's knowledge; the coordinator and auditors all."""
        if actor.has_role(Role.VERIFIER_COORDINATOR, Role.AUDITOR):
            return self
        return self.filter(reader=actor.pk)


class OfClaimQuerySet(PerimeterQuerySet):
    """Questions, disputes and proofs follow their claim: hospital, verifiers who have it, oversight."""

    def visible_to(self, actor):
        from claims.models import Claim

        if actor.has_role(Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES):
            return self
        claims = Claim.objects.visible_to(actor).values("pk")
        if hasattr(self.model, "claim"):
            return self.filter(claim__in=claims)
        return self.filter(Q(question__claim__in=claims) | Q(dispute__claim__in=claims))


class BahvQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES, *PAYMENT_ROLES):
            return self
        own = Q(batch__hospital__in=actor.facility_ids(*HOSPITAL)) | in_audit(
            actor, "batch__service_month", months=True
        )
        if actor.has_role(*VERIFIER_ROLES):
            from verification.models import Assignment

            own |= Exists(Assignment.objects.filter(batch=OuterRef("batch"), verifier=actor))
        return self.filter(own)


class OfBahvQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        from verification.models import Bahv

        return self.filter(bahv__in=Bahv.objects.visible_to(actor).values("pk"))
