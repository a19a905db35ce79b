"""Budget figures are seen by Dinkes services, finance, planning and auditors; a hospital sees its own payments."""

from facilities.enums import PAYMENT_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

READERS = (Role.DINKES_SERVICES, *PAYMENT_ROLES, Role.PLANNING_VIEWER, Role.AUDITOR)
HOSPITAL = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)
OFFICES = (*PAYMENT_ROLES, Role.AUDITOR)


class BudgetQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*READERS) else self.none()


class PaymentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*OFFICES):
            return self
        return self.filter(hospital__in=actor.facility_ids(*HOSPITAL))

    def overdue(self, day):
        """Payments whose next officer is late on that day."""
        return self.filter(due_on__lt=day)


class PaymentPartQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*OFFICES):
            return self
        return self.filter(payment__hospital__in=actor.facility_ids(*HOSPITAL))


class RecoveryQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """A hospital sees what it owes itself; what residents owe only the offices."""
        if actor.has_role(*OFFICES):
            return self
        return self.filter(hospital__in=actor.facility_ids(*HOSPITAL)).exclude(state="PROPOSED")


class ReconciliationQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*OFFICES):
            return self
        path = "hospital" if hasattr(self.model, "hospital") else "reconciliation__hospital"
        return self.filter(**{f"{path}__in": actor.facility_ids(*HOSPITAL)})
