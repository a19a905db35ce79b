"""What the indicators of access are (domain.md part F, dash B): their names, their sentences, what is divided by what."""

from dataclasses import dataclass

from django.utils.functional import lazy
from django.utils.translation import gettext_lazy

from ksb.core import formats
from referrals.enums import RefusalReason

PER_HUNDRED, PERCENT, MINUTES, NUMBER = "per hundred", "percent", "minutes", "number"
PUSKESMAS, HOSPITAL, BOTH = ("puskesmas",), ("hospital",), ("puskesmas", "hospital")
MAIN, EMERGENCIES, REFUSALS = "main", "emergencies", "refusals"


@dataclass(frozen=True, kw_only=True)
class Indicator:
    """``part`` of ``whole``, both measures of ``referral_rollup``; without ``whole`` the measure itself.

    ``places``: in which of the tables it stands, "puskesmas", "hospital" or both; ``about`` names the table of its place.
    """

    code: str
    label: str
    definition: str
    part: str
    whole: str = ""
    unit: str = PERCENT
    places: tuple[str, ...] = BOTH
    about: str = MAIN

    def value(self, measures):
        """The figure from ``{measure: value}``, or None where there is nothing to divide by."""
        if not self.whole:
            return measures.get(self.part, 0 if self.unit == NUMBER else None)
        whole = measures.get(self.whole, 0)
        return 100 * measures.get(self.part, 0) / whole if whole else None

    def is_small(self, measures, least):
        """Whether so few cases stand behind it that they could be told apart."""
        if self.unit == MINUTES:
            return 0 < measures.get("answered", 0) < least
        parts = [measures.get(name, 0) for name in (self.part, self.whole) if name]
        rest = [parts[1] - parts[0]] if self.unit == PERCENT and len(parts) == 2 else []
        return any(0 < number < least for number in (*parts, *rest))

    def words(self, value):
        if value is None:
            return formats.NOTHING
        if self.unit == PERCENT:
            return formats.percent(value, 100)
        if self.unit == PER_HUNDRED:
            return f"{value:.1f}".replace(".", ",")
        return formats.number(round(value))


def _number(code, label, definition, places=BOTH):
    return Indicator(code=code, label=label, definition=definition, part=code, unit=NUMBER, places=places)


def _minutes(code, label, definition):
    return Indicator(code=code, label=label, definition=definition, part=code, unit=MINUTES, places=HOSPITAL)


def _share(code, label, definition, *, part, whole, places=HOSPITAL, **values):
    return Indicator(code=code, label=label, definition=definition, part=part, whole=whole, places=places, **values)


def _refused_because(reason):
    measure = refusals_because(reason)
    definition = gettext_lazy("Share of the refusals that had this reason.")
    label = _capitalised(reason.label)
    return _share(measure, label, definition, part=measure, whole="refused", places=BOTH, about=REFUSALS)


_capitalised = lazy(lambda text: str(text).capitalize(), str)


def refusals_because(reason):
    """The measure that counts refusals of one RefusalReason."""
    return f"refused_{reason.value.lower()}"


INDICATORS = (
    _number("referrals", gettext_lazy("Referrals"), gettext_lazy("Referrals issued in the month.")),
    _share(
        "referral_ratio",
        gettext_lazy("Referrals per 100 visits"),
        gettext_lazy("Referrals issued, per hundred visits of all payers that the Puskesmas has entered."),
        part="referrals",
        whole="visits",
        unit=PER_HUNDRED,
        places=PUSKESMAS,
    ),
    _share(
        "private_share",
        gettext_lazy("To private hospitals"),
        gettext_lazy("Share of the referrals that go to a private hospital."),
        part="private",
        whole="referrals",
        places=PUSKESMAS,
    ),
    _share(
        "rsud_first",
        gettext_lazy("RSUD first"),
        gettext_lazy("Share of the referrals that go to an RSUD, or to a private hospital with the reason written."),
        part="rsud_first",
        whole="referrals",
        places=PUSKESMAS,
    ),
    _share(
        "no_shows",
        gettext_lazy("Did not come"),
        gettext_lazy("Share of the referrals whose time ran out unused."),
        part="no_shows",
        whole="referrals",
        places=BOTH,
    ),
    _share(
        "answered_in_time",
        gettext_lazy("Answered in time"),
        gettext_lazy("Share of the answers that came before the moment the letter set for the hospital."),
        part="answered_in_time",
        whole="answered",
    ),
    _minutes(
        "median_minutes",
        gettext_lazy("Minutes to the answer, half of them"),
        gettext_lazy("Half of the answers came within so many minutes of the letter (median)."),
    ),
    _minutes(
        "p90_minutes",
        gettext_lazy("Minutes, nine in ten"),
        gettext_lazy("Nine in ten answers came within so many minutes (90th percentile)."),
    ),
    _share(
        "refused",
        gettext_lazy("Refused"),
        gettext_lazy("Share of the answered referrals that the hospital refused."),
        part="refused",
        whole="answered",
        places=BOTH,
    ),
    _number(
        "unmet",
        gettext_lazy("No hospital found"),
        gettext_lazy("Patients brought before the duty officer for whom no hospital was found."),
        PUSKESMAS,
    ),
    _share(
        "back_share",
        gettext_lazy("Referred back"),
        gettext_lazy("Share of the patients who left a hospital with a letter back to their Puskesmas."),
        part="sent_back",
        whole="discharges",
        places=BOTH,
    ),
    _share(
        "back_visits",
        gettext_lazy("Seen after it in time"),
        gettext_lazy("Share of the letters back whose patient the Puskesmas saw within the days the scheme gives."),
        part="back_in_time",
        whole="back_referrals",
        places=BOTH,
    ),
    _share(
        "emergency_share",
        gettext_lazy("Emergencies"),
        gettext_lazy("Share of the admissions that were emergency care."),
        part="emergencies",
        whole="admissions",
        about=EMERGENCIES,
    ),
    _share(
        "late_notices",
        gettext_lazy("Emergencies reported late"),
        gettext_lazy("Share of the emergencies without referral that were reported after their deadline."),
        part="late_notices",
        whole="notices",
        about=EMERGENCIES,
    ),
    _share(
        "no_emergencies",
        gettext_lazy("No emergency after all"),
        gettext_lazy("Share of the emergencies reported that met none of the five criteria."),
        part="no_emergencies",
        whole="notices",
        about=EMERGENCIES,
    ),
    _share(
        "bypass",
        gettext_lazy("Without letter"),
        gettext_lazy("Share of the hospital's claims of patients admitted in the month that no letter covers."),
        part="bypasses",
        whole="claims",
        about=EMERGENCIES,
    ),
    *(_refused_because(reason) for reason in RefusalReason),
)
