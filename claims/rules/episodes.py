"""DUP and FRD: one episode is paid once (domain.md D6), and what a person should look at (D7)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import INPATIENT, LATEST, OTHERS, OUTPATIENT, REGISTERED_VISIT, evidence

_STAY = {"hospital": "o.hospital", "from_": "o.admitted_on", "to": "o.discharged_on"}

LETTER_ONCE = Rule(
    code="DUP-01",
    severity=Severity.REJECT,
    message=_("This SJP was already claimed: batch %(batch)s, line %(line)s."),
    source="One active claim per SJP and service",
    via=OTHERS,
    # One claim a visit: a series has its sessions, and control visits need no letter of their own.
    when=f"""o.first AND o.sjp_id = f.sjp_id
        AND (o.admitted_on = f.admitted_on OR NOT f.series AND NOT {REGISTERED_VISIT})""",
    first=LATEST,
    evidence=evidence(batch="o.batch", line="o.line"),
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
SAME_DAY = Rule(
    code="DUP-04",
    severity=Severity.PEND,
    message=_("A second visit on %(day)s: visits of one day are one episode (batch %(batch)s, line %(line)s)."),
    source="Permenkes 26/2021",
    via=OTHERS,
    when=f"""o.first AND f.care_type = {OUTPATIENT} AND o.care_type = {OUTPATIENT}
        AND o.hospital_id = f.hospital_id AND o.admitted_on = f.admitted_on""",
    first=LATEST,
    evidence=evidence(day="f.admitted_on", batch="o.batch", line="o.line"),
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

RULES = (LETTER_ONCE, STILL_ADMITTED, PART_OF_STAY, SAME_DAY, READMISSION, NEWCOMER)
