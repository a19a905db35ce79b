"""ELG: was the patient the programme's on the day of service (domain.md D2)."""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule
from claims.rules.sql import details, evidence

# The hospital relies on the decision frozen with the letter (good faith, domain.md B9): what became known later only asks
# for a decision (ELG-02, ELG-05).
COVERED = Rule(
    code="ELG-01",
    severity=Severity.REJECT,
    message=_("The patient was not covered on the service date: %(decision)s."),
    source="Perwal 27.A/2017; decision frozen with the SJP",
    when="f.sjp_id IS NOT NULL AND NOT starts_with(f.decision, 'COVERED')",
    evidence=evidence(decision="f.decision"),
)
OTHER_PAYER = Rule(
    code="ELG-02",
    severity=Severity.PEND,
    message=_("Overlaps with active JKN: %(segment)s since %(from)s, although an SJP was issued."),
    source="Perwal 27.A/2017; SE Mendagri on double cover",
    via="""CROSS JOIN LATERAL (
        SELECT x.segment, x.valid_from FROM participants_othercoverage x
         WHERE x.resident_id = f.resident_id AND x.known_to IS NULL AND x.status = 0
           AND x.valid_from <= f.admitted_on AND (x.valid_to IS NULL OR x.valid_to >= f.admitted_on)
           AND CASE WHEN x.segment IN (21, 22) THEN f.pbi_blocks ELSE f.jkn_blocks END
         ORDER BY x.valid_from DESC LIMIT 1) jkn""",
    when="f.sjp_id IS NOT NULL",
    evidence=evidence(segment="jkn.segment", from_="jkn.valid_from"),
)
DECEASED = Rule(
    code="ELG-04",
    severity=Severity.REJECT,
    message=_("Service after the patient's death: died on %(died)s, service %(from)s to %(to)s."),
    source="UU 24/2013; BPK findings on deceased participants",
    # The body may leave the ward the day after: a discharge one day later is no service after death.
    when="f.status = 1 AND (f.admitted_on > f.status_on OR f.discharged_on > f.status_on + 1)",
    evidence=evidence(died="f.status_on", from_="f.admitted_on", to="f.discharged_on"),
)
_MOVED = "(f.city_code <> '32.75' OR f.status IN (2, 9)) AND coalesce(f.status_on, f.admitted_on) <= f.admitted_on"
_WAITING = "(f.resident_since + make_interval(months => f.min_residence_months))::date > f.admitted_on"
RESIDENT = Rule(
    code="ELG-05",
    severity=Severity.PEND,
    message=_("Not a resident or still in the waiting period on the service date: %(details)s."),
    source="SE on LKM-NIK (six months in SIAK); Perwal 27.A/2017",
    when=f"{_MOVED} OR coalesce({_WAITING}, false)",
    evidence=evidence(
        since="f.resident_since",
        months="f.min_residence_months",
        gone="f.status_on",
        details=details(moved=_MOVED, waiting=_WAITING),
    ),
)
PROGRAMME = Rule(
    code="ELG-09",
    severity=Severity.REJECT,
    message=_("The programme was not in force on %(day)s."),
    source="Scheme versions (domain.md 0.2)",
    when="f.scheme_id IS NULL OR NOT f.open AND NOT (f.honour_issued AND f.sjp_id IS NOT NULL)",
    evidence=evidence(day="f.admitted_on"),
)
_UNANSWERED = "n.payer_letter = ''"
_BEARS = "coalesce(n.payer_amount, 0) > 0"
FIRST_PAYER = Rule(
    code="ELG-10",
    severity=Severity.PEND,
    message=_("%(payer)s pays first: %(details)s."),
    source="Perpres 82/2018 ps. 52(c), (d)",
    via="JOIN referrals_emergencynotice n ON n.sjp_id = f.sjp_id AND n.cause IN ('TRAFFIC_ACCIDENT', 'WORK_ACCIDENT')",
    when=f"{_UNANSWERED} OR {_BEARS}",
    evidence=evidence(
        payer="CASE n.cause WHEN 'TRAFFIC_ACCIDENT' THEN 'Jasa Raharja' ELSE 'BPJS Ketenagakerjaan' END",
        borne="n.payer_amount",
        details=details(payer_unanswered=_UNANSWERED, payer_bears=_BEARS),
    ),
    money=("borne",),
)

RULES = (COVERED, OTHER_PAYER, DECEASED, RESIDENT, PROGRAMME, FIRST_PAYER)
