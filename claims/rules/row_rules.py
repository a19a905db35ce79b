"""Rules judged on the row of the file, before there is a claim. A hit refuses the row (domain.md D1; formats.md 0, 1)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule

PRESENT = Rule(
    code="ADM-01",
    severity=Severity.REJECT,
    message=_("Mandatory data incomplete or unreadable: %(field)s (%(details)s)."),
    source="BPJS claim verification; E-Klaim manual 5.x; openIMIS 9, 20",
)
LOGICAL_DAYS = Rule(
    code="ADM-12",
    severity=Severity.REJECT,
    message=_("The dates are not logical: %(details)s."),
    source="E-Klaim E2012; openIMIS 9",
)
OWN_HOSPITAL = Rule(
    code="HOS-01",
    severity=Severity.REJECT,
    message=_("This row belongs to another hospital (KODE_RS %(code)s). Hand in only rows of your own hospital."),
    source="E-Klaim KODE_RS; UU 27/2022",
)
OWN_PAYOR = Rule(
    code="PAY-01",
    severity=Severity.REJECT,
    message=_("The payor %(payor)s is not this programme: claim it where it belongs. Here only JAMKESDA is paid."),
    source="E-Klaim E2033, E2051; audits of double payment (BPK)",
)

RULES = (PRESENT, LOGICAL_DAYS, OWN_HOSPITAL, OWN_PAYOR)


def unreadable(field, why, **numbers):
    """``why`` is a code of ``claims.rules.wording.DETAILS``."""
    return _finding(PRESENT, field=field, details=[why], **numbers)


def illogical_days(why, evidence):
    return _finding(LOGICAL_DAYS, details=why, **evidence)


def other_hospital(code):
    return _finding(OWN_HOSPITAL, code=code[:20])


def other_payor(payor):
    return _finding(OWN_PAYOR, payor=payor[:20])


def _finding(rule, **evidence):
    return {"rule": rule.code, "severity": rule.severity.value, "evidence": evidence}
