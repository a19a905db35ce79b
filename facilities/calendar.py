"""Working days: the clocks of the offices stand still at weekends and on national holidays."""

import datetime

from django.utils import timezone

from facilities.models import Holiday

SATURDAY = 5
LONGEST_BREAK = 3  # calendar days a working day takes at most on average, long holidays included


def add_working_days(day, count):
    """The ``count``-th working day after ``day`` (0 is ``day`` itself). One query."""
    until = day + datetime.timedelta(days=count * LONGEST_BREAK + 14)
    closed = _holidays(day + datetime.timedelta(days=1), until)
    while count:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < SATURDAY and day not in closed
    return day


def add_working_hours(moment, hours):
    """``hours`` after ``moment``; of weekends and national holidays not a minute counts. One query.

    A moment on such a day begins to count at midnight of the next working day.
    """
    local = timezone.localtime(moment)
    day, left = local.date(), datetime.timedelta(hours=hours)
    closed = _holidays(day, day + datetime.timedelta(days=hours // 24 * LONGEST_BREAK + 14))
    begins = local
    while True:
        ends = datetime.datetime.combine(day + datetime.timedelta(days=1), datetime.time(), tzinfo=local.tzinfo)
        if day.weekday() < SATURDAY and day not in closed:
            if begins + left <= ends:
                return begins + left
            left -= ends - begins
        day, begins = ends.date(), ends


def _holidays(first, last):
    return set(Holiday.objects.filter(day__range=(first, last)).values_list("day", flat=True))
