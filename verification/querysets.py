"""A verifier sees the own work; the coordinator, Dinkes services and auditors all; a hospital the BAHV of its batches."""

from facilities.enums import PAYMENT_ROLES, VERIFIER_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

OVERSIGHT = (Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES, Role.AUDITOR)


class AppointmentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*OVERSIGHT, Role.DINKES_CLAIMS):
            return self
        return self.filter(verifier=actor)

    def in_force(self, day):
        return self.filter(valid__contains=day)


class VerifierQuerySet(PerimeterQuerySet):
    """Assignments, conflicts and reviews: the verifier's own, or all for oversight."""

    def visible_to(self, actor):
        if actor.has_role(*OVERSIGHT):
            return self
        if actor.has_role(*VERIFIER_ROLES):
            return self.filter(verifier=actor)
        return self.none()


class BahvQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*OVERSIGHT, *PAYMENT_ROLES):
            return self
        own = self.filter(batch__hospital__in=actor.facility_ids(Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR))
        if actor.has_role(*VERIFIER_ROLES):
            return own | self.filter(batch__assignments__verifier=actor)
        return own
