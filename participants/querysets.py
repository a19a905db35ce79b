"""Perimeters of personal data. City roles see the registry; desks see only whom they looked up today by a full number."""

from datetime import timedelta

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from facilities.enums import Role
from ksb.core.querysets import PerimeterQuerySet
from ksb.core.scheme import Parameters, scheme_on
from participants.enums import Channel

CITY_ROLES = (
    Role.MEMBERSHIP_VERIFIER,
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.AUDITOR,
    Role.REGISTRY_OPERATOR,
)
CARD_OFFICE = (Role.DINKES_MEMBERSHIP, Role.AUDITOR)
SPECIAL_READERS = (Role.REGISTRY_OPERATOR, Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES, Role.AUDITOR)
RULE_READERS = (
    *(Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES, Role.DINKES_CLAIMS, Role.BUDGET_USER),
    *(Role.VERIFIER_COORDINATOR, Role.AUDITOR),
)
BIRTH_DESKS = (Role.HOSPITAL_DESK, Role.PUSKESMAS_CLERK, Role.PUSKESMAS_DOCTOR)
DESK_ROLES = (Role.REGISTRATION_CLERK, Role.PUSKESMAS_CLERK, Role.PUSKESMAS_DOCTOR, Role.HOSPITAL_DESK)


def _today():
    return timezone.localtime().replace(hour=0, minute=0, second=0, microsecond=0)


class ResidentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        if actor.has_role(*DESK_ROLES):
            return self.filter(lookups__actor=actor, lookups__at__gte=_today()).distinct()
        return self.none()


class HouseholdQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        if actor.has_role(*DESK_ROLES):
            # A UNION of two short lists of ids; an OR over joins would read every household of the city.
            return self.filter(pk__in=_looked_up_by(actor).union(_entered_by(actor)))
        return self.none()


class LookupQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """A look-up belongs to who made it, for the day; auditors read all."""
        if actor.has_role(Role.AUDITOR):
            return self
        return self.filter(actor=actor, at__gte=_today())


class CityDataQuerySet(PerimeterQuerySet):
    """Registry runs, events, quarantine, coverage intervals: people of the city offices only."""

    def visible_to(self, actor):
        return self if actor.has_role(*CITY_ROLES) else self.none()


class JknCandidateQuerySet(CityDataQuerySet):
    def visible_to(self, actor):
        """Who judges rows and who reconciles lists; auditors read."""
        roles = (Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR, Role.AUDITOR)
        return self if actor.has_role(*roles) else self.none()


class SpecialQuerySet(PerimeterQuerySet):
    """Special covers and events. What Dinsos recommends says something of a person's health: need-to-know."""

    def visible_to(self, actor):
        return self if actor.has_role(*SPECIAL_READERS) else self.none()


class SchemeProposalQuerySet(PerimeterQuerySet):
    """Rules hold no people: everybody who answers for them or checks them reads them."""

    def visible_to(self, actor):
        return self if actor.has_role(*RULE_READERS) else self.none()


class SyncRunQuerySet(PerimeterQuerySet):
    """Runs hold counts, no people: everybody who works here may see how old the data are."""

    def visible_to(self, actor):
        return self if actor.is_authenticated else self.none()

    def last_applied(self, kind, source=None):
        """The run with the newest data of ``kind``, or of one of its lists."""
        runs = self.filter(kind=kind, state="APPLIED")
        if source is not None:
            runs = runs.filter(source=source)
        return runs.order_by("-snapshot_date", "-pk").first()


class EnrolmentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        if actor.has_role(Role.REGISTRATION_CLERK):
            return self.filter(household__in=_households(actor))
        return self.none()

    def consent_taken_back(self):
        """Applications and memberships whose family took its consent back and gave no other."""
        consents = self.model._meta.get_field("consents").related_model.objects
        gone = consents.filter(withdrawn_at__isnull=False).values("enrolment")
        again = consents.filter(withdrawn_at__isnull=True, enrolment__in=gone).values("enrolment")
        return self.filter(pk__in=gone).exclude(pk__in=again).exclude(state__in=("REJECTED", "ENDED"))


class TicketQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """City offices see every ticket, a registration counter those it opened itself."""
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(created_by=actor) if actor.has_role(Role.REGISTRATION_CLERK) else self.none()


class OnlineCheckQuerySet(PerimeterQuerySet):
    """What another office answered belongs to who asked, for the day; city offices, who see the registry, read all."""

    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(actor=actor, at__gte=_today())


class OverrideQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        deciders = (Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES, Role.AUDITOR)
        return self if actor.has_role(*deciders) else self.none()


class OfEnrolmentQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """What belongs to an application is seen by whom the application is."""
        from participants.models import Enrolment

        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(enrolment__in=Enrolment.objects.visible_to(actor).values("pk"))


class ReportQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Counts and line numbers, no people: for who answers for the lists."""
        return self if actor.has_role(Role.DINKES_MEMBERSHIP, Role.AUDITOR, Role.SYSTEM_ADMIN) else self.none()


class CardQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        if actor.has_role(*DESK_ROLES):
            return self.filter(household__in=_households(actor))
        return self.none()

    def to_reprint(self):
        """Printed cards on which the registry has changed something since."""
        return self.exclude(reprint="").filter(state__in=("APPROVED", "PRINTED", "READY", "ACTIVE"))

    def uncollected(self, *, at):
        """Cards that have lain at their service point for longer than ``card_collect_days``."""
        scheme = scheme_on(timezone.localdate(at))
        days = (scheme.parameters if scheme else Parameters()).card_collect_days
        batches = self.model.batch.field.remote_field.model.objects
        overdue = batches.filter(delivered_at__lt=at - timedelta(days=days)).under_way()
        return self.filter(state="READY", batch__in=overdue)


class PrintBatchQuerySet(PerimeterQuerySet):
    """Batches hold numbers and counts; whose cards lie in them is asked of the cards' own perimeter."""

    def visible_to(self, actor):
        return self if actor.has_role(*CARD_OFFICE, Role.REGISTRATION_CLERK) else self.none()

    def under_way(self):
        """Keys of batches whose cards are not all collected: a list, for a join would be tried card by card."""
        return list(self.exclude(state__in=("CLOSED", "CANCELLED")).values_list("pk", flat=True))


class BlankQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        return self if actor.has_role(*CARD_OFFICE) else self.none()


class NewbornQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Where the birth was recorded and the Puskesmas that follows the child; Dinkes and auditors know all."""
        if actor.has_role(Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        own = actor.facility_ids(*BIRTH_DESKS)
        return self.filter(facility__in=own) | self.filter(puskesmas__in=own)

    def awaiting_nik(self):
        return self.filter(state__in=("RECORDED", "EXPIRED"))

    def of_household(self, household):
        """Children not yet in the registry whose mother, or father, stands on this KK; newest first."""
        people = household.residents.values("pk")
        mine = Q(mother__in=people) | Q(mother__isnull=True, father__in=people)
        return self.awaiting_nik().filter(mine).order_by("-birth_time", "birth_order")

    def to_judge(self):
        """Children whose match somebody has to decide: the registry has more than one answer, or an uncertain one."""
        return self.awaiting_nik().filter(Exists(_candidates().filter(newborn=OuterRef("pk"), rejected=False)))


def _candidates():
    from participants.models import BirthCandidate

    return BirthCandidate.objects.all()


def _looked_up_by(actor):
    from participants.models import Lookup

    return Lookup.objects.filter(actor=actor, at__gte=_today()).values("resident__household")


def _entered_by(actor):
    from participants.models import Enrolment

    return Enrolment.objects.filter(created_by=actor).exclude(channel=Channel.LEGACY).values("household")


def _households(actor):
    from participants.models import Household

    return Household.objects.visible_to(actor).values("pk")
