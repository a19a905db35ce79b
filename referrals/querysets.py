"""A Puskesmas sees what it issued, a hospital what is addressed to it, Dinkes and auditors all."""

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

from facilities.enums import HOSPITAL_ROLES, PUSKESMAS_ROLES, Role
from ksb.core.querysets import PerimeterQuerySet, ReferenceQuerySet

OPEN_NOTICES = ("REPORTED", "NEEDS_DATA", "LATE")
# Requests Dinkes has not answered, or has answered with no.
NOT_YET = ("WAITING", "DECLINED")
CITY_ROLES = (Role.DINKES_SERVICES, Role.DINKES_MEMBERSHIP, Role.AUDITOR)


class PatientQuerySet(PerimeterQuerySet):
    def of_patient(self, *, resident, newborn=None, special=None):
        """A child's own while it has no NIK; of a person what is not a child's of theirs; of who has no NIK the register's."""
        if newborn:
            return self.filter(newborn=newborn)
        if resident is None:
            return self.filter(special=special)
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
            *(
                "resident",
                "newborn",
                "special",
                "puskesmas",
                "hospital",
                "specialty",
                "diagnosis",
                "referral",
                "issued_by",
            )
        )

    def by_number_or_code(self, typed):
        """The letter of a number as printed, or of the address a scanner reads from its QR code."""
        typed = "".join(typed.split())
        token = typed.rstrip("/").rpartition("/")[2]
        return self.filter(Q(number=typed.upper()) | Q(token=token))

    def visible_to(self, actor):
        """A hospital knows of a letter once it is issued; of one it has asked for itself from the beginning."""
        if actor.has_role(*CITY_ROLES):
            return self
        hospitals = actor.facility_ids(*HOSPITAL_ROLES)
        addressed = self.filter(hospital__in=hospitals).exclude(state__in=NOT_YET)
        written = self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))
        return written | addressed | self.filter(issuing_hospital__in=hospitals)

    def unused(self):
        """Letters that can still be used, or will be once Dinkes has approved them."""
        return self.filter(state__in=["WAITING", "ISSUED"])

    def to_approve(self):
        """What Dinkes decides on, the most urgent first."""
        return self.filter(state="WAITING").order_by("valid_until", "pk")

    def sent_back(self, *, since):
        """Letters a hospital refused or Dinkes declined since ``since`` whose patient has got no other letter for this
        specialty after it."""
        same = Q(resident=OuterRef("resident")) | Q(special=OuterRef("special"))
        later = self.model.objects.filter(same, specialty=OuterRef("specialty"), pk__gt=OuterRef("pk")).filter(
            Q(newborn=OuterRef("newborn")) | Q(newborn__isnull=True)
        )
        refused = self.filter(Q(state="CANCELLED", referral__state="REFUSED") | Q(state="DECLINED"))
        return refused.filter(~Exists(later), valid_from__gte=since)

    def unanswered(self, *, since):
        """Unused letters issued since a moment whose hospital has not answered, the most urgent first."""
        waiting = self.filter(state="ISSUED", referral__state="ISSUED", issued_at__gte=since)
        return waiting.filter(referral__answer_due__isnull=False).order_by("referral__answer_due", "pk")

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
        """Patients who have left and whose medical summary is not complete. A session of a series needs none of its own."""
        return self.filter(state="DISCHARGED", session__isnull=True)


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
        return self.select_related("resident", "newborn", "special", "sjp", "hospital", "puskesmas", "specialty")


class BackReferralQuerySet(ReferralQuerySet):
    """The hospital that sent the patient back and the Puskesmas that goes on with the treatment."""

    def with_names(self):
        return self.select_related(
            "resident", "newborn", "special", "hospital", "puskesmas", "diagnosis", "sjp", "episode"
        )

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


class ExtensionQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The hospital that asked, the Puskesmas that looks after the patient, Dinkes services and auditors."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        asked = self.filter(sjp__hospital__in=actor.facility_ids(*HOSPITAL_ROLES))
        return asked | self.filter(sjp__puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))

    def to_answer(self):
        """What Dinkes decides on, the letters that end first before the others."""
        return self.filter(state="WAITING").order_by("previous_until", "pk")


