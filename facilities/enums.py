from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class Role(models.TextChoices):
    """Who somebody is in the programme. The perimeter follows from the role and the facility of the membership."""

    REGISTRATION_CLERK = "REGISTRATION_CLERK", _("registration clerk")
    MEMBERSHIP_VERIFIER = "MEMBERSHIP_VERIFIER", _("membership verifier")
    PUSKESMAS_CLERK = "PUSKESMAS_CLERK", _("Puskesmas clerk")
    PUSKESMAS_DOCTOR = "PUSKESMAS_DOCTOR", _("Puskesmas doctor")
    HOSPITAL_DESK = "HOSPITAL_DESK", _("hospital registration desk")
    HOSPITAL_BILLER = "HOSPITAL_BILLER", _("hospital billing officer")
    HOSPITAL_DIRECTOR = "HOSPITAL_DIRECTOR", _("hospital director")
    VERIFIER_ADMIN = "VERIFIER_ADMIN", _("administrative verifier")
    VERIFIER_MEDICAL = "VERIFIER_MEDICAL", _("medical verifier")
    VERIFIER_COORDINATOR = "VERIFIER_COORDINATOR", _("verifier coordinator")
    DINKES_MEMBERSHIP = "DINKES_MEMBERSHIP", _("Dinkes membership and cards")
    DINKES_SERVICES = "DINKES_SERVICES", _("Dinkes services and contracts")
    DINKES_CLAIMS = "DINKES_CLAIMS", _("Dinkes claims officer (PPTK)")
    TREASURER = "TREASURER", _("expenditure treasurer")
    BUDGET_USER = "BUDGET_USER", _("budget user (PA/KPA)")
    BUD = "BUD", _("city treasury (Kuasa BUD)")
    PLANNING_VIEWER = "PLANNING_VIEWER", _("planning viewer")
    AUDITOR = "AUDITOR", _("auditor")
    REGISTRY_OPERATOR = "REGISTRY_OPERATOR", _("Disdukcapil or Dinsos operator")
    SYSTEM_ADMIN = "SYSTEM_ADMIN", _("system administrator")
    COMPLAINTS_OFFICER = "COMPLAINTS_OFFICER", _("complaints officer")


HOSPITAL_ROLES = (Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR)
PUSKESMAS_ROLES = (Role.PUSKESMAS_CLERK, Role.PUSKESMAS_DOCTOR)
VERIFIER_ROLES = (Role.VERIFIER_ADMIN, Role.VERIFIER_MEDICAL)
PAYMENT_ROLES = (Role.DINKES_CLAIMS, Role.TREASURER, Role.BUDGET_USER, Role.BUD)
DINKES_ROLES = (Role.DINKES_MEMBERSHIP, Role.DINKES_SERVICES, Role.DINKES_CLAIMS)


class FacilityKind(models.TextChoices):
    PUSKESMAS = "PUSKESMAS", "Puskesmas"
    HOSPITAL = "HOSPITAL", _("hospital")
    CLINIC = "CLINIC", _("primary clinic")
    MAIN_CLINIC = "MAIN_CLINIC", _("specialist clinic")
    PHARMACY = "PHARMACY", _("pharmacy")
    OPTICIAN = "OPTICIAN", _("optician")


class Tier(models.TextChoices):
    """Where a patient begins (RTP), and where a referral leads (RTL). It follows from the kind."""

    FIRST = "FIRST", _("first level (RTP)")
    ADVANCED = "ADVANCED", _("advanced level (RTL)")


PRIMARY_KINDS = (FacilityKind.PUSKESMAS, FacilityKind.CLINIC)
ADVANCED_KINDS = (FacilityKind.HOSPITAL, FacilityKind.MAIN_CLINIC)


class Ownership(models.TextChoices):
    PUBLIC = "PUBLIC", _("public")
    PRIVATE = "PRIVATE", _("private")


class RegionLevel(models.TextChoices):
    CITY = "CITY", _("city")
    KECAMATAN = "KECAMATAN", "kecamatan"
    KELURAHAN = "KELURAHAN", "kelurahan"


class Service(models.TextChoices):
    """Kinds of service a decision, a letter, a contract and a claim speak of."""

    OUTPATIENT = "OUTPATIENT", _("specialist outpatient care")
    INPATIENT = "INPATIENT", _("inpatient care")
    INTENSIVE = "INTENSIVE", _("intensive care")
    EMERGENCY = "EMERGENCY", _("emergency care")
    HAEMODIALYSIS = "HAEMODIALYSIS", _("haemodialysis")
    AMBULANCE = "AMBULANCE", _("ambulance")
    NEWBORN = "NEWBORN", _("newborn care")


class PriceKind(models.TextChoices):
    """What a table of prices holds."""

    TARIFF = "TARIFF", _("INA-CBG tariff")
    FORMULARY = "FORMULARY", _("formulary and price list")
    PERDA = "PERDA", _("tariff by regional regulation (Perda)")
    SESSION = "SESSION", _("tariff a session")


class CareType(models.IntegerChoices):
    """PTD of the e-Klaim file."""

    INPATIENT = 1, _("inpatient")
    OUTPATIENT = 2, _("outpatient")


class WardType(models.TextChoices):
    CLASS_3 = "CLASS_3", _("class III ward")
    EMERGENCY = "EMERGENCY", _("emergency room")
    ICU = "ICU", "ICU"
    ICCU = "ICCU", "ICCU"
    HCU = "HCU", "HCU"
    PICU = "PICU", "PICU"
    NICU = "NICU", "NICU"
    ISOLATION = "ISOLATION", _("isolation")
    HAEMODIALYSIS = "HAEMODIALYSIS", _("haemodialysis")
    MATERNITY = "MATERNITY", _("maternity")


class BedSource(models.TextChoices):
    """How a count of beds came to us: typed at the desk, or pushed in the words of Aplicares or of SIRANAP."""

    MANUAL = "MANUAL", _("entered at the desk")
    API = "API", "Aplicares"
    SIRANAP = "SIRANAP", "SIRANAP"


class HoldEnd(models.TextChoices):
    """Why a bed is not kept for a referral any longer."""

    ARRIVED = "ARRIVED", _("the patient arrived")
    CANCELLED = "CANCELLED", _("the referral ended")
    EXPIRED = "EXPIRED", _("the time was over")
    OVERRUN = "OVERRUN", _("the hospital reported the bed as taken")


class AccountState(models.TextChoices):
    """A bank account on its way into a contract."""

    PROPOSED = "PROPOSED", _("waiting for approval")
    APPROVED = "APPROVED", _("approved")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember({"PROPOSED": "warn", "APPROVED": "ok", "REFUSED": "mute"})
