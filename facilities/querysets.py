from datetime import timedelta

from django.apps import apps
from django.contrib.auth.models import UserManager
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from facilities.enums import HOSPITAL_ROLES, VERIFIER_ROLES, AccountState, FacilityKind, Role
from ksb.core.querysets import PerimeterQuerySet, ReferenceQuerySet


class FacilityQuerySet(ReferenceQuerySet):
    def hospitals(self):
        return self.filter(kind=FacilityKind.HOSPITAL)

    def puskesmas(self):
        return self.filter(kind=FacilityKind.PUSKESMAS)

    def contracted_on(self, day, *, service=None):
        """Facilities a new letter may go to on that day, for ``service`` where one is named."""
        return self.filter(pk__in=_model("Contract").objects.in_force(day, service=service).values("facility"))

    def as_of(self, day):
        """Each with ``class_then`` and ``tariff_code_then``: what it was on that day."""
        then = _model("Standing").objects.filter(facility=OuterRef("pk"), days__contains=day)
        return self.annotate(
            class_then=Coalesce(Subquery(then.values("hospital_class")[:1]), F("hospital_class")),
            tariff_code_then=Coalesce(Subquery(then.values("tariff_code")[:1]), F("tariff_code")),
        )


# Who reads agreements and the accounts in them, everywhere.
CONTRACT_READERS = (
    *(Role.DINKES_SERVICES, Role.DINKES_CLAIMS, Role.TREASURER),
    *(Role.BUDGET_USER, Role.BUD, Role.AUDITOR),
)
ENDS_SOON = 90  # days
OWN_CONTRACT_READERS = (Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)


def _model(name):
    """A model of this floor; models import this room, so it cannot import them."""
    return apps.get_model("facilities", name)


class ContractQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Contracts hold bank accounts: Dinkes, finance and auditors see all, a hospital its own."""
        if actor.has_role(*CONTRACT_READERS):
            return self
        return self.filter(facility__in=actor.facility_ids(*OWN_CONTRACT_READERS))

    def in_force(self, day, *, service=None):
        """Agreements under which a new letter may be written on that day: in their period, the hospital not suspended.

        ``service``: only those whose terms of that day include it.
        """
        if service is not None:
            terms = _model("ContractTerms").objects.filter(valid__contains=day, services__contains=[service])
            return self.filter(pk__in=terms.values("contract")).exclude(facility__in=_suspended(day))
        return self.filter(valid__contains=day).exclude(facility__in=_suspended(day))

    def ending(self, day):
        """Agreements in force on that day that end within ENDS_SOON days and are followed by none."""
        soon = day + timedelta(days=ENDS_SOON + 1)
        ends = self.filter(valid__contains=day, valid__endswith__lte=soon)
        return ends.exclude(facility__contracts__valid__startswith__gt=day)


def _suspended(day):
    return _model("Suspension").objects.on(day).values("facility")


class TermsQuerySet(PerimeterQuerySet):
    """What hangs on a contract is seen by who sees the contract."""

    def visible_to(self, actor):
        return self.filter(contract__in=_model("Contract").objects.visible_to(actor))

    def in_force(self, day):
        """The terms of every agreement under which a new letter may be written on that day."""
        return self.filter(valid__contains=day).exclude(contract__facility__in=_suspended(day))


class AccountChangeQuerySet(TermsQuerySet):
    def waiting(self):
        return self.filter(state=AccountState.PROPOSED)


class SuspensionQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """A sanction concerns Dinkes, finance, auditors and the hospital itself."""
        if actor.has_role(*CONTRACT_READERS):
            return self
        return self.filter(facility__in=actor.facility_ids(*OWN_CONTRACT_READERS))

    def on(self, day):
        return self.filter(Q(ends__isnull=True) | Q(ends__gt=day), starts__lte=day)


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


class PriceTableQuerySet(ReferenceQuerySet):
    def waiting(self):
        return self.filter(approved_at__isnull=True, rejected_at__isnull=True)


class BedCountQuerySet(ReferenceQuerySet):
    def fresh(self, *, at, minutes):
        return self.filter(reported_at__gte=at - timedelta(minutes=minutes))


class BedReportQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Who reported what when: Dinkes and auditors all, a hospital its own."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        return self.filter(count__facility__in=actor.facility_ids(*HOSPITAL_ROLES))


class BedHoldQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        return self.filter(count__facility__in=actor.facility_ids(*HOSPITAL_ROLES))

    def running(self):
        return self.filter(ended_at__isnull=True)


class BedRoomQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        return self.filter(facility__in=actor.facility_ids(*HOSPITAL_ROLES))


class BedSilenceQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR) else self.none()


class BedKeyQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(Role.DINKES_SERVICES, Role.SYSTEM_ADMIN) else self.none()

    def living(self):
        return self.filter(revoked_at__isnull=True)


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

    def at_work(self, day):
        """Those in force that open doors on ``day``: an auditor's only while a letter of audit is in force (domain.md B24)."""
        # The letters live floors above; they are found by the way back from the user and imported nowhere.
        audits = self.model._meta.get_field("user").related_model._meta.get_field("audits").related_model
        letters = audits._base_manager.filter(auditor=OuterRef("user"), valid__contains=day)
        return self.in_force(day).filter(~Q(role=Role.AUDITOR) | Exists(letters))

    def visible_to(self, actor):
        if actor.has_role(Role.SYSTEM_ADMIN, Role.AUDITOR):
            return self
        return self.filter(user=actor)


def in_audit(actor, field, *, months=False):
    """Q of rows whose day ``field`` lies in what an auditor's letters open; of no row for anybody else.

    ``months``: the field names a month by its first day, and a month that is open in part is open.
    """
    found = Q(pk__in=[])
    for scope in actor.audit_scopes:
        first = scope.lower.replace(day=1) if months else scope.lower
        found |= Q(**{f"{field}__gte": first, f"{field}__lt": scope.upper})
    return found
