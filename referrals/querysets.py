"""A Puskesmas sees what it issued, a hospital what is addressed to it, Dinkes and auditors all."""

from facilities.enums import HOSPITAL_ROLES, PUSKESMAS_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

CITY_ROLES = (Role.DINKES_SERVICES, Role.DINKES_MEMBERSHIP, Role.AUDITOR)


class ReferralQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        own = self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))
        return own | self.filter(hospital__in=actor.facility_ids(*HOSPITAL_ROLES))


class SjpQuerySet(ReferralQuerySet):
    pass


class EpisodeQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(hospital__in=actor.facility_ids(*HOSPITAL_ROLES))
