"""Writing a guarantee letter down: its number, its last day, what it will cost, and whom it is told. Domain.md B8, B9, B14.

``issuing`` writes letters that rest on a Puskesmas' referral; letters without one come here by ways of their own. A letter
beyond the limits of the scheme (``limits``) becomes a request that Dinkes decides on (``approval``).
"""

from dataclasses import dataclass

from django.db.models import Avg

from facilities.calendar import add_working_days
from facilities.enums import Service
from facilities.models import Tariff
from ksb.core import formats, journal, outbox
from ksb.core.numbering import next_number
from ksb.core.scheme import Parameters
from participants import newborns
from referrals import letters, limits, rules
from referrals.enums import SjpState
from referrals.models import Referral


@dataclass(frozen=True, kw_only=True)
class Grounds:
    """What a letter rests on: the frozen decision under its scheme, why a private hospital was chosen, remarks for the paper."""

    parameters: Parameters
    decision: dict
    scheme_id: int
    passed_over: str = ""
    remarks: tuple[str, ...] = ()


def write(sjp, grounds, *, actor, on, at, begins=None, valid_until=None, estimate=None):
    """Complete ``sjp`` (who, where, what; unsaved) with what it rests on, save it, journal it and tell the budget.

    Inside the caller's transaction: the number is given back by a rollback. The first day is ``begins`` or ``on``, the last
    one ``valid_until`` or what the scheme gives the service; ``estimate`` is told where the price is known (rupiah). Beyond
    the limits of the scheme the letter is saved as a request that waits for Dinkes. Returns the Sjp.
    """
    _rest_on(sjp, grounds, on=on)
    sjp.estimate = sjp.estimate if estimate is None else estimate
    sjp.issued_at = at
    sjp.issued_by = actor
    sjp.approval_grounds = limits.beyond(sjp, grounds.parameters, on=on)
    if sjp.approval_grounds:
        return _ask(sjp, grounds.parameters, actor=actor, on=on, at=at)
    _number(sjp, grounds, on=on, begins=begins or on, valid_until=valid_until)
    sjp.save()
    journal.record("sjp.issue", sjp, actor=actor, **_told(sjp))
    outbox.emit("sjp.issued", sjp, estimate=sjp.estimate)
    return sjp


def _rest_on(sjp, grounds, *, on):
    sjp.scheme_id = grounds.scheme_id
    sjp.decision = grounds.decision
    sjp.estimate = estimate_for(sjp.hospital, sjp.service, on=on, parameters=grounds.parameters)
    if sjp.service == Service.HAEMODIALYSIS:
        sjp.estimate *= rules.sessions_at_most(grounds.parameters)


def _number(sjp, grounds, *, on, begins, valid_until=None):
    sjp.valid_from = begins
    sjp.valid_until = valid_until or last_day(sjp, begins, grounds.parameters)
    sjp.number = number("SJP", sjp.issuer, on)
    sjp.letter = letters.sjp_facts(sjp, parameters=grounds.parameters)
    sjp.letter["notes"] += grounds.remarks


def _ask(sjp, parameters, *, actor, on, at):
    """A request has a number of its own series: the series of letters stays without gaps whatever Dinkes decides."""
    sjp.state = SjpState.WAITING
    sjp.requested_at, sjp.requested_by = at, actor
    sjp.valid_from = on
    sjp.valid_until = add_working_days(on, parameters.sla_approval)
    sjp.number = number("PSJP", sjp.issuer, on)
    sjp.save()
    if sjp.referral_id:  # the hospital's clock begins when it learns of the patient
        Referral.objects.filter(pk=sjp.referral_id).update(answer_due=None)
    journal.record("sjp.request", sjp, actor=actor, grounds=sjp.approval_grounds, **_told(sjp))
    return sjp


def grant(sjp, grounds, *, on):
    """What makes the request ``sjp`` a letter from the day ``on``: the fields and their values, for the move ``approve``."""
    _rest_on(sjp, grounds, on=on)
    _number(sjp, grounds, on=on, begins=on)
    written = ("scheme_id", "decision", "estimate", "valid_from", "valid_until", "number", "letter")
    return {name: getattr(sjp, name) for name in written}


def last_day(sjp, on, parameters):
    """Last day of a letter that begins on ``on``; a child's without NIK ends not later than its cover."""
    if sjp.series_id:
        return rules.last_session_day(on, parameters)
    last = rules.last_day(sjp.service, on, parameters)
    return min(last, newborns.cover_ends(sjp.child)) if sjp.child else last


def _told(sjp):
    return {"number": sjp.number, "hospital": sjp.hospital.code, "decision": sjp.decision["decision"]}


def number(kind, facility, on):
    """``000123/SJP/32750200001/XI/2026``: sequence per facility and year, without gaps."""
    sequence = next_number(kind, facility.code, on.year)
    return f"{sequence:06d}/{kind}/{facility.code}/{formats.roman_month(on.month)}/{on.year}"


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
