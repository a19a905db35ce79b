"""How far an application is, for the family: what was done when, what comes next, by when. Pure."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext as _

from participants.enums import EnrolmentState as E

DONE, HERE, AHEAD = "done", "here", "ahead"
_DECIDED = frozenset((E.ACTIVE, E.SUSPENDED, E.ENDED, E.REJECTED))
_CHECKED = _DECIDED | {E.CHECKING, E.FIELD_CHECK}


@dataclass(frozen=True)
class Stage:
    """One stage: ``state`` is DONE, HERE or AHEAD; ``day`` when it was done, or by when it is expected (HERE)."""

    label: str
    state: str
    day: datetime.date | None


def stages(enrolment):
    """The stages of an application that was handed in, in order. A field visit appears only when one was asked for."""
    state = E(enrolment.state)
    found = [Stage(_("Handed in"), DONE, _day(enrolment.submitted_at))]
    if state == E.NEEDS_CORRECTION:
        return [*found, Stage(_("To be corrected by you"), HERE, None), Stage(_("Decision"), AHEAD, None)]
    if state == E.WAITING:
        waits = Stage(_("Waiting period of newcomers"), HERE, enrolment.waiting_until)
        return [*found, waits, Stage(_("Decision"), AHEAD, None)]
    found.append(
        _stage(_("Checked against the population registry"), done=state in _CHECKED, here=state == E.SUBMITTED)
    )
    compared = enrolment.verified_at is not None
    decided = state in _DECIDED
    found.append(
        _stage(
            _("Documents compared"),
            done=compared or decided,
            here=state == E.CHECKING,
            day=_day(enrolment.verified_at),
            due=enrolment.due_on,
        )
    )
    if state == E.FIELD_CHECK or enrolment.surveyed_at:
        visited = enrolment.surveyed_at is not None
        found.append(
            _stage(
                _("Visit at your address"),
                done=visited,
                here=not visited,
                day=_day(enrolment.surveyed_at),
                due=enrolment.due_on,
            )
        )
    waits = compared and not decided and (state == E.CHECKING or enrolment.surveyed_at is not None)
    day = _day(enrolment.rejected_at if state == E.REJECTED else enrolment.approved_at)
    found.append(_stage(_("Decision"), done=decided, here=waits, day=day, due=enrolment.due_on))
    return found


def _stage(label, *, done, here, day=None, due=None):
    if done:
        return Stage(label, DONE, day)
    return Stage(label, HERE, due) if here else Stage(label, AHEAD, None)


def _day(moment):
    return timezone.localdate(moment) if moment else None
