"""FRD: patterns over many claims that the night looks for (domain.md D7; ``claims.signals``).

No claim is refused by them and no hospital sees them: they say where a person should look. FRD-09 is judged on the single
claim (``claims.rules.episodes``), FRD-12 on verifiers (``verification.signals``).
"""

from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from claims.rules.rule import Rule, Threshold

_FRAUD = "Permenkes 16/2019"
_DEVIATION = Threshold(
    name="deviation", label=_("tenths of a standard deviation above the peers"), value=20, least=10, most=60
)
_ENOUGH = Threshold(name="claims", label=_("claims before anything is said"), value=30, least=10, most=1000)


def _pattern(code, severity, message, source, *thresholds):
    return Rule(code=code, severity=severity, message=message, source=source, thresholds=thresholds)


P, W = Severity.PEND, Severity.WARN
UPCODING = _pattern(
    "FRD-01",
    P,
    _("%(share)s %% of the stays have severity II or III; peers have %(peers)s %%."),
    _FRAUD,
    _DEVIATION,
    _ENOUGH,
)
PHANTOM = _pattern(
    "FRD-02",
    P,
    _("%(count)s claims for visits nobody registered on arrival, %(share)s %% of all; peers have %(peers)s %%."),
    f"{_FRAUD}; openIMIS feedback",
    Threshold(name="claims", label=_("claims without an arrival"), value=3, least=1, most=1000),
    Threshold(name="percent", label=_("percent of the hospital's claims"), value=5, least=1, most=100),
)
CLONING = _pattern(
    "FRD-03",
    P,
    _("%(count)s patients with the same diagnoses, procedures, days and bill of %(bill)s."),
    _FRAUD,
    Threshold(name="patients", label=_("patients alike"), value=5, least=3, most=100),
)
DRUG_BILL = _pattern(
    "FRD-04",
    P,
    _("Medicines and aids are %(share)s %% of the hospital's bills; peers have %(peers)s %%."),
    _FRAUD,
    _DEVIATION,
    _ENOUGH,
)
SELF_REFERRAL = _pattern(
    "FRD-05",
    P,
    _(
        "%(share)s %% of the %(total)s referrals of this hospital go to %(other)s; peers send %(peers)s %% to one hospital."
    ),
    _FRAUD,
    Threshold(name="percent", label=_("percent to one hospital"), value=80, least=50, most=100),
    Threshold(name="referrals", label=_("referrals before anything is said"), value=10, least=5, most=1000),
)
CLASS = _pattern(
    "FRD-06",
    P,
    _("On %(count)s days more patients of class III were claimed than beds of class III were reported as taken."),
    _FRAUD,
    Threshold(name="days", label=_("days"), value=3, least=1, most=90),
)
LENDING = _pattern(
    "FRD-07",
    P,
    _("One member was at %(count)s hospitals on %(day)s: %(hospitals)s."),
    f"{_FRAUD} (identity)",
)
SHOPPING = _pattern(
    "FRD-08",
    W,
    _("%(count)s visits at %(places)s hospitals within %(days)s days with diagnosis %(code)s."),
    _FRAUD,
    Threshold(name="visits", label=_("visits"), value=3, least=3, most=30),
    Threshold(name="days", label=_("days"), value=30, least=7, most=90),
)
BROKER = _pattern(
    "FRD-10",
    P,
    _("%(count)s families that share a telephone or device were claimed at this hospital."),
    "Reports of brokers at hospital desks (2018)",
    Threshold(name="families", label=_("families"), value=2, least=2, most=50),
)
FIGURES = _pattern(
    "FRD-11",
    W,
    _(
        "Unusual figures: %(round)s %% round bills (peers %(round_peers)s %%), Benford deviation %(benford)s per mille, "
        "%(weekend)s %% of visits on weekends (peers %(weekend_peers)s %%)."
    ),
    "Statistics of KSB",
    _DEVIATION,
    Threshold(name="claims", label=_("claims before anything is said"), value=100, least=50, most=5000),
    Threshold(name="benford", label=_("per mille from Benford's law"), value=60, least=10, most=200),
)
VERIFIER_PAIR = _pattern(
    "FRD-12",
    P,
    _("Verifier and hospital: %(share)s %% approved without change in %(seconds)s seconds each; peers %(peers)s %%."),
    "Statistics of KSB",
    _DEVIATION,
    _ENOUGH,
)

RULES = (
    *(UPCODING, PHANTOM, CLONING, DRUG_BILL, SELF_REFERRAL, CLASS),
    *(LENDING, SHOPPING, BROKER, FIGURES, VERIFIER_PAIR),
)
