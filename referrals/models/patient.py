"""What letters and episodes have in common: whose they are, where they lead, and the token on paper."""

import secrets

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service


def person(**kwargs):
    return models.ForeignKey("participants.Resident", on_delete=models.PROTECT, verbose_name=_("patient"), **kwargs)


def newborn_field():
    """The child a letter is for while it has no NIK; ``resident`` is then the parent, and the child once it is matched."""
    return models.ForeignKey(
        "participants.Newborn", on_delete=models.PROTECT, null=True, related_name="+", verbose_name=_("newborn")
    )


def newborn_care_only(model):
    return models.CheckConstraint(
        name=f"{model}_of_newborn_is_newborn_care", condition=Q(newborn__isnull=True) | Q(service=Service.NEWBORN)
    )


class ForPatient(models.Model):
    """Who the patient is, for screens and papers: the person of the registry, or a child that is not in it yet."""

    resident = person(related_name="%(class)ss")
    newborn = newborn_field()

    class Meta:
        abstract = True

    @property
    def child(self):
        """The newborn while it is not in the registry, else None."""
        return self.newborn if self.newborn_id and self.newborn.resident_id != self.resident_id else None

    @property
    def patient_name(self):
        return self.child.name if self.child else self.resident.name

    @property
    def patient_born_on(self):
        return self.child.born_on if self.child else self.resident.birth_date

    @property
    def patient_sex(self):
        return (self.child or self.resident).get_sex_display()

    @property
    def patient_id(self):
        """The Resident's key that claims and searches know the patient by; None for a child without NIK."""
        return None if self.child else self.resident_id


def facility_field(verbose_name, **kwargs):
    return models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, verbose_name=verbose_name, **kwargs)


def letter_token():
    """128 random bits: the QR on paper reveals nothing and cannot be guessed."""
    return secrets.token_urlsafe(16)
