"""The table of who is covered and why: one record a rule, in the order of precedence.

``applies`` is the rule's one SQL condition over the facts of a person (``facts.py``). The same text judges a single look-up
and the whole city. All rules are evaluated; the first that blocks gives the headline, else the first that grants.
``docs/eligibility.md`` is generated from this table.
"""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from participants.enums import Decision, ResidentStatus

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

# What a letter of Dinsos or a decree stands above; never above death, identity and residence.
ON_OWN_GROUND = "special_until IS NOT NULL OR event_name IS NOT NULL"

RULES = (
    Rule(
        code="C01",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PROGRAM_BERHENTI,
        applies="scheme_id IS NULL",
        variant="NONE",
        message=gettext_noop("The programme had no rules in force on %(day)s."),
        law=f"{PERDA}; {LKM}",
        source=Source.SCHEME,
        passed=gettext_noop("The programme runs under version %(scheme_code)s of its rules."),
        changes="scheme_ends",
    ),
    Rule(
        code="C01",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PROGRAM_BERHENTI,
        applies="NOT open",
        message=gettext_noop(
            "The KS-NIK programme is suspended since %(scheme_starts)s. Care already begun stays guaranteed until discharge."
        ),
        law=f"{LKM}; {PERPRES} ps. 102",
        source=Source.SCHEME,
    ),
    Rule(
        code="C01",
        variant="RUNNING",
        effect=GRANTS,
        decision=Decision.COVERED,
        applies="stopped_since",
        message=gettext_noop(
            "The programme is suspended now. Care that began on %(running_since)s stays guaranteed until discharge."
        ),
        law=f"{LKM}; {TECHNICAL}",
        source=Source.CASE,
    ),
    Rule(
        code="C02",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_NIK_TIDAK_DITEMUKAN,
        applies=f"status = {ResidentStatus.GONE} AND (status_on IS NULL OR day >= status_on)",
        message=gettext_noop(
            "The NIK is not found in the population registry. Please have it corrected at Disdukcapil."
        ),
        law=PERDA,
        source=Source.REGISTRY,
        passed=gettext_noop("The NIK is in the population registry."),
        changes="status_on",
    ),
    Rule(
        code="C02",
        variant="NEWBORN",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_NIK_TIDAK_DITEMUKAN,
        applies="by_mother AND begun_on > newborn_until",
        message=gettext_noop(
            "A newborn without its own NIK was guaranteed until %(newborn_until)s. Register the birth at Disdukcapil."
        ),
        law=f"{PERDA}; {PERPRES} ps. 16",
        source=Source.REGISTRY,
    ),
    Rule(
        code="C03",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_MENINGGAL,
        applies=f"status = {ResidentStatus.DECEASED} AND (status_on IS NULL OR day > status_on)",
        message=gettext_noop(
            "The data show that the person died on %(status_on)s. Contact Disdukcapil if this is wrong."
        ),
        law=ADMINDUK,
        source=Source.REGISTRY,
        changes="status_on + 1",
    ),
    Rule(
        code="C04",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_NIK_GANDA,
        applies=f"status = {ResidentStatus.DEACTIVATED} AND (status_on IS NULL OR day >= status_on)",
        message=gettext_noop("The NIK is double or inactive. It must be matched at Disdukcapil."),
        law=ADMINDUK,
        source=Source.REGISTRY,
        changes="status_on",
    ),
    Rule(
        code="C05",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_BUKAN_WARGA,
        applies=(
            f"(status = {ResidentStatus.MOVED_OUT}"
            " AND (status_on IS NULL OR begun_on >= status_on OR day > transition_until))"
            f" OR (status <> {ResidentStatus.MOVED_OUT} AND NOT city_address) OR begun_on < resident_from"
        ),
        message=gettext_noop("This programme is for people with a KTP or KK of Kota Bekasi."),
        law=PERDA,
        source=Source.REGISTRY,
        passed=gettext_noop("Resident of Kota Bekasi by the address in the registry."),
        changes="resident_from",
    ),
    Rule(
        code="C06",
        effect=GRANTS,
        decision=Decision.COVERED,
        applies="transition_until IS NOT NULL AND begun_on < status_on AND day >= status_on",
        message=gettext_noop("Guaranteed until the end of this treatment, at the latest until %(transition_until)s."),
        law=TECHNICAL,
        source=Source.REGISTRY,
        changes="transition_until + 1",
    ),
    Rule(
        code="C07",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_MASA_TUNGGU,
        applies="begun_on < waiting_until",
        unless=ON_OWN_GROUND,
        message=gettext_noop(
            "Registered in Kota Bekasi since %(waits_since)s. Membership can be processed from %(waiting_until)s."
        ),
        law=f"LKM-NIK ({LKM})",
        source=Source.REGISTRY,
        passed=gettext_noop("No waiting period after moving in is running."),
        changes="waiting_until",
    ),
    Rule(
        code="C08",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_BELUM_TERDAFTAR,
        applies="registration_required AND membership IS NULL",
        unless=f"emergency OR (infant AND mother_registered) OR grace_until IS NOT NULL OR {ON_OWN_GROUND}",
        message=gettext_noop("The family (KK) is not registered. Apply for registration with KK and KTP."),
        law=f"{PERDA}; {GUIDE}",
        source=Source.MEMBERSHIP,
        passed=gettext_noop("The family (KK) is registered in the programme or need not be."),
    ),
    Rule(
        code="C08",
        variant="SPLIT",
        effect=INFORMS,
        when_covered=True,
        applies="registration_required AND membership IS NULL AND grace_until IS NOT NULL",
        message=gettext_noop(
            "Covered under the family card left behind until %(grace_until)s. Register the new family card (KK) by then."
        ),
        law=f"{PERDA}; {TECHNICAL}",
        source=Source.REGISTRY,
        changes="ground_turns_on",
    ),
    Rule(
        code="C09",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_SANKSI,
        applies="membership = 'SUSPENDED'",
        message=gettext_noop("The membership is suspended (%(reason_code)s). Contact Dinkes."),
        law=f"Permenkes 16/2019; {TECHNICAL}",
        source=Source.MEMBERSHIP,
    ),
    Rule(
        code="C09",
        variant="ENDED",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_SANKSI,
        applies="membership = 'ENDED'",
        message=gettext_noop("The membership of the family (KK) ended on %(membership_stops)s. Contact Dinkes."),
        law=f"{PERDA}; {TECHNICAL}",
        source=Source.MEMBERSHIP,
        changes="membership_stops",
    ),
    Rule(
        code="C10",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_BELUM_EKTP,
        applies="ktp_el_required AND NOT ektp_recorded AND (ever_married OR begun_on >= ektp_from)",
        unless=f"emergency OR {ON_OWN_GROUND}",
        message=gettext_noop(
            "KTP-el not recorded yet. Have it recorded at the kecamatan or Disdukcapil; the status is then updated."
        ),
        law=GUIDE,
        source=Source.REGISTRY,
        passed=gettext_noop("KTP-el recorded, or not required at this age."),
        changes="CASE WHEN ktp_el_required AND NOT ektp_recorded AND NOT ever_married THEN ektp_from END",
    ),
    Rule(
        code="C11",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_BELUM_TERDAFTAR,
        applies="household_shown <> household_id",
        unless="infant AND mother_known",
        message=gettext_noop("The name is not on this family card (KK)."),
        law=GUIDE,
        source=Source.REGISTRY,
    ),
    Rule(
        code="C12",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBN,
        applies="pbi_apbn",
        unless="by_mother OR complementary OR NOT pbi_blocks OR event_name IS NOT NULL",
        message=gettext_noop("Registered as PBI JKN (state budget). Use the JKN/KIS card at the Puskesmas it names."),
        law=PERPRES,
        source=Source.JKN,
        passed=gettext_noop("Not PBI of the state budget on this date."),
        changes="coverage_turns_on",
    ),
    Rule(
        code="C13",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBD,
        applies="pbi_apbd",
        unless="by_mother OR complementary OR NOT pbi_blocks OR event_name IS NOT NULL",
        message=gettext_noop("The local government pays the JKN premium of this person. Use JKN/KIS."),
        law=PERPRES,
        source=Source.JKN,
        passed=gettext_noop("Not PBI of the local government on this date."),
    ),
    Rule(
        code="C14",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_JKN_AKTIF,
        applies="jkn AND jkn_until IS NULL",
        unless="by_mother OR complementary OR NOT jkn_blocks OR event_name IS NOT NULL",
        message=gettext_noop("JKN membership is active. Use JKN at the facility of registration."),
        law=f"{PERPRES} ps. 102; LKM-NIK",
        source=Source.JKN,
        passed=gettext_noop("No active JKN membership on this date."),
    ),
    Rule(
        code="C14",
        variant="UNTIL",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_JKN_AKTIF,
        applies="jkn AND jkn_until IS NOT NULL",
        unless="by_mother OR complementary OR NOT jkn_blocks OR event_name IS NOT NULL",
        message=gettext_noop("JKN membership is active until %(jkn_until)s. Use JKN at the facility of registration."),
        law=f"{PERPRES} ps. 102; LKM-NIK",
        source=Source.JKN,
    ),
    Rule(
        code="C15",
        effect=INFORMS,
        when_covered=True,
        applies="jkn_lapsed AND NOT jkn_any",
        message=gettext_noop("JKN is inactive. KSB may serve; advise to activate JKN again."),
        law=PERDA,
        source=Source.JKN,
    ),
    Rule(
        code="C16",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBN,
        applies="pbi_lapsed AND NOT jkn_any AND bridged >= bridge_max",
        unless="NOT bridge_blocks OR emergency",
        message=gettext_noop(
            "The temporary guarantee after the end of PBI was used already. Register with JKN or PBI again."
        ),
        law=TECHNICAL,
        source=Source.JKN,
    ),
    Rule(
        code="C17",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_ASURANSI_LAIN,
        applies="insurer IS NOT NULL",
        unless="NOT other_insurance_blocks OR event_name IS NOT NULL",
        message=gettext_noop("Still covered by another insurance, as the family declared: %(insurer)s."),
        law=f"LKM-NIK ({LKM})",
        source=Source.DECLARED,
    ),
    Rule(
        code="C18",
        effect=GRANTS,
        decision=Decision.COVERED_COMPLEMENTARY,
        applies="jkn_any AND complementary",
        message=gettext_noop("KSB covers as a complement to JKN: %(complement)s."),
        law=f"MK 007/PUU-III/2005; {PERPRES} ps. 52",
        source=Source.CASE,
    ),
    Rule(
        code="C19",
        effect=INFORMS,
        when_covered=True,
        applies=f"cause = '{Cause.TRAFFIC_ACCIDENT}'",
        message=gettext_noop("Traffic accident: Jasa Raharja pays first, up to its ceiling."),
        law=f"{PERPRES} ps. 52",
        source=Source.CASE,
    ),
    Rule(
        code="C20",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_ASURANSI_LAIN,
        applies=f"cause = '{Cause.WORK_ACCIDENT}'",
        unless="unpaid_elsewhere",
        message=gettext_noop("A work accident is covered by BPJS Ketenagakerjaan or the employer."),
        law=f"{PERPRES} ps. 52",
        source=Source.CASE,
    ),
    Rule(
        code="C21",
        effect=GRANTS,
        decision=Decision.COVERED_NEWBORN,
        applies="is_newborn AND mother_known AND NOT mother_jkn_any",
        message=gettext_noop("The newborn is covered until %(newborn_until)s. See to birth certificate and KK soon."),
        law=f"{PERDA}; {PERPRES} ps. 16",
        source=Source.REGISTRY,
        changes="newborn_until + 1",
    ),
    Rule(
        code="C22",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBN,
        applies="is_newborn AND mother_pbi_apbn",
        unless="complementary OR NOT pbi_blocks OR event_name IS NOT NULL",
        message=gettext_noop("The newborn of a PBI mother is a PBI member of JKN by law. Report the birth to BPJS."),
        law=f"{PERPRES} ps. 10",
        source=Source.JKN,
    ),
    Rule(
        code="C22",
        variant="APBD",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_PBI_APBD,
        applies="is_newborn AND mother_pbi_apbd",
        unless="complementary OR NOT pbi_blocks OR event_name IS NOT NULL",
        message=gettext_noop("The newborn of a PBI mother is a PBI member of JKN by law. Report the birth to BPJS."),
        law=f"{PERPRES} ps. 10",
        source=Source.JKN,
    ),
    Rule(
        code="C23",
        effect=BLOCKS,
        decision=Decision.EXCLUDED_JKN_AKTIF,
        applies="is_newborn AND mother_jkn",
        unless="complementary OR NOT jkn_blocks OR event_name IS NOT NULL",
        message=gettext_noop("Register the newborn with JKN within 28 days of birth."),
        law=f"{PERPRES} ps. 16",
        source=Source.JKN,
    ),
    Rule(
        code="C24",
        effect=GRANTS,
        decision=Decision.COVERED_SPECIAL,
        applies="special_until IS NOT NULL",
        message=gettext_noop("Guaranteed on the recommendation of Dinas Sosial until %(special_until)s."),
        law=f"LKM-NIK ({LKM}); {TECHNICAL}",
        source=Source.LETTER,
        changes="ground_turns_on",
    ),
    Rule(
        code="C25",
        effect=GRANTS,
        decision=Decision.COVERED_SPECIAL,
        applies="event_name IS NOT NULL",
        message=gettext_noop("Guaranteed during: %(event_name)s."),
        law=f"{PERPRES} ps. 52; {TECHNICAL}",
        source=Source.LETTER,
        changes="ground_turns_on",
    ),
    Rule(
        code="C25",
        variant="CENTRAL",
        effect=INFORMS,
        applies="central_event IS NOT NULL",
        message=gettext_noop("%(central_event)s: the central government pays first. The programme does not pay twice."),
        law=f"{PERPRES} ps. 52; {TECHNICAL}",
        source=Source.LETTER,
    ),
    Rule(
        code="C26",
        effect=WITHHOLDS,
        applies="at_hospital AND referral_required AND NOT referred",
        unless="emergency",
        message=gettext_noop("A referral from the Puskesmas is needed."),
        law=GUIDE,
        source=Source.CASE,
    ),
    Rule(
        code="C27",
        effect=INFORMS,
        applies="emergency AND criterion = ''",
        message=gettext_noop(
            "Emergency: treated at once without referral; the hospital reports within %(emergency_report_hours)s hours."
        ),
        law=f"Permenkes 47/2018; {PERPRES} ps. 63",
        source=Source.CASE,
    ),
    Rule(
        code="C27",
        variant="NAMED",
        effect=INFORMS,
        applies="emergency AND criterion <> ''",
        message=gettext_noop(
            "Emergency (%(criterion)s): treated at once without referral; the hospital reports within "
            "%(emergency_report_hours)s hours."
        ),
        law=f"Permenkes 47/2018; {PERPRES} ps. 63",
        source=Source.CASE,
    ),
    Rule(
        code="C28",
        effect=WITHHOLDS,
        applies="at_hospital AND NOT contracted",
        unless="emergency",
        message=gettext_noop("The hospital has no agreement for this service on this date."),
        law=f"Perwal Bekasi 110/2017; {PERPRES} ps. 52",
        source=Source.FACILITIES,
    ),
    Rule(
        code="C29",
        effect=WITHHOLDS,
        applies="care_class < class_allowed",
        message=gettext_noop(
            "KSB covers class III only. Who moves up a class pays for the whole stay; the guarantee ends."
        ),
        law=GUIDE,
        source=Source.CASE,
    ),
    Rule(
        code="C30",
        effect=WITHHOLDS,
        applies="generally_excluded",
        message=gettext_noop("This service is not guaranteed: %(exclusion)s."),
        law=f"{PERPRES} ps. 52",
        source=Source.CASE,
    ),
    Rule(
        code="C31",
        effect=WARNS,
        applies="spent_episode > benefit_cap_episode",
        message=gettext_noop("Above the ceiling of %(benefit_cap_episode)s a treatment. The rest is not guaranteed."),
        law=TECHNICAL,
        source=Source.CASE,
    ),
    Rule(
        code="C31",
        variant="YEAR",
        effect=WARNS,
        applies="spent_year > benefit_cap",
        message=gettext_noop("Above the ceiling of %(benefit_cap)s a year. The rest is not guaranteed."),
        law=TECHNICAL,
        source=Source.CASE,
    ),
    Rule(
        code="C32",
        effect=BLOCKS,
        decision=Decision.UNKNOWN,
        applies="registry_is_stale",
        unless="emergency OR unverified",
        message=gettext_noop(
            "The data cannot be verified now (registry as of %(registry_date)s); handled with a remark."
        ),
        law=TECHNICAL,
        source=Source.REGISTRY,
    ),
    Rule(
        code="C32",
        variant="JKN",
        effect=BLOCKS,
        decision=Decision.UNKNOWN,
        applies="jkn_is_stale AND NOT jkn_asked",
        unless="emergency OR unverified",
        message=gettext_noop("The data cannot be verified now (JKN lists as of %(jkn_date)s); handled with a remark."),
        law=TECHNICAL,
        source=Source.JKN,
    ),
    Rule(
        code="C33",
        effect=INFORMS,
        when_covered=True,
        applies="NOT has_card",
        message=gettext_noop("No card is needed: KTP and KK of Kota Bekasi are enough."),
        law=GUIDE,
        source=Source.MEMBERSHIP,
    ),
    Rule(
        code="C34",
        effect=GRANTS,
        decision=Decision.COVERED,
        applies="true",
        message=gettext_noop("Covered by KSB as long as the data do not change; valid today."),
        law=PERDA,
        source=Source.SCHEME,
    ),
)

BY_KEY = {rule.key: rule for rule in RULES}
NOT_FOUND = BY_KEY["C02"]
