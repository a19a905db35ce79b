"""CLN: codes that exist, fit the patient and the summary, and are plausible (domain.md D5).

Which codes belong to one sex, an age, once in a lifetime and so on stands with its source in ``claims_clinicalcode``.
"""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule, Threshold
from claims.rules.sql import INPATIENT, LATEST, OTHERS, VISIT, details, evidence, has_mark, marked

# Claims that stand in a person's history, of whatever year (alias ``o``).
_HISTORY = """JOIN claims_claim o ON o.resident_id = f.resident_id AND o.id <> f.id
        AND o.state NOT IN ('BLOCKED', 'WITHDRAWN', 'RETURNED', 'REJECTED') AND o.admitted_on <= f.admitted_on
    JOIN facilities_facility h ON h.id = o.hospital_id"""

# The list e-Klaim uses has a fifth character (site, open or closed, activity) in these chapters, the WHO edition has not.
_FIFTH = "x.code ~ '^[MSTV-Y].{5}$' AND EXISTS (SELECT FROM facilities_diagnosis d WHERE d.code = left(x.code, 5))"
_UNKNOWN = f"""
    NOT x.is_procedure AND NOT EXISTS (SELECT FROM facilities_diagnosis d WHERE d.code = x.code) AND NOT ({_FIFTH})
    OR x.is_procedure AND NOT EXISTS (SELECT FROM facilities_procedure p WHERE p.code = x.code)"""
VALID_CODE = Rule(
    code="CLN-01",
    severity=Severity.REJECT,
    message=_("Code not valid: %(codes)s. Use ICD-10 and ICD-9-CM of 2010."),
    source="Permenkes 26/2021; openIMIS 8",
    via=f"""JOIN (SELECT x.claim_id, string_agg(x.code, ', ') AS codes FROM claim_codes x
                   WHERE {_UNKNOWN} GROUP BY x.claim_id) hit ON hit.claim_id = f.id""",
    when="true",
    evidence=evidence(codes="hit.codes"),
)
SEX = Rule(
    code="CLN-02",
    severity=Severity.REJECT,
    message=_("Does not fit the patient's sex: %(codes)s."),
    source="ICD-10 volume 2, 4.2.4; Permenkes 16/2019; openIMIS 4",
    via="""JOIN (SELECT m.claim_id, string_agg(DISTINCT m.code, ', ') AS codes FROM claim_marks m
                   WHERE m.kind = CASE m.sex WHEN 1 THEN 'FEMALE' ELSE 'MALE' END GROUP BY m.claim_id) hit
            ON hit.claim_id = f.id""",
    when="true",
    evidence=evidence(codes="hit.codes"),
)
_AGE_AT = "CASE m.unit WHEN 'D' THEN m.admitted_on - m.birth_date ELSE extract(year FROM age(m.admitted_on, m.birth_date)) END"
AGE = Rule(
    code="CLN-03",
    severity=Severity.PEND,
    message=_("Does not fit the patient's age (born on %(birth)s): %(codes)s."),
    source="E-Klaim ungroupable causes; openIMIS 4",
    via=marked("AGE", f"{_AGE_AT} NOT BETWEEN m.least AND m.most"),
    when="true",
    evidence=evidence(birth="f.birth_date", codes="hit.codes"),
)
# Whoever died or went on to another hospital did not stay short by anybody's choice. The long end is measured on the
# programme's own claims (``claims.statistics``), where there are enough of the group.
_SHORT = "v.discharged_at - v.admitted_at < make_interval(hours => $hours) AND f.discharge_status NOT IN (2, 4)"
_LONG = "f.discharged_on - f.admitted_on + 1 > g.stay_p95"
STAY = Rule(
    code="CLN-04",
    severity=Severity.PEND,
    message=_("Unusual length of stay: %(details)s."),
    source="Emergency care above 6 hours is a stay; Permenkes 16/2019 (prolonged stay)",
    via=f"LEFT {VISIT} LEFT JOIN claims_groupstatistic g ON g.inacbg = f.inacbg AND g.claims >= $claims",
    when=f"f.care_type = {INPATIENT} AND ({_SHORT} OR {_LONG})",
    thresholds=(
        Threshold(name="hours", label=_("hours a stay has at least"), value=6, least=1, most=24),
        Threshold(
            name="claims", label=_("claims of the group before its usual stay counts"), value=30, least=10, most=1000
        ),
    ),
    evidence=evidence(
        hours="$hours",
        days="f.discharged_on - f.admitted_on + 1",
        usual="g.stay_p95",
        code="f.inacbg",
        details=details(short_stay=_SHORT, long_stay=_LONG),
    ),
)
THIRD_LEVEL = Rule(
    code="CLN-05",
    severity=Severity.PEND,
    message=_("Severity level III of %(code)s needs results in the summary or the signature of the medical committee."),
    source="Jamkesmas verification (3)",
    via=f"LEFT {VISIT}",
    when="f.inacbg LIKE '%%-III' AND NOT coalesce(v.has_results, false)",
    evidence=evidence(code="f.inacbg"),
)
_OTHER_MAIN = "left(f.diagnoses->>0, 3) <> left(v.diagnosis, 3)"
_UNSUPPORTED = (
    """NOT EXISTS (SELECT FROM unnest(v.diagnoses) said (code) WHERE left(said.code, 3) = left(claimed.code, 3))"""
)
CODING = Rule(
    code="CLN-06",
    severity=Severity.PEND,
    message=_("The coding differs from the medical summary: %(details)s."),
    source="Coding is half of all pended claims; Permenkes 16/2019 (upcoding)",
    via=f"""{VISIT} AND v.diagnosis IS NOT NULL
        CROSS JOIN LATERAL (SELECT string_agg(claimed.code, ', ') AS extra
                              FROM jsonb_array_elements_text(f.diagnoses) claimed (code) WHERE {_UNSUPPORTED}) not_said""",
    when=f"{_OTHER_MAIN} OR not_said.extra IS NOT NULL",
    evidence=evidence(
        main="f.diagnoses->>0",
        said="v.diagnosis",
        extra="not_said.extra",
        details=details(other_main=_OTHER_MAIN, unsupported="not_said.extra IS NOT NULL"),
    ),
)
INDICATION = Rule(
    code="CLN-08",
    severity=Severity.PEND,
    message=_("The indication of %(codes)s is to be looked at: no diagnosis of the claim supports it."),
    source="Indication is most of the medically pended claims; PNPK and PPK",
    via=marked(
        "INDICATION",
        """m.is_procedure AND NOT EXISTS (SELECT FROM claim_marks reason WHERE reason.claim_id = m.claim_id
               AND reason.kind = 'INDICATION' AND reason."group" = m."group" AND NOT reason.is_procedure)""",
    ),
    when="true",
    evidence=evidence(codes="hit.codes"),
)


