"""Rules judged on the rows of a file, before there are claims: a hit refuses the row (domain.md D1; formats.md 0, 1).

ADM-01 is judged cell by cell while the file is read; the others over the temporary table ``claim_rows`` (alias ``x``, typed
columns named as in e-Klaim, NULL where a cell could not be read).
"""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import details, evidence

READABLE = Rule(
    code="ADM-01",
    severity=Severity.REJECT,
    fixed=True,
    message=_("Mandatory data incomplete or unreadable: %(field)s (%(details)s)."),
    source="BPJS claim verification; E-Klaim manual 5.x; openIMIS 9, 20",
)
_ENDS_BEFORE = 'x."DISCHARGE_DATE" < x."ADMISSION_DATE"'
_FUTURE = 'x."DISCHARGE_DATE" > %(today)s'
_BEFORE_BIRTH = 'x."ADMISSION_DATE" < x."BIRTH_DATE"'
_STAY = 'x."DISCHARGE_DATE" - x."ADMISSION_DATE" + 1'
_AGE = 'x."ADMISSION_DATE" - x."BIRTH_DATE"'
_LOS = f'NOT {_ENDS_BEFORE} AND x."LOS" <> {_STAY}'
_AGE_DAYS = f'NOT {_BEFORE_BIRTH} AND x."UMUR_HARI" <> {_AGE}'
LOGICAL_DAYS = Rule(
    code="ADM-12",
    severity=Severity.REJECT,
    fixed=True,
    message=_("The dates are not logical: %(details)s."),
    source="E-Klaim E2012; openIMIS 9",
    when=f"{_ENDS_BEFORE} OR {_FUTURE} OR {_BEFORE_BIRTH} OR {_LOS} OR {_AGE_DAYS}",
    evidence=evidence(
        details=details(
            ends_before_it_starts=_ENDS_BEFORE, future=_FUTURE, before_birth=_BEFORE_BIRTH, los=_LOS, age=_AGE_DAYS
        ),
        from_='x."ADMISSION_DATE"',
        to='x."DISCHARGE_DATE"',
        birth='x."BIRTH_DATE"',
        los='x."LOS"',
        days=_STAY,
        age='x."UMUR_HARI"',
        age_days=_AGE,
    ),
)
OWN_HOSPITAL = Rule(
    code="HOS-01",
    severity=Severity.REJECT,
    fixed=True,
    message=_("This row belongs to another hospital (KODE_RS %(code)s). Hand in only rows of your own hospital."),
    source="E-Klaim KODE_RS; UU 27/2022",
    when='x."KODE_RS" <> %(hospital_code)s',
    evidence=evidence(code='left(x."KODE_RS", 20)'),
)
OWN_PAYOR = Rule(
    code="PAY-01",
    severity=Severity.REJECT,
    fixed=True,
    message=_("The payor %(payor)s is not this programme: claim it where it belongs. Here only JAMKESDA is paid."),
    source="E-Klaim E2033, E2051; BPK findings on double payment",
    via='LEFT JOIN claim_payors p ON p.valid @> coalesce(x."ADMISSION_DATE", %(today)s)',
    when='x."PAYOR_ID" <> ALL (p.payors)',
    evidence=evidence(payor='left(x."PAYOR_ID", 20)'),
)

IN_FILE = (LOGICAL_DAYS, OWN_HOSPITAL, OWN_PAYOR)
RULES = (READABLE, *IN_FILE)


def unreadable(field, why, **numbers):
    """A finding of ADM-01 on column ``field``; ``why`` is a code of ``claims.rules.wording.DETAILS``."""
    return finding(READABLE.code, {"field": field, "details": [why], **numbers})


def finding(code, proof):
    """A finding as it is kept with a refused row."""
    return {"rule": code, "severity": Severity.REJECT.value, "evidence": proof}


# Line number, rule and evidence for every row of the file and every rule that hits on it.
FOUND = " UNION ALL ".join(
    f"SELECT x.line_number, '{rule.code}', {rule.evidence} FROM claim_rows x {rule.via} WHERE {rule.when}"
    for rule in IN_FILE
)
