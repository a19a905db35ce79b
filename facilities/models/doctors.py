"""The roster: which doctors are in charge of patients (DPJP) at which hospital, and since when."""

from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.querysets import DoctorQuerySet
from ksb.core import formats, stamps


class Doctor(models.Model):
    """A doctor with a licence to practise (SIP) at one hospital. Who works at two has two licences and two rows.

    ``valid`` are the days in charge, the last one excluded; nothing above while the doctor is still there.
    """

    facility = models.ForeignKey(
        "facilities.Facility", on_delete=models.PROTECT, related_name="doctors", verbose_name=_("facility")
    )
    name = models.CharField(_("name"), max_length=120, help_text=_("with titles, as it stands under letters"))
    registration = models.CharField("SIP", max_length=60, help_text=_("number of the licence to practise here"))
    specialty = models.ForeignKey("facilities.Specialty", on_delete=models.PROTECT, verbose_name=_("specialty"))
    valid = DateRangeField(_("in charge"))
    created_at = models.DateTimeField(_("entered at"), auto_now_add=True)
    created_by = stamps.created_by(_("entered by"))

    objects = DoctorQuerySet.as_manager()

    class Meta:
        verbose_name = _("doctor in charge")
        verbose_name_plural = _("doctors in charge")
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["facility", "registration"],
                name="one_licence_once_per_hospital",
                violation_error_message=_("A doctor with this SIP is on the roster already."),
            ),
            models.CheckConstraint(
                name="doctor_is_in_charge_from_a_day", condition=Q(valid__isempty=False, valid__lower_inf=False)
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def period(self):
        return formats.period(self.valid)