def _again(kind):
    """Joins of a procedure on the list with an earlier claim for one of the same group (alias ``m``, ``o``)."""
    return f"""JOIN claim_marks m ON m.claim_id = f.id AND m.kind = '{kind}' AND m.is_procedure {_HISTORY}
        AND EXISTS (SELECT FROM jsonb_array_elements_text(o.procedures) old (code)
                      JOIN claims_clinicalcode l ON l.kind = m.kind AND l."group" = m."group" AND l.is_procedure
                       AND starts_with(old.code, l.code))"""


_EARLIER = {"code": "m.code", "hospital": "h.name", "from_": "o.admitted_on", "claim": "o.public_id"}
ONCE = Rule(
    code="CLN-09",
    severity=Severity.WARN,
    message=_("%(code)s is done once in a lifetime: it was claimed on %(from)s at %(hospital)s."),
    source="Anatomy; Permenkes 16/2019 (phantom procedures)",
    via=_again("ONCE"),
    when="o.discharged_on < f.admitted_on",
    first="o.admitted_on, o.id",
    evidence=evidence(**_EARLIER),
)
INTERVAL = Rule(
    code="CLN-10",
    severity=Severity.WARN,
    message=_("Too early: %(code)s comes every %(years)s years, the last was claimed on %(from)s at %(hospital)s."),
    source="Permenkes 52/2016 and 3/2023 (aids of medicine); openIMIS 5",
    via=_again("INTERVAL"),
    when="f.admitted_on < (o.admitted_on + make_interval(years => m.least))::date",
    first=LATEST,
    evidence=evidence(years="m.least", **_EARLIER),
)
_DIALYSIS = "(f.service = 'HAEMODIALYSIS' OR f.procedures ? '39.95')"
_SAME_WEEK = "date_trunc('week', o.admitted_on::timestamp) = date_trunc('week', f.admitted_on::timestamp)"
_TOO_MANY = "held.count >= f.hd_max_per_week"
_TWO_PLACES = "held.elsewhere IS NOT NULL"
DIALYSIS = Rule(
    code="CLN-11",
    severity=Severity.PEND,
    message=_("Unusual haemodialysis in the week of %(day)s: %(details)s."),
    source="Haemodialysis twice a week, at most as the scheme says",
    via=f"""JOIN (SELECT f.id, count(DISTINCT o.admitted_on) AS count,
                        min(o.hospital) FILTER (
                            WHERE o.admitted_on = f.admitted_on AND o.hospital_id <> f.hospital_id) AS elsewhere
                   FROM claim_facts f {OTHERS} AND (o.first OR o.admitted_on < f.admitted_on) AND {_SAME_WEEK}
                  WHERE {_DIALYSIS} AND (o.dialysis OR o.sjp_id = f.sjp_id)
                  GROUP BY f.id) held ON held.id = f.id""",
    when=f"{_TOO_MANY} OR {_TWO_PLACES}",
    evidence=evidence(
        day="f.admitted_on",
        sessions="held.count + 1",
        most="f.hd_max_per_week",
        hospital="held.elsewhere",
        details=details(too_many_sessions=_TOO_MANY, two_hospitals=_TWO_PLACES),
    ),
)
# Twins are one delivery; a mother moved in labour is claimed by both hospitals within days.
DELIVERY = Rule(
    code="CLN-12",
    severity=Severity.WARN,
    message=_("A delivery was claimed on %(from)s at %(hospital)s already, less than %(months)s months before."),
    source="openIMIS 11 to 15, 19",
    via=f"""{_HISTORY} AND o.admitted_on >= (f.admitted_on - make_interval(months => $months))::date
        AND o.discharged_on < f.admitted_on
        AND EXISTS (SELECT FROM jsonb_array_elements_text(o.diagnoses) old (code)
                      JOIN claims_clinicalcode l ON l.kind = 'DELIVERY' AND NOT l.is_procedure AND l.code = left(old.code, 3))""",
    when=has_mark("DELIVERY", "NOT m.is_procedure"),
    first=LATEST,
    thresholds=(Threshold(name="months", label=_("months between deliveries"), value=6, least=1, most=9),),
    evidence=evidence(months="$months", **{key: value for key, value in _EARLIER.items() if key != "code"}),
)

RULES = (
    *(VALID_CODE, SEX, AGE, STAY, THIRD_LEVEL, CODING),
    *(INDICATION, ONCE, INTERVAL, DIALYSIS, DELIVERY),
)