class SeriesQuerySet(PatientQuerySet):
    def visible_to(self, actor):
        """The hospital that gives the sessions, the Puskesmas that looks after the patient, Dinkes services, auditors."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        own = self.filter(hospital__in=actor.facility_ids(*HOSPITAL_ROLES))
        return own | self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))

    def running(self):
        return self.filter(ended_at__isnull=True)

    def with_progress(self, monday):
        """With ``letter_until``, ``last_session`` and ``sessions_this_week`` of the week that begins on ``monday``."""
        from referrals.models import Session, Sjp

        of_series = Session.objects.filter(sjp__series=OuterRef("pk")).order_by("-day")
        this_week = of_series.filter(week=monday).order_by().values("sjp__series")
        letters = Sjp.objects.filter(series=OuterRef("pk")).order_by("-pk")
        return self.annotate(
            letter_until=Subquery(letters.values("valid_until")[:1]),
            last_session=Subquery(of_series.values("day")[:1]),
            sessions_this_week=Coalesce(Subquery(this_week.annotate(n=Count("*")).values("n")), 0),
        )


class SessionQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        return self.filter(sjp__hospital__in=actor.facility_ids(*HOSPITAL_ROLES))


class TripQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The hospital whose ambulance it is, the Puskesmas that looks after the patient, Dinkes services, auditors."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        own = self.filter(sjp__hospital__in=actor.facility_ids(*HOSPITAL_ROLES))
        return own | self.filter(sjp__puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))


class AmbulanceTariffQuerySet(ReferenceQuerySet):
    def on(self, day, *, emergency):
        """The tariff of such a trip in force on ``day``, or None."""
        return self.filter(valid__contains=day, emergency=emergency).first()


class ProofQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """Whoever treats or judges: a proof may tell what happened to the patient."""
        if actor.has_role(Role.DINKES_SERVICES):
            return self
        return self.filter(sjp__puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))


class NewbornRequestQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The Puskesmas that answers, the hospital that asked, Dinkes services and auditors."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        asked = self.filter(hospital__in=actor.facility_ids(Role.HOSPITAL_DESK))
        return asked | self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))

    def open(self):
        return self.filter(sjp__isnull=True, declined_at__isnull=True)


class EmergencyNoticeQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """The hospital that reported (desk and billing), the Puskesmas of the patient, Dinkes services and auditors."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        own = self.filter(hospital__in=actor.facility_ids(Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER))
        houses = actor.facility_ids(*PUSKESMAS_ROLES)
        return own | self.filter(puskesmas__in=houses) | self.filter(reporting_puskesmas__in=houses)

    def open(self):
        """Waiting for the officer or for the hospital."""
        return self.filter(state__in=OPEN_NOTICES)

    def to_decide(self):
        """Waiting for the officer."""
        return self.filter(state__in=("REPORTED", "LATE"))

    def to_move(self):
        """Stable patients whose hospital has to find a contracted one, not moved yet."""
        children = self.model._meta.get_field("sjp").related_model.objects.filter(parent=OuterRef("sjp"))
        on_the_way = children.exclude(state__in=("CANCELLED", "DECLINED", "EXPIRED"))
        return self.filter(stable_at__isnull=False, sjp__state="USED").filter(~Exists(on_the_way))

    def with_names(self):
        """Everything a list or the page of a notice names, in one query."""
        return self.select_related(
            *("resident__household", "special", "hospital", "puskesmas", "specialty", "diagnosis", "sjp"),
            *("reported_by", "decided_by", "identified_by", "payer_by", "stable_by"),
        )


class OfNoticeQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """What belongs to a notice is seen by who sees the notice."""
        notices = self.model._meta.get_field("notice").related_model
        return self.filter(notice__in=notices.objects.visible_to(actor))


class DraftQuerySet(PerimeterQuerySet):
    def visible_to(self, actor):
        """A draft belongs to who made the look-up, for the day."""
        from participants.models import Lookup

        return self.filter(lookup__in=Lookup.objects.visible_to(actor).filter(actor=actor))


class EscalationQuerySet(PatientQuerySet):
    def visible_to(self, actor):
        """Dinkes services, who look for a hospital; auditors; the Puskesmas whose patient it is."""
        if actor.has_role(Role.DINKES_SERVICES, Role.AUDITOR):
            return self
        return self.filter(puskesmas__in=actor.facility_ids(*PUSKESMAS_ROLES))

    def running(self):
        return self.filter(state__in=["OPEN", "TAKEN"])

    def recent(self, *, since):
        """What runs, and what has ended since a moment, the newest first."""
        return self.filter(Q(state__in=["OPEN", "TAKEN"]) | Q(ended_at__gte=since)).with_names().order_by("-pk")

    def with_names(self):
        """Everything a list or the page of a case names, in one query."""
        return self.select_related(
            *(
                "resident",
                "newborn",
                "special",
                "puskesmas",
                "specialty",
                "diagnosis",
                "hospital",
                "taken_by",
                "referral",
            )
        )
