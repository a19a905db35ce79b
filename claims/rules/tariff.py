"""TRF: what is asked against what the tariff allows (domain.md D4)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import details, evidence

# Below this share of the claimed amount the hospital's own bill looks too small.
LOW_BILL_PERCENT = 40

KNOWN = Rule(
    code="TRF-01",
    severity=Severity.REJECT,
    message=_("Tariff code %(code)s not in force for this hospital on %(day)s: %(details)s."),
    source="Permenkes 3/2023; E-Klaim E2016, E2017; openIMIS 2",
    when="f.tariff IS NULL",
    evidence=evidence(
        code="f.inacbg",
        day="f.discharged_on",
        details=details(
            error_group="f.inacbg ~ '^X-0-'",
            no_tariff="f.inacbg !~ '^X-0-'",
        ),
    ),
)
CEILING = Rule(
    code="TRF-02",
    severity=Severity.REJECT,
    message=_("Above the tariff: %(package)s is asked for group %(code)s, the tariff is %(tariff)s."),
    source="Permenkes 3/2023",
    # Where the scheme says "adjust" the package is lowered to the ceiling by itself (``claims.pricing``).
    when="f.package > f.tariff AND f.above_tariff = 'refuse'",
    evidence=evidence(package="f.package", code="f.inacbg", tariff="f.tariff"),
    money=("package", "tariff"),
)
LOW_BILL = Rule(
    code="TRF-03",
    severity=Severity.PEND,
    message=_("The hospital's own bill of %(bill)s is far below the claimed %(claimed)s."),
    source="Permenkes 16/2019 (inflated bills)",
    when=f"f.hospital_bill * 100 < f.claimed * {LOW_BILL_PERCENT}",
    evidence=evidence(bill="f.hospital_bill", claimed="f.claimed"),
    money=("bill", "claimed"),
)
# The last wall stands in the database (CHECK approved_within_claimed); this one also sees the sum of the lines.
WITHIN_CLAIMED = Rule(
    code="TRF-07",
    severity=Severity.REJECT,
    message=_("The approved amount of %(approved)s exceeds the claimed %(claimed)s."),
    source="Invariant of KSB",
    when="greatest(f.approved, f.lines_approved) > f.claimed",
    evidence=evidence(approved="greatest(f.approved, f.lines_approved)", claimed="f.claimed"),
    money=("approved", "claimed"),
)

RULES = (KNOWN, CEILING, LOW_BILL, WITHIN_CLAIMED)
