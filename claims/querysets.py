"""Who sees which claims.

A hospital's billing sees its own; a verifier only batches assigned to them; Dinkes and finance all; an auditor what was served
in the days of the letter of audit.
"""

from django.db.models import Case, CharField, Count, Exists, F, OuterRef, Q, Sum, Value, When

from claims.enums import UNJUDGED, BatchKind
from facilities.enums import CareType, Role, Service
from facilities.querysets import in_audit
from ksb.core.querysets import PerimeterQuerySet

CITY_ROLES = (Role.DINKES_CLAIMS, Role.DINKES_SERVICES, Role.VERIFIER_COORDINATOR)
PAYMENT_ONLY = (Role.TREASURER, Role.BUDGET_USER, Role.BUD)
SIGNAL_READERS = (Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES, Role.DINKES_CLAIMS, Role.AUDITOR)
BILLING = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)
VERIFIERS = (Role.VERIFIER_ADMIN, Role.VERIFIER_MEDICAL)


class BatchQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Payment officers see batch totals, never single claims."""
        if actor.has_role(*CITY_ROLES, *PAYMENT_ONLY):
            return self
        own = Q(hospital__in=actor.facility_ids(*BILLING)) | in_audit(actor, "service_month", months=True)
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

        own = Q(hospital__in=actor.facility_ids(*BILLING)) | in_audit(actor, "discharged_on")
        if actor.has_role(*VERIFIERS):
            own |= Q(batch__in=ClaimBatch.objects.all()._assigned_to(actor)) | Q(second_reading__reader=actor)
            own |= Q(dispute__doctor=actor)
        return self.filter(own)

    def blocked(self):
        return self.filter(state="BLOCKED")

    def with_questions(self):
        """Claims a verifier has to think about: not blocked, with a finding that asks for a decision."""
        return self._standing().filter(_asks())

    def without_questions(self):
        return self._standing().filter(~_asks())

    def taken_back(self):
        """Withdrawn by the hospital, or replaced by a corrected version."""
        return self.filter(state="WITHDRAWN")

    def by_kind(self):
        """``{BatchKind: (cases, rupiah)}`` in the order of the kinds. One query."""
        rows = (
            self.order_by().annotate(kind=service_kind()).values("kind").annotate(cases=Count("pk"), sum=Sum("claimed"))
        )
        found = {row["kind"]: (row["cases"], row["sum"]) for row in rows}
        return {kind: found[kind] for kind in BatchKind if kind in found}

    def of_kind(self, kind):
        """Those of one kind, without a join: fit for an UPDATE."""
        return self.model._base_manager.filter(pk__in=self.annotate(kind=service_kind()).filter(kind=kind).values("pk"))

    def living(self):
        """All but those the hospital took back or replaced."""
        return self.exclude(state="WITHDRAWN")

    def with_later_versions(self):
        """Adds ``is_replaced``: a later version took the place of this one."""
        return self.annotate(is_replaced=Exists(self.model._base_manager.filter(replaces=OuterRef("pk"))))

    def _standing(self):
        return self.exclude(state__in=("BLOCKED", "WITHDRAWN"))

    def parts(self):
        """How many are blocked, with and without questions, ready to be submitted, taken back. One query."""
        standing = ~Q(state__in=("BLOCKED", "WITHDRAWN"))
        return self.annotate(asks=_asks()).aggregate(
            blocked=Count("pk", filter=Q(state="BLOCKED")),
            questions=Count("pk", filter=standing & Q(asks=True)),
            clean=Count("pk", filter=standing & Q(asks=False)),
            ready=Count("pk", filter=Q(state="READY")),
            taken_back=Count("pk", filter=Q(state="WITHDRAWN")),
        )


def service_kind():
    """The BatchKind of a claim: what its letter was for, else its care type."""
    return Case(
        When(sjp__service=Service.HAEMODIALYSIS, then=Value(BatchKind.DIALYSIS)),
        When(sjp__service=Service.AMBULANCE, then=Value(BatchKind.AMBULANCE)),
        When(care_type=CareType.INPATIENT, then=Value(BatchKind.INPATIENT)),
        default=Value(BatchKind.OUTPATIENT),
        output_field=CharField(),
    )


def _asks():
    from claims.models import Finding

    return Exists(Finding.objects.filter(claim=OuterRef("pk"), severity="P"))


class ClaimPartQuerySet(PerimeterQuerySet):
    """Files, their refused rows and completeness follow their batch; lines, findings and papers their claim, which a second

    reader or a panel's doctor has without the batch.
    """

    def visible_to(self, actor):
        from claims.models import Claim, ClaimBatch

        if actor.has_role(*PAYMENT_ONLY):
            return self.none()
        if hasattr(self.model, "batch"):
            return self.filter(batch__in=ClaimBatch.objects.visible_to(actor).values("pk"))
        return self.filter(claim__in=Claim.objects.visible_to(actor).values("pk"))


class SettingQuerySet(PerimeterQuerySet):
    """The rules are no secret of an office: whoever deals with claims may know how they are applied."""

    def visible_to(self, actor):
        return self if actor.has_role(*CITY_ROLES, Role.AUDITOR, *BILLING, *VERIFIERS) else self.none()

    def in_force(self):
        return self.filter(state="IN_FORCE")


class ClinicalCodeQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*CITY_ROLES, Role.AUDITOR, *BILLING, *VERIFIERS) else self.none()


class PaidElsewhereQuerySet(PerimeterQuerySet):
    """What others have paid for whom is read through the finding it leads to; the list itself is Dinkes' and the auditor's."""

    def visible_to(self, actor):
        return self if actor.has_role(Role.DINKES_CLAIMS, Role.DINKES_SERVICES, Role.AUDITOR) else self.none()


class FraudSignalQuerySet(PerimeterQuerySet):
    """Dinkes, the coordinator of the verifiers and auditors: no hospital, and no verifier whose own work may be in it."""

    def visible_to(self, actor):
        return self if actor.has_role(*SIGNAL_READERS) else self.none()

    def to_judge(self):
        """Those people have not made up their minds about."""
        return self.filter(state__in=UNJUDGED)

    def naming(self, claim):
        """Those seen in one claim: a key, or an OuterRef to it."""
        return self.filter(claims__contains=[claim])


class IntakeRowQuerySet(ClaimPartQuerySet):
    def refused(self):
        """Rows nobody has corrected yet."""
        return self.filter(status="REFUSED")


class DeliveryQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The billing desk of the hospital that sends it."""
        return self.filter(hospital__in=actor.facility_ids(Role.HOSPITAL_BILLER))

    def to_take(self):
        """Here as a whole and not taken in yet, the oldest first."""
        return self.filter(finished_at__isnull=True, received=F("size")).order_by("pk")


class ProgramRequestQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The account that sent it."""
        return self.filter(sent_by=actor)


class DispensationQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The city's offices all, a hospital its own."""
        if actor.has_role(*CITY_ROLES, Role.AUDITOR):
            return self
        return self.filter(hospital__in=actor.facility_ids(*BILLING))

    def waiting(self):
        return self.filter(approved_at__isnull=True, refused_at__isnull=True)
