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


def for_somebody(model):
    """Who the paper is for is known: by the registry, or by the number of the register of special covers (rule C24)."""
    return models.CheckConstraint(
        name=f"{model}_is_for_somebody",
        condition=Q(resident__isnull=False, special__isnull=True) | Q(special__isnull=False, newborn__isnull=True),
    )


# By what a paper knows its patient. What goes on from a paper takes all of it along.
HOLDERS = ("resident", "newborn", "special")


class ForPatient(models.Model):
    """Who the patient is, for screens and papers: the person of the registry, a child that is not in it yet, or somebody
    without NIK of the register of special covers. Once identified these are persons of the registry; ``newborn`` and
    ``special`` stay as history.
    """

    resident = person(related_name="%(class)ss", null=True)
    newborn = newborn_field()
    special = models.ForeignKey(
        "participants.SpecialCover",
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("in the register of special covers"),
        db_index=False,
    )

    class Meta:
        abstract = True

    @property
    def holders(self):
        """By what this paper knows the patient, for the paper that goes on from it."""
        return {name: getattr(self, name) for name in HOLDERS}

    @property
    def person(self):
        """Whom the decision on the patient is asked of: the Resident (of a child its parent), or the SpecialCover."""
        return self.resident or self.special

    @property
    def child(self):
        """The newborn while it is not in the registry, else None."""
        return self.newborn if self.newborn_id and self.newborn.resident_id != self.resident_id else None

    @property
    def patient_name(self):
        return (self.child or self.person).name

    @property
    def patient_born_on(self):
        return self.child.born_on if self.child else self.person.birth_date

    @property
    def patient_sex(self):
        return (self.child or self.person).get_sex_display()

    @property
    def patient_nik(self):
        """Empty for who has none."""
        return self.resident.nik if self.resident and not self.child else ""

    @property
    def patient_id(self):
        """The Resident's key that claims and searches know the patient by; None for who has no NIK."""
        return None if self.child else self.resident_id


def facility_field(verbose_name, **kwargs):
    return models.ForeignKey("facilities.Facility", on_delete=models.PROTECT, verbose_name=verbose_name, **kwargs)


def letter_token():
    """128 random bits: the QR on paper reveals nothing and cannot be guessed."""
    return secrets.token_urlsafe(16)
