"""Ambulance trips and what they cost."""

import uuid

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import Case, F, Func, IntegerField, Q, Value, When
from django.utils.translation import gettext_lazy as _

from ksb.core import stamps
from referrals.enums import TripOrigin
from referrals.models.patient import facility_field
from referrals.models.sjp import Sjp
from referrals.querysets import AmbulanceTariffQuerySet, TripQuerySet


class AmbulanceTariff(models.Model):
    """The price of a trip in whole rupiah: so much a trip, and so much for each kilometre beyond ``included_km``."""

    emergency = models.BooleanField(_("emergency"), default=False)
    per_trip = models.BigIntegerField(_("a trip"), help_text=_("rupiah"))
    included_km = models.PositiveSmallIntegerField(_("kilometres included"), default=0)
    per_km = models.BigIntegerField(_("each further kilometre"), help_text=_("rupiah"))
    valid = DateRangeField(_("in force"))
    source = models.CharField(_("source"), max_length=120)

    objects = AmbulanceTariffQuerySet.as_manager()

    class Meta:
        verbose_name = _("ambulance tariff")
        verbose_name_plural = _("ambulance tariffs")
        ordering = ["emergency", "valid"]
        constraints = [
            models.CheckConstraint(name="ambulance_tariff_not_negative", condition=Q(per_trip__gte=0, per_km__gte=0)),
            ExclusionConstraint(
                name="one_ambulance_tariff_at_a_time",
                expressions=[
                    (
                        Func(
                            Case(When(emergency=True, then=1), default=0, output_field=IntegerField()),
                            Case(When(emergency=True, then=1), default=0, output_field=IntegerField()),
                            Value("[]"),
                            function="int4range",
                        ),
                        RangeOperators.EQUAL,
                    ),
                    ("valid", RangeOperators.OVERLAPS),
                ],
                violation_error_message=_("Another tariff of this kind is in force in this period."),
            ),
        ]

    def __str__(self):
        return f"{self.per_trip} + {self.per_km}/km"

    def price(self, km):
        """Whole rupiah for a trip of ``km`` kilometres."""
        return self.per_trip + self.per_km * max(0, km - self.included_km)


class AmbulanceTrip(models.Model):
    """One trip of a patient (domain.md B26) under a letter of its own, for the care of ``for_sjp``.

    ``km`` and ``amount`` (rupiah, by the tariff of the day) are known once the patient has arrived.
    """

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    sjp = models.OneToOneField(Sjp, on_delete=models.PROTECT, related_name="trip", verbose_name="SJP")
    for_sjp = models.ForeignKey(
        Sjp, on_delete=models.PROTECT, related_name="trips", verbose_name=_("letter of the care")
    )
    origin = models.CharField(_("from"), max_length=8, choices=TripOrigin)
    origin_place = models.CharField(_("place"), max_length=160)
    destination = facility_field(_("to"), related_name="+")
    emergency = models.BooleanField(_("emergency"), default=False)
    expected_km = models.PositiveSmallIntegerField(_("kilometres expected"))
    vehicle = models.CharField(_("vehicle"), max_length=20, blank=True)
    crew = models.CharField(_("crew"), max_length=160, blank=True)
    departed_at = stamps.at(_("departed at"))
    departed_by = stamps.by(_("departure entered by"))
    arrived_at = stamps.at(_("arrived at"))
    arrived_by = stamps.by(_("arrival entered by"))
    km = models.PositiveSmallIntegerField(_("kilometres"), null=True)
    amount = models.BigIntegerField(_("amount"), null=True)

    objects = TripQuerySet.as_manager()

    class Meta:
        verbose_name = _("ambulance trip")
        verbose_name_plural = _("ambulance trips")
        constraints = [
            *(stamps.pair("ambulancetrip", act) for act in ("departed", "arrived")),
            models.CheckConstraint(
                name="trip_arrives_after_it_departs",
                condition=Q(arrived_at__isnull=True)
                | Q(departed_at__isnull=False, km__isnull=False, arrived_at__gte=F("departed_at")),
            ),
            models.CheckConstraint(name="trip_is_not_for_itself", condition=~Q(sjp=F("for_sjp"))),
        ]

    def __str__(self):
        return f"{self.sjp_id} {self.destination_id}"
