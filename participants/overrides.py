"""Dinkes bridges a mistake of the registry: rules of cover lifted for one person, by two people, for thirty days at most.

The registry itself is never written by hand (domain: Dukcapil is master). The eligibility rules read an override as a fact
(``eligibility.facts``); what it lifts is then told as a warning with its last day.
"""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from ksb.core import journal
from ksb.core.errors import NotAllowed, Refused
from ksb.core.formats import day as day_in_words
from ksb.core.integrity import refusing
from ksb.core.workflow import may
from participants.eligibility import city
from participants.enums import TicketState
from participants.models import Override
from participants.models.office import LIFTABLE, LONGEST_DAYS
from participants.permissions import OVERRIDE_PROPOSERS
from participants.workflow import OVERRIDE


def propose(*, ticket, rules, reason, evidence, valid_until, actor, at):
    """Ask that ``rules`` (codes of LIFTABLE) be lifted for the person of ``ticket`` until ``valid_until``, that day included.

    Returns the Override, which lifts nothing yet. Raises NotAllowed, or Refused: ticket closed or about nobody the registry
    knows, no such rule, more than thirty days, another override of this person open.
    """
    on = timezone.localdate(at)
    if not may(actor, OVERRIDE_PROPOSERS):
        raise NotAllowed(_("Your role does not include this step."))
    if ticket.state == TicketState.CLOSED:
        raise Refused(_("This ticket is closed. Open a new one when the registry is wrong again."))
    if ticket.resident_id is None:
        raise Refused(_("This ticket names nobody the registry knows: there is no cover that could be lifted."))
    if not rules or not set(rules) <= set(LIFTABLE):
        raise Refused(_("Only rules that rest on the population registry can be lifted."), code="rules")
    _check_end(valid_until, on)
    with transaction.atomic():
        _tidy(ticket.resident, on=on, at=at)
        with refusing({"one_open_override_per_person": _already_open()}):
            proposed = Override.objects.create(
                resident=ticket.resident,
                ticket=ticket,
                rules=sorted(set(rules)),
                reason=reason.strip(),
                evidence=evidence.strip(),
                valid_from=on,
                valid_until=valid_until,
                created_at=at,
                created_by=actor,
            )
        journal.record("override.propose", proposed, actor=actor, rules=proposed.rules, until=valid_until.isoformat())
    return proposed


def approve(*, override, actor, at):
    """A second person puts ``override`` into force from today. Raises NotAllowed, WrongState, or Refused when its end is over."""
    on = timezone.localdate(at)
    if override.valid_until < on:
        raise Refused(_("The last day of this override is over. It would lift nothing."))
    with transaction.atomic():
        approved = OVERRIDE.apply(
            override, "approve", actor=actor, at=at, data={"rules": override.rules}, update={"valid_from": on}
        )
        city.refresh([approved.resident_id], on=on, at=at)
    return approved


def refuse(*, override, reason, actor, at):
    """Say no to a proposal."""
    return OVERRIDE.apply(override, "refuse", actor=actor, at=at, update={"refusal": _why(reason)})


def revoke(*, override, reason, actor, at):
    """End an override before its day: from today the rules exclude again. What was decided before stays as it was."""
    with transaction.atomic():
        revoked = OVERRIDE.apply(override, "revoke", actor=actor, at=at, update={"refusal": _why(reason)})
        city.refresh([revoked.resident_id], on=timezone.localdate(at), at=at)
    return revoked


def expire(*, on, at):
    """The night's part: what is over leaves the list of open ones. Returns how many. They lift nothing since their last day."""
    over = Override.objects.filter(state__in=OVERRIDE["expire"].sources, valid_until__lt=on)
    return OVERRIDE.apply_many(over, "expire", actor=None, at=at)


def _tidy(resident, *, on, at):
    over = Override.objects.filter(resident=resident, state__in=OVERRIDE["expire"].sources, valid_until__lt=on)
    OVERRIDE.apply_many(over, "expire", actor=None, at=at)


def _check_end(valid_until, on):
    latest = on + datetime.timedelta(days=LONGEST_DAYS)
    if valid_until < on:
        raise Refused(_("The last day lies in the past."), code="valid_until")
    if valid_until > latest:
        raise Refused(
            _("An override lasts %(days)d days at most. The latest last day is %(day)s.")
            % {"days": LONGEST_DAYS, "day": day_in_words(latest)},
            code="valid_until",
        )


def _why(reason):
    if not reason.strip():
        raise Refused(_("Write why."), code="reason")
    return reason.strip()


def _already_open():
    return _("An override of this person is open already. Revoke it, or wait until it is decided.")
