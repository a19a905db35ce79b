"""Until when an emergency is reported and decided (domain.md B10: ``emergency_report_hours``, ``emergency_clock``)."""

from datetime import timedelta

from django.utils import timezone

from facilities.calendar import add_working_hours
from ksb.core.scheme import Parameters, scheme_on

WORKDAY = "workday"


def parameters_of(admitted_at):
    """The rules of the day of arrival; the defaults where the programme had none."""
    scheme = scheme_on(timezone.localdate(admitted_at))
    return scheme.parameters if scheme else Parameters()


def report_deadline(admitted_at, *, parameters, departure=None):
    """The last moment for the report: hours after the arrival, or when the patient left if that was earlier.

    Hours run on all days, or on working days only, as the scheme says.
    """
    hours = parameters.emergency_report_hours
    if parameters.emergency_clock == WORKDAY:
        last = add_working_hours(admitted_at, hours)
    else:
        last = admitted_at + timedelta(hours=hours)
    return min(last, departure) if departure else last


def decision_due(reported_at, *, parameters):
    """When the officer has to have decided: hours after the report, whatever day it is."""
    return reported_at + timedelta(hours=parameters.sla_emergency)
