"""Budget figures are seen by Dinkes services, finance, planning and auditors; a hospital sees its own payments."""

from facilities.enums import PAYMENT_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

READERS = (Role.DINKES_SERVICES, *PAYMENT_ROLES, Role.PLANNING_VIEWER, Role.AUDITOR)


class BudgetQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*READERS) else self.none()


class PaymentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*PAYMENT_ROLES, Role.AUDITOR):
            return self
        return self.filter(batch__hospital__in=actor.facility_ids(Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR))
