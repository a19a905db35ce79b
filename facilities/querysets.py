from datetime import timedelta

from django.contrib.auth.models import UserManager
from django.db.models import Q

from facilities.enums import HOSPITAL_ROLES, VERIFIER_ROLES, FacilityKind, Role
from ksb.core.querysets import PerimeterQuerySet, ReferenceQuerySet


class FacilityQuerySet(ReferenceQuerySet):
    def hospitals(self):
        return self.filter(kind=FacilityKind.HOSPITAL)

    def puskesmas(self):
        return self.filter(kind=FacilityKind.PUSKESMAS)

    def contracted_on(self, day):
        return self.filter(contracts__valid__contains=day, contracts__suspended_at__isnull=True)


class ContractQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Contracts hold bank accounts: Dinkes, finance and auditors see all, a hospital its own."""
        if actor.has_role(
            Role.DINKES_SERVICES, Role.DINKES_CLAIMS, Role.TREASURER, Role.BUDGET_USER, Role.BUD, Role.AUDITOR
        ):
            return self
        return self.filter(facility__in=actor.facility_ids(Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR))

    def in_force(self, day):
        return self.filter(valid__contains=day, suspended_at__isnull=True)


class DoctorQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Rosters are no secret to Dinkes, verifiers and auditors; a hospital sees its own."""
        if actor.has_role(
            Role.DINKES_SERVICES, Role.DINKES_CLAIMS, Role.AUDITOR, *VERIFIER_ROLES, Role.VERIFIER_COORDINATOR
        ):
            return self
        return self.filter(facility__in=actor.facility_ids(*HOSPITAL_ROLES))

    def of(self, facility, on):
        """Who may be in charge of patients of ``facility`` on that day, by name."""
        return self.filter(facility=facility, valid__contains=on).order_by("name", "pk")

    def named(self, name, *, facility, on):
        """The doctor of that name on the roster of that day, or None: rule CTR-03 asks when there is none."""
        return self.of(facility, on).filter(name__iexact=name.strip()).first()


class TariffQuerySet(ReferenceQuerySet):
    def in_force(self, day):
        return self.filter(valid__contains=day)


class BedCountQuerySet(ReferenceQuerySet):
    def fresh(self, *, at, minutes):
        return self.filter(reported_at__gte=at - timedelta(minutes=minutes))


class PeopleManager(UserManager):
    def system(self):
        """The account that stands for the programme itself. Created by a migration; has no password."""
        return self.get(username=self.model.SYSTEM)

    def visible_to(self, actor):
        """Administrators manage accounts, the coordinator appoints verifiers; everybody else sees only the own account."""
        if actor.has_role(Role.SYSTEM_ADMIN, Role.AUDITOR):
            return self.exclude(username=self.model.SYSTEM)
        if actor.has_role(Role.VERIFIER_COORDINATOR):
            return self.filter(Q(pk=actor.pk) | Q(memberships__role__in=VERIFIER_ROLES)).distinct()
        return self.filter(pk=actor.pk)


class MembershipQuerySet(PerimeterQuerySet):
    def in_force(self, day):
        return self.filter(Q(valid_to__isnull=True) | Q(valid_to__gte=day), valid_from__lte=day)

    def visible_to(self, actor):
        if actor.has_role(Role.SYSTEM_ADMIN, Role.AUDITOR):
            return self
        return self.filter(user=actor)
