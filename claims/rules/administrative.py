"""ADM: the letter, the clocks, the numbers, the identity, the sums (domain.md D1)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import REGISTERED_VISIT, SAME_BIRTH, SAME_CARD, SAME_NAME, VISIT, details, evidence, has_mark

# Another person's letter: the card number on the claim is somebody else's, or nothing agrees. A mistyped digit beside the
# right name and birth date is only remarked (ADM-10): identity numbers are corrected, and Excel rounds the last digit.
_OTHER_PATIENT = f"""f.sjp_id IS NOT NULL AND NOT coalesce({SAME_CARD}, false) AND (
    NOT {SAME_BIRTH} AND NOT {SAME_NAME}
    OR NOT ({SAME_BIRTH} AND {SAME_NAME})
       AND EXISTS (SELECT FROM participants_resident x WHERE x.nik = f.card AND x.id <> f.resident_id))"""
_IN_USE = "('USED', 'SERVICE_DONE', 'CLAIMED')"

LETTER = Rule(
    code="ADM-02",
    severity=Severity.REJECT,
    fixed=True,
    message=_("SJP %(number)s not found or not fitting: %(details)s."),
    source="Perwal 27.A/2017; Jamkesmas verification (1)",
    when=f"f.sjp_id IS NULL OR f.sjp_state NOT IN {_IN_USE} OR {_OTHER_PATIENT}",
    evidence=evidence(
        number="f.reference",
        details=details(
            no_letter="f.sjp_id IS NULL",
            letter_issued="f.sjp_state = 'ISSUED'",
            letter_cancelled="f.sjp_state = 'CANCELLED'",
            letter_expired="f.sjp_state = 'EXPIRED'",
            letter_revoked="f.sjp_state = 'REVOKED'",
            letter_closed="f.sjp_state = 'CLOSED'",
            other_patient=_OTHER_PATIENT,
        ),
    ),
)
# An emergency is reported within emergency_report_hours (72): its letter may start up to three days after the admission.
VALIDITY = Rule(
    code="ADM-03",
    severity=Severity.REJECT,
    message=_("Service outside the validity of the SJP: it began on %(day)s, the SJP holds from %(from)s to %(to)s."),
    source="Perwal Depok on Jamkesda procedures",
    when=f"""f.admitted_on NOT BETWEEN
        CASE WHEN f.service = 'EMERGENCY' THEN f.valid_from - 3 ELSE f.valid_from END AND f.valid_until
        AND NOT (f.admitted_on > f.valid_until AND {REGISTERED_VISIT})""",
    evidence=evidence(day="f.admitted_on", from_="f.valid_from", to="f.valid_until"),
)
SIGNED = Rule(
    code="ADM-05",
    severity=Severity.PEND,
    message=_("The medical summary of the visit on %(day)s was not completed by the doctor in charge (DPJP)."),
    source="Jamkesmas verification (2)",
    via=VISIT,
    when="v.discharged_at IS NOT NULL AND v.completed_at IS NULL",
    evidence=evidence(day="f.admitted_on"),
)
EXPIRED = Rule(
    code="ADM-06",
    severity=Severity.REJECT,
    message=_("The claim has expired: the service ended on %(day)s, more than %(months)s months ago."),
    source="Perpres 82/2018 ps. 77",
    when="""(f.discharged_on + make_interval(months => f.claim_expiry_months))::date < %(today)s
        AND NOT EXISTS (SELECT FROM claims_dispensation d
                         WHERE d.hospital_id = f.hospital_id AND d.approved_at IS NOT NULL
                           AND d.days @> f.discharged_on AND d.until >= %(today)s)""",
    evidence=evidence(day="f.discharged_on", months="f.claim_expiry_months"),
)
# A date goes through ``timestamp``: truncated as it is, it would be converted to a time zone row by row.
_DUE = "(date_trunc('month', f.discharged_on::timestamp) + interval '1 month')::date + f.claim_due_day - 1"
_OTHER_MONTH = (
    "NOT (f.discharged_on >= f.service_month AND f.discharged_on < (f.service_month + interval '1 month')::date)"
)
LATE = Rule(
    code="ADM-07",
    severity=Severity.WARN,
    message=_(
        "Late claim (susulan): the service ended on %(day)s and was to be claimed by %(due)s with its own month."
    ),
    source="Collective claims before the 10th of the next month",
    when=f"{_DUE} < %(today)s OR {_OTHER_MONTH}",
    evidence=evidence(day="f.discharged_on", due=_DUE),
)
NUMBER = Rule(
    code="ADM-08",
    severity=Severity.REJECT,
    message=_("The claim number %(number)s was already used: batch %(batch)s, line %(line)s."),
    source="E-Klaim E2003, E2007; openIMIS 7",
    # The number of a letter may return with each session of a series; one that e-Klaim made is used once.
    via="""JOIN claims_claim o ON o.hospital_id = f.hospital_id AND o.reference = f.reference AND o.id <> f.id
           JOIN claims_claimbatch ob ON ob.id = o.batch_id""",
    when="""f.reference <> '' AND (o.admitted_on = f.admitted_on OR f.reference !~ '/SJP/')
        AND CASE WHEN o.batch_id = f.batch_id THEN o.id < f.id AND o.state <> 'WITHDRAWN'
                 ELSE o.state NOT IN ('BLOCKED', 'WITHDRAWN', 'RETURNED') END""",
    first="o.id",
    evidence=evidence(number="f.reference", batch="ob.number", line="o.line_number", claim="o.public_id"),
)
IDENTITY = Rule(
    code="ADM-09",
    severity=Severity.PEND,
    message=_("The identity differs from the registry: %(details)s."),
    source="BPJS identity check; Permendagri 102/2019",
    when=f"f.resident_id IS NOT NULL AND (NOT {SAME_NAME} OR f.sex <> f.registered_sex OR NOT {SAME_BIRTH})",
    evidence=evidence(
        details=details(name=f"NOT {SAME_NAME}", sex="f.sex <> f.registered_sex", birth=f"NOT {SAME_BIRTH}")
    ),
)
# A death is proved by the episode's time of death or by the registry; an accident by the number of the police report.
_DIED = "f.discharge_status = 4"
_NO_DEATH = f"{_DIED} AND coalesce(f.status, 0) <> 1 AND v.death_time IS NULL"
_NO_REPORT = f"""(n.cause = 'TRAFFIC_ACCIDENT' OR {has_mark("TRAFFIC")})
    AND coalesce(n.police_report, '') = ''
    AND NOT EXISTS (SELECT FROM referrals_proof p WHERE p.sjp_id = f.sjp_id AND p.kind = 'POLICE_REPORT')"""
PAPERS_OF_AN_END = Rule(
    code="ADM-11",
    severity=Severity.REJECT,
    message=_("Complete the death certificate or the police report: %(details)s."),
    source="V-Claim: statusPulang 4 needs noSuratMeninggal, an accident noLPManual",
    via=f"LEFT {VISIT} LEFT JOIN referrals_emergencynotice n ON n.sjp_id = f.sjp_id",
    when=f"f.sjp_id IS NOT NULL AND ({_NO_DEATH} OR {_NO_REPORT})",
    evidence=evidence(details=details(no_death=_NO_DEATH, no_police_report=_NO_REPORT)),
)
LATE_LETTER = Rule(
    code="ADM-15",
    severity=Severity.WARN,
    message=_("The SJP was asked for late: admitted on %(day)s, asked for on %(asked)s, allowed are %(hours)s hours."),
    source="Perwal 27.A/2017; Pergub on emergency care: 3 x 24 hours",
    via="LEFT JOIN referrals_emergencynotice n ON n.sjp_id = f.sjp_id",
    when="""n.late OR (f.emergency OR f.service IN ('EMERGENCY', 'NEWBORN')) AND n.id IS NULL
        AND f.issued_on > f.admitted_on + ceil(f.emergency_report_hours / 24.0)::integer""",
    evidence=evidence(
        day="f.admitted_on",
        asked="coalesce((n.reported_at AT TIME ZONE 'Asia/Jakarta')::date, f.issued_on)",
        hours="f.emergency_report_hours",
    ),
)
# Inside a NIK stand region, day of birth (plus 40 for women), month, year, serial.
_NIK_PART = "substr(f.nik, 7, 6)::int"
_BORN = "to_char(f.registered_birth, 'DDMMYY')::int"
_NIK_DIFFERS = f"{_NIK_PART} <> {_BORN} + CASE f.registered_sex WHEN 2 THEN 400000 ELSE 0 END"
_NIK_SEX = f"({_NIK_PART} > 400000) <> (f.registered_sex = 2)"
_NIK_BIRTH = f"mod({_NIK_PART}, 400000) <> {_BORN}"
_CARD_LENGTH = "f.card ~ '^[0-9]{14,}$' AND length(f.card) <> 16"
_CARD_ROUNDED = "f.card ~ '^[0-9]+E[+]?[0-9]+$'"
_CARD_OTHER = "f.card ~ '^[0-9]{16}$' AND f.resident_id IS NOT NULL AND NOT f.same_card"
_CARD_DIFFERS = f"f.card IS DISTINCT FROM f.nik AND ({_CARD_LENGTH} OR {_CARD_ROUNDED} OR {_CARD_OTHER})"
CARD = Rule(
    code="ADM-10",
    severity=Severity.WARN,
    message=_("Check the NIK: %(details)s."),
    source="PP 40/2019 ps. 30(2)",
    when=f"coalesce({_NIK_DIFFERS}, false) OR {_CARD_DIFFERS}",
    evidence=evidence(
        digits="length(f.card)",
        details=details(
            nik_birth=_NIK_BIRTH,
            nik_sex=_NIK_SEX,
            card_length=_CARD_LENGTH,
            card_rounded=_CARD_ROUNDED,
            card_other=_CARD_OTHER,
        ),
    ),
)
SUMS = Rule(
    code="ADM-13",
    severity=Severity.PEND,
    message=_("The totals do not agree: %(details)s."),
    source="E-Klaim arithmetic; BPJS claim verification",
    when="f.cost_sum <> f.hospital_bill OR f.asked <> f.claimed",
    evidence=evidence(
        details=details(costs="f.cost_sum <> f.hospital_bill", parts="f.asked <> f.claimed"),
        cost_sum="f.cost_sum",
        bill="f.hospital_bill",
        parts="f.asked",
        claimed="f.claimed",
    ),
    money=("cost_sum", "bill", "parts", "claimed"),
)

RULES = (
    *(LETTER, VALIDITY, SIGNED, EXPIRED, LATE, NUMBER),
    *(IDENTITY, CARD, PAPERS_OF_AN_END, SUMS, LATE_LETTER),
)
