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


class EventKind(models.TextChoices):
    """What a difference between two registry snapshots means."""

    BIRTH = "BIRTH", _("birth")
    DEATH = "DEATH", _("death")
    MOVE_IN = "MOVE_IN", _("moved in")
    MOVE_OUT = "MOVE_OUT", _("moved out")
    MOVE_INTERNAL = "MOVE_INTERNAL", _("moved within the city")
    KK_SPLIT = "KK_SPLIT", _("family split")
    KK_MERGE = "KK_MERGE", _("families merged")
    HEAD_CHANGE = "HEAD_CHANGE", _("new head of family")
    CORRECTION = "CORRECTION", _("correction")
    NIK_CHANGE = "NIK_CHANGE", _("NIK changed")
    EKTP_RECORDED = "EKTP_RECORDED", _("KTP-el recorded")
    DEACTIVATED = "DEACTIVATED", _("NIK deactivated")
    GONE = "GONE", _("missing from the snapshot")


class SyncKind(models.TextChoices):
    REGISTRY = "REGISTRY", _("population registry")
    JKN = "JKN", _("JKN and PBI lists")


class SyncState(models.TextChoices):
    FETCHED = "FETCHED", _("received")
    STAGED = "STAGED", _("staged")
    WAITING_APPROVAL = "WAITING_APPROVAL", _("waiting for approval")
    APPLIED = "APPLIED", _("applied")
    FAILED = "FAILED", _("failed")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember(
        {
            "FETCHED": "info",
            "STAGED": "info",
            "WAITING_APPROVAL": "warn",
            "APPLIED": "ok",
            "FAILED": "bad",
            "REFUSED": "bad",
        }
    )


class SyncStage(models.TextChoices):
    """What a run is doing just now."""

    READING = "READING", _("reading lines")
    COMPARING = "COMPARING", _("comparing")
    APPLYING = "APPLYING", _("applying")


class OnlineService(models.TextChoices):
    DUKCAPIL = "DUKCAPIL", _("population registry (Dukcapil)")
    JKN = "JKN", _("JKN membership (BPJS Kesehatan)")


class OnlineQuestion(models.TextChoices):
    PERSON = "PERSON", _("a person by NIK")
    FAMILY = "FAMILY", _("a family by the NIK of a member")
    ELEMENTS = "ELEMENTS", _("whether our data agree")
    MEMBERSHIP = "MEMBERSHIP", _("JKN membership on a day")


class OnlineOutcome(models.TextChoices):
    """The small set to which every answer of another office's server is brought, errors of all kinds included."""

    FOUND = "FOUND", _("found")
    NOT_FOUND = "NOT_FOUND", _("not found")
    DECEASED = "DECEASED", _("deceased")
    DOUBLE = "DOUBLE", _("double record")
    INACTIVE = "INACTIVE", _("inactive")
    BAD_NUMBER = "BAD_NUMBER", _("not a valid number")
    UNCLEAR = "UNCLEAR", _("answer not understood")
    DENIED = "DENIED", _("access refused")
    QUOTA = "QUOTA", _("quota used up")
    UNREACHABLE = "UNREACHABLE", _("no answer")

    SENTIMENT = nonmember(
        {
            "FOUND": "ok",
            "NOT_FOUND": "warn",
            "DECEASED": "bad",
            "DOUBLE": "bad",
            "INACTIVE": "warn",
            "BAD_NUMBER": "warn",
            "UNCLEAR": "mute",
            "DENIED": "mute",
            "QUOTA": "mute",
            "UNREACHABLE": "mute",
        }
    )


class TicketKind(models.TextChoices):
    """What is wrong in the registry; the columns behind it are in ``tickets.WATCHED``."""

    NOT_IN_REGISTRY = "NOT_IN_REGISTRY", _("person missing from the registry")
    NIK = "NIK", _("double, inactive or wrong NIK")
    LIFE = "LIFE", _("recorded as deceased or gone, or death not recorded")
    NAME = "NAME", _("name")
    BIRTH = "BIRTH", _("date or place of birth")
    SEX = "SEX", _("sex")
    FAMILY = "FAMILY", _("members or head of the family card")
    ADDRESS = "ADDRESS", _("address or city")
    EKTP = "EKTP", _("KTP-el recording")
    FILE_LINE = "FILE_LINE", _("line of an exchange file")


