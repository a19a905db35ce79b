"""Who sees which money.

Budget figures are seen by Dinkes services, finance, planning and auditors; a hospital sees its own payments, an auditor those of
the days of the letter of audit.
"""

from django.db.models import Q

from facilities.enums import PAYMENT_ROLES, Role
from facilities.querysets import in_audit
from ksb.core.querysets import PerimeterQuerySet

READERS = (Role.DINKES_SERVICES, *PAYMENT_ROLES, Role.PLANNING_VIEWER, Role.AUDITOR)
HOSPITAL = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)


def _in_audit(actor, path):
    """Q of payments an auditor's letters open: by the day of the SP2D, before there is one by that of the proposal."""
    proposed = Q(**{f"{path}sp2d_date__isnull": True}) & in_audit(actor, f"{path}proposed_at__date")
    return proposed | in_audit(actor, f"{path}sp2d_date")


class BudgetQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*READERS) else self.none()


class PaymentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*PAYMENT_ROLES):
            return self
        own = Q(hospital__in=actor.facility_ids(*HOSPITAL)) | _in_audit(actor, "")
        return self.filter(own)

    def overdue(self, day):
        """Payments whose next officer is late on that day."""
        return self.filter(due_on__lt=day)


class PaymentPartQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*PAYMENT_ROLES):
            return self
        own = Q(payment__hospital__in=actor.facility_ids(*HOSPITAL)) | _in_audit(actor, "payment__")
        return self.filter(own)


class RecoveryQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """A hospital sees what it owes itself; what residents owe only the offices, and auditors by the day of the care."""
        if actor.has_role(*PAYMENT_ROLES):
            return self
        own = Q(hospital__in=actor.facility_ids(*HOSPITAL)) & ~Q(state="PROPOSED")
        audited = in_audit(actor, "claim__discharged_on") | Q(claim=None) & in_audit(actor, "proposed_at__date")
        return self.filter(own | audited)


class ReconciliationQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*PAYMENT_ROLES):
            return self
        path = "" if hasattr(self.model, "hospital") else "reconciliation__"
        own = Q(**{f"{path}hospital__in": actor.facility_ids(*HOSPITAL)})
        return self.filter(own | in_audit(actor, f"{path}month", months=True))
