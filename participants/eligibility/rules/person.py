"""C01 to C11: the programme, the registry, residence and membership."""

from django.utils.translation import gettext_noop

from participants.eligibility.rules.rule import (
    ADMINDUK,
    BLOCKS,
    GRANTS,
    GUIDE,
    INFORMS,
    LKM,
    PERDA,
    PERPRES,
    TECHNICAL,
    Rule,
    Source,
)
from participants.enums import Decision, ResidentStatus

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
)