class TicketState(models.TextChoices):
    OPEN = "OPEN", _("open")
    SENT = "SENT", _("sent to Disdukcapil")
    ANSWERED = "ANSWERED", _("answered")
    CLOSED = "CLOSED", _("closed")

    SENTIMENT = nonmember({"OPEN": "warn", "SENT": "info", "ANSWERED": "info", "CLOSED": "mute"})


class TicketOutcome(models.TextChoices):
    """Why a ticket was closed."""

    CORRECTED = "CORRECTED", _("the registry was corrected")
    CONFIRMED = "CONFIRMED", _("the registry is right")
    WITHDRAWN = "WITHDRAWN", _("no longer needed")


class OverrideState(models.TextChoices):
    PROPOSED = "PROPOSED", _("waiting for approval")
    ACTIVE = "ACTIVE", _("in force")
    REFUSED = "REFUSED", _("refused")
    REVOKED = "REVOKED", _("revoked")
    EXPIRED = "EXPIRED", _("expired")

    SENTIMENT = nonmember({"PROPOSED": "warn", "ACTIVE": "ok", "REFUSED": "bad", "REVOKED": "bad", "EXPIRED": "mute"})


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


class CardState(models.TextChoices):
    ORDERED = "ORDERED", _("ordered")
    APPROVED = "APPROVED", _("approved for printing")
    PRINTED = "PRINTED", _("printed")
    READY = "READY", _("ready to collect")
    ACTIVE = "ACTIVE", _("handed over")
    LOST = "LOST", _("lost")
    DAMAGED = "DAMAGED", _("damaged")
    REPLACED = "REPLACED", _("replaced")
    REVOKED = "REVOKED", _("revoked")

    SENTIMENT = nonmember({"ACTIVE": "ok", "LOST": "bad", "DAMAGED": "bad", "REVOKED": "bad", "REPLACED": "mute"})


class PrintPolicy(models.TextChoices):
    """What the programme prints at present: a parameter of the scheme version."""

    NORMAL = "NORMAL", _("every ordered card")
    EMERGENCY_ONLY = "EMERGENCY_ONLY", _("emergency cards only")
    CLOSED = "CLOSED", _("no cards")


class BatchKind(models.TextChoices):
    NORMAL = "NORMAL", _("ordinary")
    EMERGENCY = "EMERGENCY", _("emergency")


class PrintState(models.TextChoices):
    PREPARED = "PREPARED", _("prepared")
    APPROVED = "APPROVED", _("approved for printing")
    AT_PRINTER = "AT_PRINTER", _("at the printer")
    PRINTED = "PRINTED", _("printed")
    DELIVERED = "DELIVERED", _("at the service point")
    CLOSED = "CLOSED", _("closed")
    CANCELLED = "CANCELLED", _("cancelled")

    SENTIMENT = nonmember({"PREPARED": "warn", "DELIVERED": "ok", "CLOSED": "mute", "CANCELLED": "mute"})


class BlankMove(models.TextChoices):
    """What happened to blank cards."""

    RECEIVED = "RECEIVED", _("received")
    RESERVED = "RESERVED", _("reserved for a batch")
    RELEASED = "RELEASED", _("released by a batch")
    USED = "USED", _("printed")
    SPOILT = "SPOILT", _("spoilt")
    COUNTED = "COUNTED", _("difference counted")


class ReprintReason(models.TextChoices):
    """What the registry changed of the words on a card in a family's hands."""

    KK_NUMBER = "KK_NUMBER", _("new KK number")
    HEAD = "HEAD", _("new head of family")
    NAME = "NAME", _("name corrected")
    MEMBERS = "MEMBERS", _("members have changed")
    AREA = "AREA", _("moved within the city")


class NewbornState(models.TextChoices):
    """The life of a child recorded without NIK."""

    RECORDED = "RECORDED", _("recorded")
    MATCHED = "MATCHED", _("in the registry")
    EXPIRED = "EXPIRED", _("without NIK after the time of cover")
    STILLBORN = "STILLBORN", _("stillborn")

    SENTIMENT = nonmember({"RECORDED": "info", "MATCHED": "ok", "EXPIRED": "warn", "STILLBORN": "mute"})


class CoverageSource(models.TextChoices):
    """Which list told us of another coverage."""

    PBI_LIST = "PBI_LIST", _("monthly PBI list")
    BPJS_LIST = "BPJS_LIST", _("BPJS membership list")
    DECLARED = "DECLARED", _("declared by the family")
    ONLINE = "ONLINE", _("asked of BPJS on line")


