"""REF and CTR: the way to the hospital and the contract with it (domain.md D3)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule, Threshold
from claims.rules.sql import INPATIENT, SERVICE, VISIT, details, evidence, has_mark
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
# Nothing but what a Puskesmas treats itself, neither when it referred nor when the hospital had looked.
PRIMARY_CARE = Rule(
    code="REF-04",
    severity=Severity.WARN,
    message=_("A Puskesmas treats this itself: %(codes)s."),
    source="Kepmenkes HK.02.02/Menkes/514/2015; tiered referral (Permenkes 1/2012)",
    when=f"""f.care_type <> {INPATIENT} AND f.service NOT IN {_DIRECT} AND NOT f.series
        AND jsonb_array_length(f.procedures) = 0 AND {has_mark("PRIMARY_CARE")}
        AND EXISTS (SELECT FROM claims_clinicalcode l WHERE l.kind = 'PRIMARY_CARE' AND l.code = left(f.referral_diagnosis, 3))
        AND jsonb_array_length(f.diagnoses) = (
            SELECT count(DISTINCT m.code) FROM claim_marks m WHERE m.claim_id = f.id AND m.kind = 'PRIMARY_CARE')""",
    evidence=evidence(codes="f.diagnoses"),
)
# Only where beds were counted: whether a clinic had room nobody knows afterwards.
RSUD_FIRST = Rule(
    code="REF-05",
    severity=Severity.WARN,
    message=_(
        "A private hospital was chosen without a reason although %(hospital)s had %(free)s free beds on %(day)s."
    ),
    source="RSUD first (rule of 1 November 2018)",
    via="""JOIN facilities_facility own ON own.id = f.hospital_id AND own.ownership = 'PRIVATE'
        CROSS JOIN LATERAL (
            SELECT h.name, r.capacity - r.occupied - r.held AS free
              FROM facilities_facility h JOIN facilities_bedcount b ON b.facility_id = h.id
              CROSS JOIN LATERAL (SELECT * FROM facilities_bedreport r WHERE r.count_id = b.id
                  AND r.reported_at <= f.issued_at AND r.reported_at > f.issued_at - interval '1 day'
                  ORDER BY r.reported_at DESC LIMIT 1) r
             WHERE h.ownership = 'PUBLIC' AND h.kind = 'HOSPITAL' AND h.in_city AND h.active
               AND b.ward = CASE f.service WHEN 'INTENSIVE' THEN 'ICU' ELSE 'CLASS_3' END
               AND r.capacity - r.occupied - r.held >= $free_beds
             ORDER BY 2 DESC LIMIT 1) rsud""",
    when="f.rsud_first AND f.service IN ('INPATIENT', 'INTENSIVE') AND NOT f.emergency AND f.pass_over_reason = ''",
    thresholds=(Threshold(name="free_beds", label=_("free beds at the RSUD"), value=1, least=1, most=100),),
    evidence=evidence(hospital="rsud.name", free="rsud.free", day="f.issued_on"),
)
_NO_LETTER = "k.id IS NULL AND i.id IS NULL"
_OTHER_DAY = "k.id IS NOT NULL AND abs(k.control_on - f.admitted_on) > $days"
CONTROL_LETTER = Rule(
    code="REF-06",
    severity=Severity.PEND,
    message=_("The control visit on %(day)s does not fit its letter: %(details)s."),
    source="V-Claim: surat kontrol (SKDP)",
    via=f"""{VISIT} AND v.later LEFT JOIN referrals_controlletter k ON k.visit_id = v.episode_id
        LEFT JOIN referrals_internalreferral i ON i.visit_id = v.episode_id""",
    when=f"NOT f.series AND f.care_type <> {INPATIENT} AND ({_NO_LETTER} OR {_OTHER_DAY})",
    thresholds=(Threshold(name="days", label=_("days from the control date"), value=3, most=30),),
    evidence=evidence(
        day="f.admitted_on", planned="k.control_on", details=details(no_control=_NO_LETTER, other_day=_OTHER_DAY)
    ),
)
# Letters given out before a suspension are honoured: the hospital relied on them (domain.md B9, B25).
_IN_FORCE = terms_in_force("f.hospital_id", "f.admitted_on", promised="coalesce(f.valid_from, f.admitted_on)")
_NO_CONTRACT = f"NOT EXISTS (SELECT {_IN_FORCE})"
_NOT_INCLUDED = f"NOT EXISTS (SELECT {_IN_FORCE} AND {SERVICE} = ANY (t.services))"
# An agreement that ended after the letter was given out: the care was promised, a person decides (domain.md B25).
_PROMISED = f"EXISTS (SELECT {terms_in_force('f.hospital_id', 'f.issued_on')} AND {SERVICE} = ANY (t.services))"
CONTRACT = Rule(
    code="CTR-01",
    severity=Severity.REJECT,
    message=_("Outside the co-operation agreement on %(day)s: %(details)s."),
    source="Perpres 82/2018 ps. 52(b)",
    when=_NOT_INCLUDED,
    softer=f"f.emergency OR f.service = 'EMERGENCY' OR {_PROMISED}",
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

# Titles stand before the name and behind a comma; letters alone are compared.
_TITLES = r"\m(PROF|DR|DRG|DRA|H|HJ)\.?\M"
_BARE = f"regexp_replace(regexp_replace(split_part(upper({{}}), ',', 1), '{_TITLES}', '', 'g'), '[^A-Z]', '', 'g')"
# Every name is stripped once, however many claims it stands on.
_STRANGERS = f"""
    WITH said AS MATERIALIZED (
        SELECT doctor, hospital_id, {_BARE.format("doctor")} AS bare
          FROM (SELECT DISTINCT hospital_id, doctor FROM claim_facts WHERE doctor <> '') names),
    roster AS MATERIALIZED (
        SELECT facility_id, valid, {_BARE.format("name")} AS bare FROM facilities_doctor
         WHERE facility_id IN (SELECT hospital_id FROM said)),
    known AS MATERIALIZED (
        SELECT said.hospital_id, said.doctor, roster.valid
          FROM said JOIN roster ON roster.facility_id = said.hospital_id
           AND (position(said.bare IN roster.bare) > 0 OR position(roster.bare IN said.bare) > 0))
    SELECT day.* FROM (SELECT DISTINCT hospital_id, doctor, admitted_on FROM claim_facts WHERE doctor <> '') day
     WHERE EXISTS (SELECT FROM roster d WHERE d.facility_id = day.hospital_id AND d.valid @> day.admitted_on)
       AND NOT EXISTS (SELECT FROM known k WHERE k.hospital_id = day.hospital_id AND k.doctor = day.doctor
                          AND k.valid @> day.admitted_on)"""
DOCTOR = Rule(
    code="CTR-03",
    severity=Severity.PEND,
    message=_("%(doctor)s is not on the roster of the hospital on %(day)s."),
    source="BPJS: DPJP with a licence (SIP) at this hospital",
    via=f"""JOIN ({_STRANGERS}) stranger
        ON stranger.hospital_id = f.hospital_id AND stranger.doctor = f.doctor AND stranger.admitted_on = f.admitted_on""",
    when="true",
    evidence=evidence(doctor="f.doctor", day="f.admitted_on"),
)
QUOTA = Rule(
    code="CTR-04",
    severity=Severity.WARN,
    message=_("Letter %(place)s of the month, the quota of the contract is %(quota)s."),
    source="Co-operation agreement: quota",
    via="""JOIN (
        SELECT s.id, t.quota_letters AS quota, row_number() OVER (
                   PARTITION BY s.hospital_id, date_trunc('month', s.issued_at AT TIME ZONE 'Asia/Jakarta')
                   ORDER BY s.issued_at, s.id) AS place
          FROM (SELECT DISTINCT hospital_id, date_trunc('month', issued_on::timestamp)::date AS month
                  FROM claim_facts WHERE sjp_id IS NOT NULL) asked
          JOIN facilities_contract k ON k.facility_id = asked.hospital_id
          JOIN facilities_contractterms t ON t.contract_id = k.id AND t.quota_letters > 0 AND t.valid @> asked.month
          JOIN referrals_sjp s ON s.hospital_id = asked.hospital_id AND s.state NOT IN ('CANCELLED', 'REVOKED', 'EXPIRED')
           AND s.issued_at >= asked.month::timestamp AT TIME ZONE 'Asia/Jakarta'
           AND s.issued_at < (asked.month + interval '1 month')::timestamp AT TIME ZONE 'Asia/Jakarta') counted
        ON counted.id = f.sjp_id AND counted.place > counted.quota""",
    when="true",
    evidence=evidence(place="counted.place", quota="counted.quota"),
)
# The day of discharge frees the bed for the next patient, except where it is the only one.
BEDS = Rule(
    code="CTR-05",
    severity=Severity.PEND,
    message=_("On %(day)s the hospital claims %(stays)s inpatients, it has %(beds)s beds."),
    source="Permenkes 16/2019 (phantom billing)",
    via=f"""JOIN (
        SELECT d.hospital_id, d.day, count(*) AS stays, h.beds
          FROM (SELECT o.hospital_id, generate_series(
                       o.admitted_on, greatest(o.admitted_on, o.discharged_on - 1), interval '1 day')::date AS day
                  FROM claim_house o WHERE o.care_type = {INPATIENT}) d
          JOIN facilities_facility h ON h.id = d.hospital_id AND h.beds > 0
         GROUP BY d.hospital_id, d.day, h.beds HAVING count(*) * 100 > h.beds * $percent) crowded
        ON crowded.hospital_id = f.hospital_id AND crowded.day BETWEEN f.admitted_on AND f.discharged_on""",
    when=f"f.care_type = {INPATIENT}",
    first="crowded.stays DESC, crowded.day",
    thresholds=(Threshold(name="percent", label=_("percent of the beds"), value=100, least=50, most=300),),
    evidence=evidence(day="crowded.day", stays="crowded.stays", beds="crowded.beds"),
)

RULES = (
    *(REFERRED, REFERRAL_AGE, CRITERION, PRIMARY_CARE, RSUD_FIRST, CONTROL_LETTER),
    *(CONTRACT, CARE_CLASS, DOCTOR, QUOTA, BEDS),
)
