"""Aggregates without people: Dinkes, finance, planning, coordinator, auditors."""

from django.db.models import Q

from facilities.enums import DINKES_ROLES, PAYMENT_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

READERS = (*DINKES_ROLES, *PAYMENT_ROLES, Role.PLANNING_VIEWER, Role.VERIFIER_COORDINATOR, Role.AUDITOR)


class FigureQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*READERS) else self.none()


# Heads of Puskesmas and directors of hospitals read the figures of their own house beside those of the city.
HEADS = (Role.PUSKESMAS_DOCTOR, Role.HOSPITAL_DIRECTOR)


class PlaceFigureQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*READERS):
            return self
        if not actor.has_role(*HEADS):
            return self.none()
        city = Q(puskesmas__isnull=True, hospital__isnull=True)
        own = Q(puskesmas__in=actor.facility_ids(Role.PUSKESMAS_DOCTOR))
        return self.filter(city | own | Q(hospital__in=actor.facility_ids(Role.HOSPITAL_DIRECTOR)))

    def of_city(self):
        return self.filter(puskesmas__isnull=True, hospital__isnull=True)


class VisitsQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Of the own Puskesmas; all of them for who reads the figures."""
        if actor.has_role(*READERS):
            return self
        return self.filter(puskesmas__in=actor.facility_ids(Role.PUSKESMAS_DOCTOR))
