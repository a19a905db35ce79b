"""What the registry and the JKN lists say of a family that applies. Pure: judged from a ``FamilyView``, nothing is read."""

import datetime
from dataclasses import dataclass

from participants.eligibility import Evaluation, Reason, Source
from participants.models import Resident

# Dead, double, gone or living elsewhere: such a member neither carries a family's application nor holds it up.
NOT_HERE = frozenset({"C02", "C03", "C04", "C05"})
PBI = frozenset({"C12", "C13"})
JKN = PBI | {"C14"}
NEWCOMER, NOT_REGISTERED, STALE = "C07", "C08", "C32"


@dataclass(frozen=True)
class Prospect:
    """A member as the programme would see them once the family is registered; ``obstacle`` is what would still exclude."""

    resident: Resident
    evaluation: Evaluation
    obstacle: Reason | None

    @property
    def age(self):
        """In whole years on the day of the check."""
        return age_on(self.resident.birth_date, self.evaluation.on)

    @property
    def is_here(self):
        return not any(reason.rule in NOT_HERE for reason in _blocking(self.evaluation))

    @property
    def has_jkn(self):
        return any(reason.rule in JKN for reason in _blocking(self.evaluation))

    @property
    def has_pbi(self):
        return any(reason.rule in PBI for reason in _blocking(self.evaluation))

    @property
    def jkn(self):
        """What the JKN lists say of this person, a Reason with its date: what keeps them out, else the condition met."""
        said = [reason for reason in self.evaluation.reasons if reason.rule in JKN]
        return next((reason for reason in said if not reason.passed), said[0] if said else None)

    @property
    def waiting_until(self):
        """First day after the waiting period of a newcomer, None for others."""
        return _waiting_until(self.evaluation)


@dataclass(frozen=True)
class RegistryCheck:
    """The automatic check of an application.

    ``waiting_until`` is the first day on which a member is past the waiting period, None when one is already: the family
    enters then, later newcomers wait on their own (rule C07 is judged per person).
    """

    members: tuple[Prospect, ...]
    waiting_until: datetime.date | None
    registry_is_stale: bool

    @property
    def here(self):
        return [member for member in self.members if member.is_here]

    @property
    def nobody_is_here(self):
        return not self.here

    @property
    def everybody_has_jkn(self):
        return bool(self.here) and all(member.has_jkn for member in self.here)

    @property
    def everybody_has_pbi(self):
        """The State or the city pays for everybody's JKN already: such a family is not registered [S52]."""
        return bool(self.here) and all(member.has_pbi for member in self.here)


def age_on(birth_date, day):
    """Whole years of age on ``day``."""
    return day.year - birth_date.year - ((day.month, day.day) < (birth_date.month, birth_date.day))


def check_family(family):
    """The RegistryCheck of an ``eligibility.FamilyView`` taken on the day of the application."""
    members = tuple(Prospect(m.resident, m.evaluation, _obstacle(m.evaluation)) for m in family.members)
    here = [member for member in members if member.is_here]
    ends = [_waiting_until(member.evaluation) for member in here]
    return RegistryCheck(
        members=members,
        waiting_until=min(ends) if here and all(ends) else None,
        registry_is_stale=any(
            reason.rule == STALE and reason.source_code == Source.REGISTRY
            for member in members
            for reason in member.evaluation.applying
        ),
    )


def _blocking(evaluation):
    return [reason for reason in evaluation.applying if reason.blocking]


def _obstacle(evaluation):
    return next((reason for reason in _blocking(evaluation) if reason.rule != NOT_REGISTERED), None)


def _waiting_until(evaluation):
    waits = any(reason.rule == NEWCOMER for reason in _blocking(evaluation))
    return evaluation.facts["waiting_until"] if waits else None
