"""The fields of an examination that SISRUTE asks for beside the free text (KONDISI_UMUM and PENUNJANG of its interface)."""

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from referrals.enums import Consciousness, Pain

BLOOD_PRESSURE = r"^[0-9]{2,3}/[0-9]{2,3}$"
# What a living patient can have at most and at least; beyond it somebody mistyped.
LIMITS = {"pulse": (20, 300), "temperature": (25, 45), "breathing": (4, 120)}
EXAMINED = (
    "consciousness",
    "blood_pressure",
    "pulse",
    "temperature",
    "breathing",
    "pain",
    "general_condition",
    "allergies",
    "laboratory",
    "imaging",
)


def _measured(name, verbose_name, *, kind=models.PositiveSmallIntegerField, **kwargs):
    least, most = LIMITS[name]
    validators = [MinValueValidator(least), MaxValueValidator(most)]
    return kind(verbose_name, null=True, blank=True, validators=validators, **kwargs)


def _words(verbose_name, length):
    return models.CharField(verbose_name, max_length=length, blank=True, default="", db_default="")


def within_limits(model):
    """CHECK: what was measured can be true."""
    conditions = [
        Q(**{f"{name}__isnull": True}) | Q(**{f"{name}__range": LIMITS[name]}) for name in ("pulse", "breathing")
    ]
    conditions.append(Q(temperature__isnull=True) | Q(temperature__range=LIMITS["temperature"]))
    conditions.append(Q(blood_pressure="") | Q(blood_pressure__regex=BLOOD_PRESSURE))
    condition = Q()
    for one in conditions:
        condition &= one
    return models.CheckConstraint(name=f"{model}_measures_can_be_true", condition=condition)


class Examination(models.Model):
    """Everything optional: pulse and breathing a minute, temperature in degrees Celsius, blood pressure as ``120/80``."""

    consciousness = models.PositiveSmallIntegerField(_("consciousness"), choices=Consciousness, null=True, blank=True)
    blood_pressure = _words(_("blood pressure"), 7)
    pulse = _measured("pulse", _("pulse"))
    temperature = _measured("temperature", _("temperature"), kind=models.DecimalField, max_digits=3, decimal_places=1)
    breathing = _measured("breathing", _("breathing"))
    pain = models.PositiveSmallIntegerField(_("pain"), choices=Pain, null=True, blank=True)
    general_condition = _words(_("general condition"), 120)
    allergies = _words(_("allergies"), 255)
    laboratory = _words(_("laboratory results"), 2000)
    imaging = _words(_("radiology results"), 2000)

    class Meta:
        abstract = True

    @property
    def measured(self):
        """What was examined beside the free text: pairs of a label and a text, empty ones left out."""
        pairs = (
            (_("consciousness"), self.get_consciousness_display()),
            (_("blood pressure"), self.blood_pressure),
            (_("pulse"), self.pulse and f"{self.pulse}/menit"),
            (_("temperature"), self.temperature and f"{self.temperature} °C".replace(".", ",")),
            (_("breathing"), self.breathing and f"{self.breathing}/menit"),
            (_("pain"), self.get_pain_display()),
            (_("general condition"), self.general_condition),
            (_("allergies"), self.allergies),
            (_("laboratory results"), self.laboratory),
            (_("radiology results"), self.imaging),
        )
        return [(label, text) for label, text in pairs if text]
