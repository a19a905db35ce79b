from facilities.enums import DINKES_ROLES, PAYMENT_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet


class FigureQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Aggregates without people: Dinkes, finance, planning, coordinator, auditors."""
        readers = (*DINKES_ROLES, *PAYMENT_ROLES, Role.PLANNING_VIEWER, Role.VERIFIER_COORDINATOR, Role.AUDITOR)
        return self if actor.has_role(*readers) else self.none()
