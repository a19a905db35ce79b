"""REF and CTR: the way to the hospital and the contract with it (domain.md D3)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import SERVICE, details, evidence
from facilities.conditions import terms_in_force

# Services that need no letter of a Puskesmas before them.
_DIRECT = "('EMERGENCY', 'AMBULANCE', 'NEWBORN')"

REFERRED = Rule(
    code="REF-01",
    severity=Severity.REJECT,
    message=_("No valid referral of a Puskesmas."),
    source="Perwal 27.A/2017 (from 1 November 2018)",
    when=f"""f.sjp_id IS NOT NULL AND f.referral_required AND f.service NOT IN {_DIRECT}
        AND f.referral_state IN ('CANCELLED', 'REFUSED')""",
)
REFERRAL_AGE = Rule(
    code="REF-02",
    severity=Severity.PEND,
    message=_("The referral of %(from)s was older than %(days)s days on the first day of service."),
    source="V-Claim: referral valid 90 days",
    when=f"f.service NOT IN {_DIRECT} AND f.admitted_on > f.referral_from + f.referral_valid_days",
    evidence=evidence(from_="f.referral_from", days="f.referral_valid_days"),
)
_NO_NOTICE = "n.id IS NULL AND f.referral_state IS NULL"
_OTHER_DIAGNOSIS = """n.id IS NOT NULL AND NOT EXISTS (
    SELECT FROM jsonb_array_elements_text(f.diagnoses) d WHERE left(d, 1) = left(n.diagnosis_id, 1))"""
CRITERION = Rule(
    code="REF-03",
    severity=Severity.PEND,
    message=_("The emergency is not supported: %(details)s."),
    source="Permenkes 47/2018",
    via="LEFT JOIN referrals_emergencynotice n ON n.sjp_id = f.sjp_id",
    when=f"(f.emergency OR f.service = 'EMERGENCY') AND ({_NO_NOTICE} OR {_OTHER_DIAGNOSIS})",
    evidence=evidence(
        working="n.diagnosis_id", details=details(no_notice=_NO_NOTICE, other_diagnosis=_OTHER_DIAGNOSIS)
    ),
)
# Letters given out before a suspension are honoured: the hospital relied on them (domain.md B9, B25).
_IN_FORCE = terms_in_force("f.hospital_id", "f.admitted_on", promised="coalesce(f.valid_from, f.admitted_on)")
_NO_CONTRACT = f"NOT EXISTS (SELECT {_IN_FORCE})"
_NOT_INCLUDED = f"NOT EXISTS (SELECT {_IN_FORCE} AND {SERVICE} = ANY (t.services))"
CONTRACT = Rule(
    code="CTR-01",
    severity=Severity.REJECT,
    message=_("Outside the co-operation agreement on %(day)s: %(details)s."),
    source="Perpres 82/2018 ps. 52(b)",
    when=_NOT_INCLUDED,
    softer="f.emergency OR f.service = 'EMERGENCY'",
    evidence=evidence(
        day="f.admitted_on",
        details=details(no_contract=_NO_CONTRACT, service_not_included=f"NOT {_NO_CONTRACT} AND {_NOT_INCLUDED}"),
    ),
)
CARE_CLASS = Rule(
    code="CTR-02",
    severity=Severity.REJECT,
    message=_("Not class %(allowed)s: the claim says class %(class)s."),
    source="Perwal 27.A/2017; E-Klaim E2065",
    when="f.care_class <> f.class_allowed",
    evidence=evidence(class_="f.care_class", allowed="f.class_allowed"),
)

RULES = (REFERRED, REFERRAL_AGE, CRITERION, CONTRACT, CARE_CLASS)
