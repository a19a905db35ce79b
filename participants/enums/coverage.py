"""Who is covered and on what ground."""

from enum import nonmember

from django.db import models
from django.utils.translation import gettext_lazy as _


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
