"""A Puskesmas sees what it issued, a hospital what is addressed to it, Dinkes and auditors all."""

from django.db.models import Exists, OuterRef, Q

from facilities.enums import HOSPITAL_ROLES, PUSKESMAS_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet

CITY_ROLES = (Role.DINKES_SERVICES, Role.DINKES_MEMBERSHIP, Role.AUDITOR)


class PatientQuerySet(PerimeterQuerySet):
    def of_patient(self, *, resident, newborn=None):
        """A child's own while it has no NIK; of a person what is not a child's of theirs."""
        if newborn:
            return self.filter(newborn=newborn)
        return self.filter(Q(newborn__isnull=True) | Q(newborn__resident=resident), resident=resident)


class ReferralQuerySet(PatientQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        own = self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))
        return own | self.filter(hospital__in=actor.facility_ids(*HOSPITAL_ROLES))


class SjpQuerySet(ReferralQuerySet):
    def with_names(self):
        """Everything a list or a letter page names, in one query."""
        return self.select_related(
            *("resident", "newborn", "puskesmas", "hospital", "specialty", "diagnosis", "referral", "issued_by")
        )

    def by_number_or_code(self, typed):
        """The letter of a number as printed, or of the address a scanner reads from its QR code."""
        typed = "".join(typed.split())
        token = typed.rstrip("/").rpartition("/")[2]
        return self.filter(Q(number=typed.upper()) | Q(token=token))

    def unused(self):
        return self.filter(state="ISSUED")

    def sent_back(self, *, since):
        """Letters a hospital refused since ``since`` whose patient has got no other letter for this specialty after it."""
        later = self.model.objects.filter(
            resident=OuterRef("resident"), specialty=OuterRef("specialty"), pk__gt=OuterRef("pk")
        ).filter(Q(newborn=OuterRef("newborn")) | Q(newborn__isnull=True))
        refused = self.filter(state="CANCELLED", referral__state="REFUSED", valid_from__gte=since)
        return refused.filter(~Exists(later))

    def overdue(self, day):
        """Unused letters whose last day lies before ``day``."""
        return self.unused().filter(valid_until__lt=day)


class EpisodeQuerySet(PatientQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(hospital__in=actor.facility_ids(*HOSPITAL_ROLES))

    def in_care(self):
        return self.filter(state="IN_CARE")

    def without_summary(self):
        """Patients who have left and whose medical summary is not complete."""
        return self.filter(state="DISCHARGED")


class OfEpisodeQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """What belongs to an episode is seen by who sees the episode."""
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(episode__hospital__in=actor.facility_ids(*HOSPITAL_ROLES))


class ControlQuerySet(ReferralQuerySet):
    """The hospital that waits for the patient, and the Puskesmas that calls who does not come."""

    def to_come(self):
        return self.filter(state="ISSUED")

    def with_names(self):
        return self.select_related("resident", "newborn", "sjp", "hospital", "puskesmas", "specialty")


class BackReferralQuerySet(ReferralQuerySet):
    """The hospital that sent the patient back and the Puskesmas that goes on with the treatment."""

    def with_names(self):
        return self.select_related("resident", "newborn", "hospital", "puskesmas", "diagnosis", "sjp", "episode")

    def to_take_over(self):
        return self.filter(state="SENT")

    def followed(self):
        """Patients a Puskesmas looks after: taken over and not ended."""
        return self.filter(state__in=("ACCEPTED", "VISITED"))


class ProgrammeVisitQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(back_referral__puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))


class OfPuskesmasQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(*CITY_ROLES):
            return self
        return self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))


class HandoverQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The desk of the own facility, nobody else."""
        return self.filter(facility__in=actor.facility_ids(Role.HOSPITAL_DESK, *PUSKESMAS_ROLES))


class NewbornRequestQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The Puskesmas that answers, the hospital that asked, Dinkes services and auditors."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        asked = self.filter(hospital__in=actor.facility_ids(Role.HOSPITAL_DESK))
        return asked | self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))

    def open(self):
        return self.filter(sjp__isnull=True, declined_at__isnull=True)


class DraftQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """A draft belongs to who made the look-up, for the day."""
        from participants.models import Lookup

        return self.filter(lookup__in=Lookup.objects.visible_to(actor).filter(actor=actor))
