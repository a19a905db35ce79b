"""Days as ordinals, with their texts ready: a city of 2.8 million people asks for millions of them."""

from datetime import MAXYEAR, date, timedelta

LONGEST_LIFE = 108 * 366
AHEAD = 400


class Calendar:
    """The city's calendar on one day. Days are proleptic ordinals (``date.toordinal``).

    ``iso[day]`` is YYYY-MM-DD, ``code[sex][day]`` the six digits a NIK carries (women: day of the month + 40).
    """

    def __init__(self, on, holidays=()):
        self.on = on
        self.today = on.toordinal()
        self._closed = {day.toordinal() for day in holidays}
        self.iso, male, female = {}, {}, {}
        for day in range(self.today - LONGEST_LIFE, min(self.today + AHEAD, date(MAXYEAR, 1, 1).toordinal())):
            d = date.fromordinal(day)
            self.iso[day] = d.isoformat()
            rest = f"{d.month:02d}{d.year % 100:02d}"
            male[day] = f"{d.day:02d}{rest}"
            female[day] = f"{d.day + 40:02d}{rest}"
        self.code = {1: male, 2: female}

    def age(self, born, at):
        """Whole years on day ``at``."""
        birth, then = self.iso[born], self.iso[at]
        return int(then[:4]) - int(birth[:4]) - (then[5:] < birth[5:])

    def dmy(self, day):
        """e-Klaim's dd/mm/yyyy."""
        text = self.iso[day]
        return f"{text[8:]}/{text[5:7]}/{text[:4]}"

    def month(self, offset):
        """First day of the month ``offset`` months away from that of ``on``."""
        months = self.on.year * 12 + self.on.month - 1 + offset
        return date(months // 12, months % 12 + 1, 1).toordinal()

    def stamp(self, day):
        """YYYYMM, as file names carry it."""
        return self.iso[day][:4] + self.iso[day][5:7]

    def is_open(self, day):
        """Puskesmas and clinics are closed on Sundays and holidays."""
        return day % 7 != 0 and day not in self._closed

    def next_open(self, day):
        while not self.is_open(day):
            day += 1
        return day

    def last_open(self, day):
        while not self.is_open(day):
            day -= 1
        return day


def yesterday(on):
    return on - timedelta(days=1)
