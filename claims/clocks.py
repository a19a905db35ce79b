"""The clocks of a batch: the due day of its month, the days until silence means complete, the day of mending, expiry."""

import calendar
import datetime

from ksb.core.scheme import Parameters, scheme_on

YEAR_END_AHEAD = datetime.timedelta(days=45)


def parameters_on(day):
    """The programme's parameters on ``day``; the defaults where there was no programme."""
    scheme = scheme_on(day)
    return scheme.parameters if scheme else Parameters()


def next_month(day):
    """First day of the month after ``day``."""
    return (day.replace(day=1) + datetime.timedelta(days=32)).replace(day=1)


def due_on(month, parameters=None):
    """The last day on which claims of the service ``month`` are handed in with their own month."""
    following = next_month(month)
    return following.replace(day=(parameters or parameters_on(following)).claim_due_day)


def mend_by(day):
    """Until when a batch returned on ``day`` comes back: at latest with the next month's claims."""
    return due_on(day)


def year_end(year):
    """Until when claims are handed in to be paid from the budget of ``year``; what comes later is a debt of the next."""
    december = datetime.date(year, 12, 1)
    return december.replace(day=parameters_on(december).year_end_due_day)


def year_end_near(day):
    """The year's cut-off while it lies at most ``YEAR_END_AHEAD`` ahead of ``day``, else None."""
    last = year_end(day.year)
    return last if last - YEAR_END_AHEAD <= day <= last else None


def silent_on(handed_in):
    """The day on which a batch handed in on the day ``handed_in`` counts as complete when nobody has said anything."""
    return handed_in + datetime.timedelta(days=parameters_on(handed_in).completeness_days + 1)


def shifted(day, months):
    """The same day ``months`` later, or earlier, and the last of that month where it has no such day."""
    number = day.year * 12 + day.month - 1 + months
    year, month = divmod(number, 12)
    return datetime.date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
