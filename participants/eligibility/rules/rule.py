"""What a rule is, and the words it is made of."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from participants.enums import Decision

PERDA = "Perda Kota Bekasi 9/2018"
GUIDE = "Perwal Bekasi 27.A/2017"
LKM = "SE Wali Kota Bekasi 440/7894/DINKES"
PERPRES = "Perpres 82/2018"
ADMINDUK = "UU 24/2013; PP 40/2019"
TECHNICAL = "Ketentuan teknis KSB"


class Effect(models.TextChoices):
    """What follows when a rule applies."""

    BLOCKS = "BLOCKS", _("excludes the person")
    WITHHOLDS = "WITHHOLDS", _("this service is not guaranteed")
    WARNS = "WARNS", _("warning")
    INFORMS = "INFORMS", _("information")
    GRANTS = "GRANTS", _("covers the person")


class Source(models.TextChoices):
    """Where the facts of a rule come from."""

    SCHEME = "SCHEME", _("rules of the programme")
    REGISTRY = "REGISTRY", _("population registry (Dukcapil)")
    JKN = "JKN", _("JKN and PBI lists")
    MEMBERSHIP = "MEMBERSHIP", _("register of families")
    DECLARED = "DECLARED", _("declaration of the family")
    FACILITIES = "FACILITIES", _("contracts of facilities")
    CASE = "CASE", _("statement of the service")
    LETTER = "LETTER", _("letter of Dinas Sosial or decree of the city")


class Complement(models.TextChoices):
    """Services that JKN leaves out and KSB takes over; a scheme version names the ones in force."""

    ASSAULT = "ASSAULT", _("victim of assault, terror or trafficking")
    DISASTER = "DISASTER", _("disaster")
    OUTBREAK = "OUTBREAK", _("outbreak")
    DRUG_DEPENDENCE = "DRUG_DEPENDENCE", _("drug or alcohol dependence")
    SELF_HARM = "SELF_HARM", _("self-harm")
    AMBULANCE_HOME = "AMBULANCE_HOME", _("ambulance from home")


class Cause(models.TextChoices):
    """Causes for which somebody else pays first, or alone."""

    TRAFFIC_ACCIDENT = "TRAFFIC_ACCIDENT", _("traffic accident")
    WORK_ACCIDENT = "WORK_ACCIDENT", _("work accident covered by BPJS Ketenagakerjaan or the employer")


class EmergencyCriterion(models.TextChoices):
    """When care is an emergency (Permenkes 47/2018 ps. 3)."""

    LIFE_THREATENING = "LIFE_THREATENING", _("a danger to life, to oneself or to others")
    BREATHING_CIRCULATION = "BREATHING_CIRCULATION", _("airway, breathing or circulation disturbed")
    CONSCIOUSNESS = "CONSCIOUSNESS", _("consciousness reduced")
    HAEMODYNAMIC = "HAEMODYNAMIC", _("haemodynamics disturbed")
    IMMEDIATE_ACTION = "IMMEDIATE_ACTION", _("immediate action needed")


class Exclusion(models.TextChoices):
    """Services nobody is guaranteed, by analogy with Perpres 82/2018 ps. 52; a scheme version names the ones in force."""

    COSMETIC = "COSMETIC", _("cosmetic care")
    INFERTILITY = "INFERTILITY", _("treatment of infertility")
    ORTHODONTICS = "ORTHODONTICS", _("orthodontics")
    ABROAD = "ABROAD", _("care abroad")
    EXPERIMENTAL = "EXPERIMENTAL", _("experimental or alternative treatment")
    NON_FORMULARY = "NON_FORMULARY", _("medicine outside the formulary at own request")


@dataclass(frozen=True, kw_only=True)
class Rule:
    """One row. ``variant`` tells apart rows of one code that differ in message or decision.

    ``unless`` turns a blocking or withholding rule into a warning; ``when_covered`` keeps a remark silent while the person
    is excluded; ``passed`` is said when no row of the code applies; ``changes`` is the SQL date on which the answer turns.
    Messages are msgids with facts as ``%(name)s``.
    """

    code: str
    effect: Effect
    applies: str
    message: str
    law: str
    source: Source
    variant: str = ""
    decision: Decision | None = None
    unless: str = ""
    when_covered: bool = False
    passed: str = ""
    changes: str = ""

    @property
    def key(self):
        return self.code + (f"_{self.variant}" if self.variant else "")


BLOCKS, WITHHOLDS, WARNS = Effect.BLOCKS, Effect.WITHHOLDS, Effect.WARNS
INFORMS, GRANTS = Effect.INFORMS, Effect.GRANTS
