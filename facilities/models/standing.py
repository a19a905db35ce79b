"""What a facility was on a day: its kind, class, owner and tariff code, by decree."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from facilities.enums import FacilityKind, Ownership
from ksb.core import formats, stamps
from ksb.core.querysets import ReferenceQuerySet

CLASSED = Q(hospital_class="") | Q(kind=FacilityKind.HOSPITAL, hospital_class__in=("A", "B", "C", "D"))


class Standing(models.Model):
    """Kind, class, owner and tariff code of a facility on a range of days, the last one excluded.

    A facility that never changed has no rows: its own columns hold for all days. ``facilities.standings`` writes them.
    """

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.CASCADE, related_name="standings", verbose_name=_("facility")
    )
    days = DateRangeField(_("days"))
    kind = models.CharField(_("kind"), max_length=12, choices=FacilityKind)
    hospital_class = models.CharField(_("class"), max_length=1, blank=True)
    ownership = models.CharField(_("ownership"), max_length=8, choices=Ownership)
    tariff_code = models.CharField(_("tariff code"), max_length=4, blank=True)
    decree = models.CharField(_("decree"), max_length=120, blank=True)
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))

    objects = ReferenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("standing of a facility")
        verbose_name_plural = _("standings of facilities")
        ordering = ["facility", "days"]
        constraints = [
            ExclusionConstraint(
                name="one_standing_per_facility_and_day",
                expressions=[
                    (
                        Func(F("facility_id"), F("facility_id"), Value("[]"), function="int8range"),
                        RangeOperators.EQUAL,
                    ),
                    ("days", RangeOperators.OVERLAPS),
                ],
            ),
            models.CheckConstraint(name="standing_has_days", condition=Q(days__isempty=False)),
            models.CheckConstraint(name="standing_class_of_hospitals_only", condition=CLASSED),
        ]

    def __str__(self):
        return f"{self.facility} {self.hospital_class}"

    @property
    def period(self):
        return formats.period(self.days)
