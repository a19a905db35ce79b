"""Applications and memberships of families, and the signals about them."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnrolmentState(models.TextChoices):
    DRAFT = "DRAFT", _("draft")
    SUBMITTED = "SUBMITTED", _("submitted")
    CHECKING = "CHECKING", _("registry check")
    FIELD_CHECK = "FIELD_CHECK", _("field check")
    WAITING = "WAITING", _("waiting period")
    NEEDS_CORRECTION = "NEEDS_CORRECTION", _("needs correction")
    REJECTED = "REJECTED", _("rejected")
    ACTIVE = "ACTIVE", _("active")
    SUSPENDED = "SUSPENDED", _("suspended")
    ENDED = "ENDED", _("ended")

    SENTIMENT = nonmember(
        {
            "ACTIVE": "ok",
            "SUSPENDED": "bad",
            "REJECTED": "bad",
            "ENDED": "mute",
            "WAITING": "warn",
            "NEEDS_CORRECTION": "warn",
        }
    )


class ConsentPurpose(models.TextChoices):
    """What a family agrees to with its application (UU PDP 27/2022 ps. 20-21)."""

    MEMBERSHIP = "MEMBERSHIP", _("deciding on cover and paying hospitals")


class EnrolmentReason(models.TextChoices):
    """Why a family was sent back, rejected, suspended or left the programme (NONAKTIF)."""

    DOCUMENTS_MISSING = "DOCUMENTS_MISSING", _("documents are missing")
    DOCUMENTS_DIFFER = "DOCUMENTS_DIFFER", _("documents differ from the population registry")
    REGISTRY_FAULT = "REGISTRY_FAULT", _("the population registry must be corrected first")
    NOT_LIVING_HERE = "NOT_LIVING_HERE", _("the family does not live at the registered address")
    COVERED_BY_JKN = "COVERED_BY_JKN", _("all members are covered by JKN or PBI")
    FALSE_STATEMENT = "FALSE_STATEMENT", _("false statement or forged document")
    MOVED_OUT = "MOVED_OUT", _("moved out of the city")
    KK_MERGED = "KK_MERGED", _("family card merged with another")
    KK_DELETED = "KK_DELETED", _("family card deleted from the registry")
    ALL_DECEASED = "ALL_DECEASED", _("all members deceased")
    SANCTION = "SANCTION", _("sanction")
    OWN_REQUEST = "OWN_REQUEST", _("at the family's own request")
    PROGRAMME_ENDED = "PROGRAMME_ENDED", _("the programme ended")


class Channel(models.TextChoices):
    LEGACY = "LEGACY", _("legacy list")
    COUNTER = "COUNTER", _("counter")
    ONLINE = "ONLINE", _("online")


class DocumentKind(models.TextChoices):
    """What a scan shows."""

    KK = "KK", _("family card (KK)")
    KTP = "KTP", _("KTP-el of the applicant")
    OTHER = "OTHER", _("another document")
    FIELD_PHOTO = "FIELD_PHOTO", _("photo of the field check")


class Difference(models.TextChoices):
    """What a verifier finds when the scan is held against the registry."""

    NIK = "NIK", _("NIK")
    NAME = "NAME", _("name")
    BIRTH = "BIRTH", _("date or place of birth")
    SEX = "SEX", _("sex")
    RELATION = "RELATION", _("relation")
    NOT_ON_SCAN = "NOT_ON_SCAN", _("not on the scan")


class FamilyDifference(models.TextChoices):
    """The same for the family card as a whole."""

    KK_NUMBER = "KK_NUMBER", _("KK number")
    HEAD = "HEAD", _("head of family")
    ADDRESS = "ADDRESS", _("address")
    MORE_PEOPLE = "MORE_PEOPLE", _("the scan shows more people")
    UNREADABLE = "UNREADABLE", _("the scan cannot be read")


class SignalKind(models.TextChoices):
    """What may be a broker's (calo's) work or a move for treatment's sake (domain.md B2)."""

    SAME_PHONE = "SAME_PHONE", _("one telephone, several families")
    SAME_EMAIL = "SAME_EMAIL", _("one e-mail address, several families")
    SAME_DEVICE = "SAME_DEVICE", _("one device, several families")
    SAME_FILE = "SAME_FILE", _("one photo, several families")
    ADDRESS = "ADDRESS", _("many family cards at one address")
    NEW_MEMBERS = "NEW_MEMBERS", _("many new members on a family card")
    MOVE_AND_TREAT = "MOVE_AND_TREAT", _("moved in and treated at once")
    MOVE_IN_CARE = "MOVE_IN_CARE", _("moved in while in hospital")
    GUEST = "GUEST", _("guest on a family card")
    IN_HOSPITAL = "IN_HOSPITAL", _("applied while in hospital")
    TIP = "TIP", _("reported by somebody")


class SignalOutcome(models.TextChoices):
    """What a person found out about a signal."""

    HARMLESS = "HARMLESS", _("explained, nothing wrong")
    FIELD_CHECK = "FIELD_CHECK", _("field check asked for")
    SUSPECTED = "SUSPECTED", _("suspected broker, passed on")

    SENTIMENT = nonmember({"HARMLESS": "ok", "FIELD_CHECK": "info", "SUSPECTED": "bad"})
