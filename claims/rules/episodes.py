"""DUP and FRD: one episode is paid once (domain.md D6), and what a person should look at (D7)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule, Threshold
from claims.rules.sql import INPATIENT, LATEST, OTHERS, OUTPATIENT, REGISTERED_VISIT, details, evidence

_STAY = {"hospital": "o.hospital", "from_": "o.admitted_on", "to": "o.discharged_on", "claim": "o.public_id"}
_LINE = {"batch": "o.batch", "line": "o.line", "claim": "o.public_id"}

LETTER_ONCE = Rule(
    code="DUP-01",
    severity=Severity.REJECT,
    fixed=True,
    message=_("This SJP was already claimed: batch %(batch)s, line %(line)s."),
    source="One active claim per SJP and service",
    via=OTHERS,
    # One claim a visit: a series has its sessions, and control visits need no letter of their own.
    when=f"""o.first AND o.sjp_id = f.sjp_id
        AND (o.admitted_on = f.admitted_on OR NOT f.series AND NOT {REGISTERED_VISIT})""",
    first=LATEST,
    evidence=evidence(**_LINE),
)
STILL_ADMITTED = Rule(
    code="DUP-02",
    severity=Severity.REJECT,
    message=_("Admitted elsewhere at the same time: at %(hospital)s from %(from)s to %(to)s."),
    source="V-Claim: patient not discharged yet",
    via=OTHERS,
    # Out of one hospital and into another on the same day is a transfer, not an overlap.
    when=f"""o.first AND f.care_type = {INPATIENT} AND o.care_type = {INPATIENT}
        AND o.admitted_on < f.discharged_on AND f.admitted_on < o.discharged_on""",
    first=LATEST,
    evidence=evidence(**_STAY),
)
PART_OF_STAY = Rule(
    code="DUP-03",
    severity=Severity.REJECT,
    message=_("Belongs to the inpatient stay at this hospital from %(from)s to %(to)s."),
    source="Permenkes 26/2021: emergency and outpatient care that continues is part of the stay",
    via=OTHERS,
    when=f"""f.care_type = {OUTPATIENT} AND o.care_type = {INPATIENT} AND o.hospital_id = f.hospital_id
        AND f.admitted_on BETWEEN o.admitted_on AND o.discharged_on""",
    first=LATEST,
    evidence=evidence(**_STAY),
)
# The same letter twice for the same day is DUP-01's alone.
_OTHER_VISIT = "(o.sjp_id IS DISTINCT FROM f.sjp_id OR o.admitted_on <> f.admitted_on)"
SAME_DAY = Rule(
    code="DUP-04",
    severity=Severity.PEND,
    message=_("A second visit on %(day)s: visits of one day are one episode (batch %(batch)s, line %(line)s)."),
    source="Permenkes 26/2021",
    via=OTHERS,
    when=f"""o.first AND f.care_type = {OUTPATIENT} AND o.care_type = {OUTPATIENT}
        AND o.hospital_id = f.hospital_id AND o.admitted_on = f.admitted_on AND {_OTHER_VISIT}""",
    first=LATEST,
    evidence=evidence(day="f.admitted_on", **_LINE),
)
READMISSION = Rule(
    code="DUP-05",
    severity=Severity.PEND,
    message=_("Readmission within %(days)s days for the same condition: stay at %(hospital)s from %(from)s to %(to)s."),
    source="Permenkes 26/2021",
    via=OTHERS,
    when=f"""f.care_type = {INPATIENT} AND o.care_type = {INPATIENT} AND o.hospital_id = f.hospital_id
        AND o.admitted_on < f.admitted_on AND o.discharged_on <= f.admitted_on
        AND o.discharged_on > f.admitted_on - f.readmission_days
        AND left(o.diagnosis, 3) = left(f.diagnoses->>0, 3)""",
    first=LATEST,
    evidence=evidence(days="f.readmission_days", **_STAY),
)
_BACK_SOON = f"""f.care_type = {INPATIENT} AND o.care_type = {INPATIENT} AND o.admitted_on < f.admitted_on
        AND f.admitted_on - o.discharged_on BETWEEN 0 AND ceil($hours / 24.0)"""
_SERIAL = f"""f.care_type = {OUTPATIENT} AND o.care_type = {OUTPATIENT} AND NOT f.series AND NOT {REGISTERED_VISIT}
        AND o.sjp_id <> f.sjp_id AND o.admitted_on < f.admitted_on AND o.admitted_on >= f.admitted_on - 3
        AND left(o.diagnosis, 3) = left(f.diagnoses->>0, 3)"""
SPLIT = Rule(
    code="DUP-06",
    severity=Severity.PEND,
    message=_("One episode may have been split: at this hospital from %(from)s to %(to)s, again on %(day)s."),
    source="Permenkes 16/2019 (splitting of episodes)",
    via=OTHERS,
    when=f"o.first AND o.hospital_id = f.hospital_id AND ({_BACK_SOON} OR {_SERIAL})",
    first=LATEST,
    thresholds=(Threshold(name="hours", label=_("hours until the next admission"), value=48, least=12, most=168),),
    evidence=evidence(day="f.admitted_on", **_STAY),
)
# Children without NIK share their mother's name: twins are two patients.
_SAME_PERSON = """
    SELECT a.id, min(b.id) AS other
      FROM (SELECT *, upper(patient_name) AS name FROM claim_facts WHERE newborn_id IS NULL AND resident_id IS NOT NULL) a
      JOIN (SELECT *, upper(patient_name) AS name FROM claim_house WHERE resident_id IS NOT NULL) b
        ON b.hospital_id = a.hospital_id AND b.birth_date = a.birth_date AND b.sex = a.sex AND b.name = a.name
       AND b.admitted_on = a.admitted_on AND b.resident_id <> a.resident_id
     GROUP BY a.id"""
TWO_IDENTITIES = Rule(
    code="DUP-07",
    severity=Severity.PEND,
    message=_("The same patient may be claimed under two identities: %(details)s."),
    source="Practice of KSB: aliases of a NIK and temporary identities",
    via=f"""LEFT JOIN ({_SAME_PERSON}) same ON same.id = f.id LEFT JOIN claim_house o ON o.id = same.other
        LEFT JOIN participants_formernik old ON old.nik = f.card AND old.resident_id <> f.resident_id""",
    when="o.id IS NOT NULL OR old.nik IS NOT NULL",
    first="old.nik",
    evidence=evidence(
        number="o.reference",
        claim="o.public_id",
        details=details(same_person="o.id IS NOT NULL", former_nik="old.nik IS NOT NULL"),
    ),
)
NEARLY_THE_SAME = Rule(
    code="DUP-09",
    severity=Severity.WARN,
    message=_("Much like another claim of this patient: %(asked)s on %(from)s (batch %(batch)s, line %(line)s)."),
    source="Permenkes 16/2019 (cloning)",
    via=OTHERS,
    when=f"""o.first AND NOT f.series AND o.hospital_id = f.hospital_id AND o.care_type = f.care_type AND {_OTHER_VISIT}
        AND abs(o.admitted_on - f.admitted_on) <= $days AND abs(o.claimed - f.claimed) * 100 <= f.claimed * $percent""",
    first=LATEST,
    thresholds=(
        Threshold(name="days", label=_("days between the claims"), value=1, most=7),
        Threshold(name="percent", label=_("percent between the amounts"), value=1, most=20),
    ),
    evidence=evidence(asked="o.claimed", from_="o.admitted_on", **_LINE),
    money=("asked",),
)
_DISTANT = "f.relation IN (9, 11)"
NEWCOMER = Rule(
    code="FRD-09",
    severity=Severity.PEND,
    message=_("Moved in on %(since)s, shortly before costly care (%(claimed)s)."),
    source="Move-in for treatment (Perwal 27.A/2017; press reports of 2018)",
    # "Family, other" on a family card is how a patient is brought in: then any stay counts as costly.
    when=f"""f.resident_since > f.admitted_on - f.newcomer_alert_days AND f.resident_since <= f.admitted_on
        AND (f.claimed >= f.high_cost OR f.care_type = {INPATIENT} AND {_DISTANT})""",
    evidence=evidence(since="f.resident_since", claimed="f.claimed"),
    money=("claimed",),
)

RULES = (
    *(LETTER_ONCE, STILL_ADMITTED, PART_OF_STAY, SAME_DAY, READMISSION),
    *(SPLIT, TWO_IDENTITIES, NEARLY_THE_SAME, NEWCOMER),
)
