"""Working days: the clocks of the offices stand still at weekends and on national holidays."""

import datetime

from facilities.models import Holiday

SATURDAY = 5
LONGEST_BREAK = 3  # calendar days a working day takes at most on average, long holidays included


def add_working_days(day, count):
    """The ``count``-th working day after ``day`` (0 is ``day`` itself). One query."""
    until = day + datetime.timedelta(days=count * LONGEST_BREAK + 14)
    closed = set(Holiday.objects.filter(day__gt=day, day__lte=until).values_list("day", flat=True))
    while count:
        day += datetime.timedelta(days=1)
        count -= day.weekday() < SATURDAY and day not in closed
    return day
