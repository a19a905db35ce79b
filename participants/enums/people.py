"""What the registry says of a person."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Sex(models.IntegerChoices):
    """JENIS_KLMIN of the registry."""

    MALE = 1, _("male")
    FEMALE = 2, _("female")


class Relation(models.IntegerChoices):
    """STAT_HBKEL of the registry: relation to the head of the family."""

    HEAD = 1, _("head of family")
    HUSBAND = 2, _("husband")
    WIFE = 3, _("wife")
    CHILD = 4, _("child")
    CHILD_IN_LAW = 5, _("son- or daughter-in-law")
    GRANDCHILD = 6, _("grandchild")
    PARENT = 7, _("parent")
    PARENT_IN_LAW = 8, _("parent-in-law")
    OTHER_RELATIVE = 9, _("other relative")
    DOMESTIC_WORKER = 10, _("domestic worker")
    OTHER = 11, _("other")


class MaritalStatus(models.IntegerChoices):
    """STAT_KWN of the registry."""

    SINGLE = 1, _("single")
    MARRIED = 2, _("married")
    DIVORCED = 3, _("divorced")
    WIDOWED = 4, _("widowed")


class ResidentStatus(models.IntegerChoices):
    """FLAG_STATUS of the registry; GONE is ours, for a person missing from a full snapshot."""

    ACTIVE = 0, _("active")
    DECEASED = 1, _("deceased")
    MOVED_OUT = 2, _("moved out")
    DEACTIVATED = 3, _("double or deactivated NIK")
    GONE = 9, _("no longer in the registry")

    SENTIMENT = nonmember({0: "ok", 1: "bad", 2: "warn", 3: "bad", 9: "warn"})
