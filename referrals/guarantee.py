"""Writing a guarantee letter down: its number, its last day, what it will cost, and whom it is told. Domain.md B8, B9, B14.

``issuing`` writes letters that rest on a Puskesmas' referral; letters without one come here by ways of their own.
"""

from dataclasses import dataclass

from django.db.models import Avg

from facilities.models import Tariff
from ksb.core import formats, journal, outbox
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters
from referrals import letters, rules


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a letter rests on: the frozen decision under its scheme, and why a private hospital was chosen."""

    parameters: Parameters
    decision: dict
    scheme_id: int
    passed_over: str = ""


def write(sjp, grounds, *, actor, on, at, valid_until=None):
    """Complete ``sjp`` (who, where, what; unsaved) with what it rests on, save it, journal it and tell the budget.

    Inside the caller's transaction: the number is given back by a rollback. ``on`` is the first day, the last one
    ``valid_until`` or what the scheme gives the service. Returns the Sjp.
    """
    sjp.scheme_id = grounds.scheme_id
    sjp.decision = grounds.decision
    sjp.estimate = estimate_for(sjp.hospital, sjp.service, on=on, parameters=grounds.parameters)
    sjp.valid_from = on
    sjp.valid_until = valid_until or rules.last_day(sjp.service, on, grounds.parameters)
    sjp.issued_at = at
    sjp.issued_by = actor
    sjp.number = number("SJP", sjp.puskesmas, on)
    sjp.letter = letters.sjp_facts(sjp, parameters=grounds.parameters)
    sjp.save()
    journal.record(
        "sjp.issue", sjp, actor=actor, number=sjp.number, hospital=sjp.hospital.code, decision=sjp.decision["decision"]
    )
    outbox.emit("sjp.issued", sjp, estimate=sjp.estimate)
    return sjp


def number(kind, puskesmas, on):
    """``000123/SJP/32750200001/XI/2026``: sequence per facility and year, without gaps."""
    sequence = next_number(kind, puskesmas.code, on.year)
    return f"{sequence:06d}/{kind}/{puskesmas.code}/{formats.roman_month(on.month)}/{on.year}"


def estimate_for(hospital, service, *, on, parameters):
    """What the letter will probably cost, whole rupiah: the mean class-III tariff of hospitals of this kind.

    Without a tariff table the scheme's parameters ``estimate_inpatient`` and ``estimate_outpatient`` stand in.
    """
    care_type = rules.care_type(service)
    mean = (
        Tariff.objects.in_force(on)
        .filter(
            tariff_code=hospital.tariff_code,
            regional=hospital.tariff_regional,
            care_type=care_type,
            care_class=parameters.class_allowed,
        )
        .aggregate(mean=Avg("amount"))["mean"]
    )
    if mean is not None:
        return round(mean)
    stay = service in rules.STAYS
    return parameters.estimate_inpatient if stay else parameters.estimate_outpatient
