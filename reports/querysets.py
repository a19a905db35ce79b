"""Aggregates without people: Dinkes, finance, planning, coordinator, auditors."""

from facilities.enums import DINKES_ROLES, PAYMENT_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

READERS = (*DINKES_ROLES, *PAYMENT_ROLES, Role.PLANNING_VIEWER, Role.VERIFIER_COORDINATOR, Role.AUDITOR)


class FigureQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*READERS) else self.none()
