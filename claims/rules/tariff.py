"""TRF: what is asked against what the tariff allows (domain.md D4)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule, Threshold
from claims.rules.sql import details, evidence

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
    when="f.hospital_bill * 100 < f.claimed * $percent",
    thresholds=(Threshold(name="percent", label=_("percent of the claimed amount"), value=40, least=1, most=100),),
    evidence=evidence(bill="f.hospital_bill", claimed="f.claimed"),
    money=("bill", "claimed"),
)
# A session is one visit of the tariff table: more than was registered is not paid. A letter whose sessions nobody registered
# says nothing.
SESSIONS = Rule(
    code="TRF-04",
    severity=Severity.REJECT,
    message=_("%(asked)s are claimed for %(sessions)s registered sessions from %(from)s to %(to)s; one is %(tariff)s."),
    source="INA-CBG: haemodialysis and chemotherapy are paid a session",
    via="""JOIN (SELECT g.id, count(*) FILTER (WHERE s.day BETWEEN g.admitted_on AND g.discharged_on) AS registered
                   FROM claim_facts g JOIN referrals_session s ON s.sjp_id = g.sjp_id
                  WHERE g.series GROUP BY g.id) held ON held.id = f.id""",
    when="f.tariff > 0 AND f.package > f.tariff * held.registered",
    evidence=evidence(
        asked="f.package", sessions="held.registered", from_="f.admitted_on", to="f.discharged_on", tariff="f.tariff"
    ),
    money=("asked", "tariff"),
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
    fixed=True,
)
# The package pays everything that has no special group of its own: an amount beside it without one, or under the same code.
IN_PACKAGE = Rule(
    code="TRF-08",
    severity=Severity.REJECT,
    message=_("Included in the package %(package)s already: %(part)s, %(asked)s."),
    source="Permenkes 26/2021 (special groups); Permenkes 16/2019 (unbundling)",
    via="""JOIN claims_claimline part ON part.claim_id = f.id AND part.kind IN ('SP', 'SR', 'SI', 'SD')
        AND (part.code IN ('', '-', 'None') OR part.code = f.inacbg)""",
    when="part.asked > 0",
    first="part.asked DESC, part.id",
    evidence=evidence(package="f.inacbg", part="part.kind", asked="part.asked"),
    money=("asked",),
)
PATIENT_PAID = Rule(
    code="TRF-09",
    severity=Severity.PEND,
    message=_("The patient was made to pay %(paid)s beside the package."),
    source="No cost sharing for members; Permenkes 16/2019",
    when="f.patient_paid > 0",
    evidence=evidence(paid="f.patient_paid"),
    money=("paid",),
)
KILOMETRES = Rule(
    code="TRF-10",
    severity=Severity.WARN,
    message=_("The ambulance drove %(km)s km, expected were %(expected)s km."),
    source="Distance on the map x 1.3",
    via="JOIN referrals_ambulancetrip trip ON trip.sjp_id = f.sjp_id",
    when="trip.km * 100 > trip.expected_km * $percent",
    thresholds=(
        Threshold(name="percent", label=_("percent of the expected distance"), value=130, least=100, most=500),
    ),
    evidence=evidence(km="trip.km", expected="trip.expected_km"),
)

RULES = (KNOWN, CEILING, LOW_BILL, SESSIONS, WITHIN_CLAIMED, IN_PACKAGE, PATIENT_PAID, KILOMETRES)