class JknAnswer(models.TextChoices):
    """What a person said of a row of a JKN list without an exact NIK."""

    SAME = "SAME", _("the same person")
    OTHER = "OTHER", _("nobody of ours")
    UNSURE = "UNSURE", _("unsure")

    SENTIMENT = nonmember({"SAME": "ok", "OTHER": "mute", "UNSURE": "warn"})


class Decision(models.TextChoices):
    """Outcome of an eligibility evaluation for one person, day and service."""

    COVERED = "COVERED", _("covered")
    COVERED_COMPLEMENTARY = "COVERED_COMPLEMENTARY", _("covered as a complement to JKN")
    COVERED_NEWBORN = "COVERED_NEWBORN", _("covered as a newborn")
    COVERED_SPECIAL = "COVERED_SPECIAL", _("covered by special decision")
    EXCLUDED_PBI_APBN = "EXCLUDED_PBI_APBN", _("not covered: PBI JKN (APBN)")
    EXCLUDED_PBI_APBD = "EXCLUDED_PBI_APBD", _("not covered: JKN paid by local government")
    EXCLUDED_JKN_AKTIF = "EXCLUDED_JKN_AKTIF", _("not covered: active JKN")
    EXCLUDED_ASURANSI_LAIN = "EXCLUDED_ASURANSI_LAIN", _("not covered: other insurance")
    EXCLUDED_BUKAN_WARGA = "EXCLUDED_BUKAN_WARGA", _("not covered: not a resident")
    EXCLUDED_MASA_TUNGGU = "EXCLUDED_MASA_TUNGGU", _("not covered yet: waiting period")
    EXCLUDED_BELUM_EKTP = "EXCLUDED_BELUM_EKTP", _("not covered: KTP-el not recorded")
    EXCLUDED_MENINGGAL = "EXCLUDED_MENINGGAL", _("not covered: deceased")
    EXCLUDED_NIK_GANDA = "EXCLUDED_NIK_GANDA", _("not covered: double or inactive NIK")
    EXCLUDED_NIK_TIDAK_DITEMUKAN = "EXCLUDED_NIK_TIDAK_DITEMUKAN", _("not covered: NIK not found")
    EXCLUDED_SANKSI = "EXCLUDED_SANKSI", _("not covered: membership suspended or ended")
    EXCLUDED_PROGRAM_BERHENTI = "EXCLUDED_PROGRAM_BERHENTI", _("not covered: programme not running")
    EXCLUDED_BELUM_TERDAFTAR = "EXCLUDED_BELUM_TERDAFTAR", _("not covered: family not registered")
    UNKNOWN = "UNKNOWN", _("cannot be verified now")

    @property
    def covered(self):
        return self.value.startswith("COVERED")


class SpecialGroup(models.TextChoices):
    """People covered on a recommendation of Dinsos (domain.md C24)."""

    ODGJ = "ODGJ", _("person with a mental disorder (ODGJ)")
    HOMELESS = "HOMELESS", _("homeless person")
    FOUNDLING = "FOUNDLING", _("foundling")
    NO_NIK = "NO_NIK", _("person without NIK")


class EventSort(models.TextChoices):
    OUTBREAK = "OUTBREAK", _("outbreak (KLB)")
    DISASTER = "DISASTER", _("disaster")


class Funding(models.TextChoices):
    """Who pays for the victims of an event (domain.md B27)."""

    BTT = "BTT", _("city budget, unforeseen expenses (BTT)")
    LINE = "LINE", _("city budget, the programme's own line")
    CENTRAL = "CENTRAL", _("central government (Kemenkes, BNPB)")


class SpecialState(models.TextChoices):
    """Of special covers and events: one person writes, another decides."""

    PROPOSED = "PROPOSED", _("proposed")
    APPROVED = "APPROVED", _("in effect")
    REFUSED = "REFUSED", _("refused")
    ENDED = "ENDED", _("ended")

    SENTIMENT = nonmember({"PROPOSED": "warn", "APPROVED": "ok", "REFUSED": "bad", "ENDED": "mute"})


class ProposalState(models.TextChoices):
    """Of new rules of the programme."""

    PROPOSED = "PROPOSED", _("proposed")
    APPROVED = "APPROVED", _("put in force")
    REFUSED = "REFUSED", _("refused")

    SENTIMENT = nonmember({"PROPOSED": "warn", "APPROVED": "ok", "REFUSED": "bad"})
