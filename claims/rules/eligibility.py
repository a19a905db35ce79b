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
# SEP and other payments come as lists (``manage.py import_paid_elsewhere``); an overlap of days is the same care.
_ELSEWHERE = """JOIN claims_paidelsewhere e ON e.resident_id = f.resident_id
     AND e.starts <= f.discharged_on AND e.ends >= f.admitted_on"""
SEP_KNOWN = Rule(
    code="ELG-03",
    severity=Severity.REJECT,
    message=_("BPJS guarantees this care already: SEP %(number)s, %(from)s to %(to)s."),
    source="V-Claim; overlap of the programme with JKN",
    via=_ELSEWHERE,
    when="e.source = 'SEP'",
    first="e.starts, e.id",
    evidence=evidence(number="e.number", from_="e.starts", to="e.ends"),
)
PAID_ELSEWHERE = Rule(
    code="DUP-08",
    severity=Severity.REJECT,
    message=_("Paid by another source already: %(payer)s, number %(number)s, %(from)s to %(to)s."),
    source="BPK findings on double payment; KPK 2020 on double cost",
    via=_ELSEWHERE,
    when="e.source <> 'SEP'",
    first="e.starts, e.id",
    evidence=evidence(payer="e.source", number="e.number", from_="e.starts", to="e.ends"),
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

# The letter's card names the family; a full KK number on the claim that is another family's is no slip of a digit.
ON_FAMILY_CARD = Rule(
    code="ELG-06",
    severity=Severity.REJECT,
    message=_("The patient does not stand on the family card the claim names."),
    source="Perwal 27.A/2017: members of the KK",
    via="""JOIN participants_household named ON named.kk_number = f.card AND named.kk_number <> f.kk_number
        AND (named.successor_id IS NULL OR named.successor_id <> f.household_id)""",
    when="""NOT f.same_card AND NOT EXISTS (
        SELECT FROM participants_residentversion then_ WHERE then_.resident_id = f.resident_id
           AND then_.data->>'kk_number' = f.card AND then_.valid_to >= f.admitted_on)""",
    evidence=evidence(day="f.admitted_on"),
)
NEWBORN_WITHOUT_NIK = Rule(
    code="ELG-07",
    severity=Severity.REJECT,
    message=_("Born on %(birth)s and without NIK: care that begins after day %(days)s needs the child's own NIK."),
    source="Perpres 82/2018 ps. 16; newborn cover of 28 days",
    when="f.born_on IS NOT NULL AND f.resident_id IS NULL AND f.admitted_on > f.born_on + f.newborn_cover_days",
    evidence=evidence(birth="f.born_on", days="f.newborn_cover_days"),
)
MOTHERS_DELIVERY = Rule(
    code="ELG-08",
    severity=Severity.PEND,
    message=_("No claim for the mother's delivery around %(birth)s was found."),
    source="Practice of KSB: a birth has two claims",
    when="""f.born_on IS NOT NULL AND NOT EXISTS (
        SELECT FROM claims_claim o WHERE o.resident_id = f.mother_id AND o.state NOT IN ('WITHDRAWN', 'REJECTED')
           AND f.born_on BETWEEN o.admitted_on - 1 AND o.discharged_on + 1)""",
    evidence=evidence(birth="f.born_on"),
)
NOT_COVERED_BY_BPJS = Rule(
    code="ELG-11",
    severity=Severity.PEND,
    message=_("Attach the letter of BPJS that JKN does not cover this care (complement to JKN)."),
    source="Perpres 82/2018 ps. 52 (services JKN does not cover)",
    when="""f.complement <> '' AND NOT EXISTS (
        SELECT FROM referrals_proof p WHERE p.sjp_id = f.sjp_id AND p.kind = 'JKN_LETTER')""",
)

RULES = (
    *(COVERED, OTHER_PAYER, SEP_KNOWN, DECEASED, RESIDENT, ON_FAMILY_CARD),
    *(NEWBORN_WITHOUT_NIK, MOTHERS_DELIVERY, PROGRAMME, FIRST_PAYER, NOT_COVERED_BY_BPJS),
    PAID_ELSEWHERE,
)
