"""How facts are written: rupiah, numbers of identity, dates, words for amounts. Screens, letters and tests share it.

Dates and times follow the active language and the zone Asia/Jakarta; amounts and identity numbers look the same in both.
"""

import datetime
import re

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

NOTHING = "–"
_IDENTITY = re.compile(r"(?<!\d)\d(?:[ .-]?\d){15}(?!\d)")
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan", "sepuluh", "sebelas")
_SCALES = ((10**15, "kuadriliun"), (10**12, "triliun"), (10**9, "miliar"), (10**6, "juta"), (10**3, "ribu"))
_SHORT_SCALES = ((10**12, "T"), (10**9, "M"), (10**6, "jt"), (10**3, "rb"))


def number(value):
    """1234567 -> ``1.234.567``; nothing for None."""
    if value is None:
        return NOTHING
    return f"{value:,.0f}".replace(",", ".")


def rupiah(amount):
    """Whole rupiah: 1234567 -> ``Rp 1.234.567`` with a space that does not break; a loss as ``-Rp 5.000``."""
    if amount is None:
        return NOTHING
    sign = "-" if amount < 0 else ""
    return f"{sign}Rp\N{NO-BREAK SPACE}{number(abs(amount))}"


def short_number(value):
    """For axes and tiles: 90900000000 -> ``90,9 M`` (miliar), 1500000 -> ``1,5 jt``, 950 -> ``950``."""
    if value is None:
        return NOTHING
    for scale, suffix in _SHORT_SCALES:
        if abs(value) >= scale:
            return f"{_decimal(value / scale)}\N{NO-BREAK SPACE}{suffix}"
    return number(value)


def rupiah_short(amount):
    """90900000000 -> ``Rp 90,9 M``."""
    return NOTHING if amount is None else f"Rp\N{NO-BREAK SPACE}{short_number(amount)}"


def percent(part, whole=100):
    """Share of ``whole`` with at most one decimal: 455 of 1000 -> ``45,5%``; nothing where the whole is nothing."""
    if part is None or not whole:
        return NOTHING
    return f"{_decimal(100 * part / whole)}%"


def _decimal(value):
    return f"{value:.1f}".removesuffix(".0").replace(".", ",")


def identity(value):
    """A NIK or KK number in groups of four: ``3275 0100 0000 0012``."""
    if not value:
        return NOTHING
    return " ".join(value[i : i + 4] for i in range(0, len(value), 4))


def mask_identity(value):
    """A NIK or KK number as residents and strangers see it: ``3275 •••• •••• 0012``. Short values are hidden wholly."""
    if not value:
        return NOTHING
    if len(value) < 16:
        return "•" * len(value)
    return f"{value[:4]} •••• •••• {value[-4:]}"


def without_identities(text):
    """``text`` with every run of sixteen digits, in groups or not, taken out: for logs and for what errors leave behind."""
    return _IDENTITY.sub("[16 digits]", text)


def day(value):
    """22 November 2026, in the active language."""
    return NOTHING if value is None else date_format(_local(value), "j F Y")


def day_short(value):
    """22-11-2026: the form in which dates are typed."""
    return NOTHING if value is None else f"{_local(value):%d-%m-%Y}"


def period(days):
    """A range of days as the database keeps it: ``1 Januari 2025 – 31 Desember 2025``, or since or until a day."""
    first, last = days.lower, days.upper and days.upper - datetime.timedelta(days=1)
    if first and last:
        return f"{day(first)} – {day(last)}"
    if first:
        return _("since %(day)s") % {"day": day(first)}
    return _("until %(day)s") % {"day": day(last)} if last else NOTHING


def weekday(value):
    """Minggu, in the active language."""
    return date_format(_local(value), "l")


def clock(value):
    """Time of day in Jakarta: ``11.46``."""
    return NOTHING if value is None else f"{_local(value):%H.%M}"


def moment(value):
    """22 November 2026 11.46."""
    return NOTHING if value is None else f"{day(value)} {clock(value)}"


def age_in_days(value, today):
    """How long ago a day or moment was, in words, seen from the date ``today``."""
    if value is None:
        return _("never")
    local = _local(value)
    days = (today - (local.date() if isinstance(local, datetime.datetime) else local)).days
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days < 0:
        return ngettext("in %(days)s day", "in %(days)s days", -days) % {"days": number(-days)}
    return ngettext("%(days)s day ago", "%(days)s days ago", days) % {"days": number(days)}


def ago(value, now):
    """How old a moment is at the moment ``now``: minutes, then whole hours, then its day."""
    if value is None:
        return _("never")
    minutes = max(0, int((now - value).total_seconds()) // 60)
    if minutes < 1:
        return _("just now")
    if minutes < 120:
        return ngettext("%(n)d minute ago", "%(n)d minutes ago", minutes) % {"n": minutes}
    if minutes < 48 * 60:
        return ngettext("%(n)d hour ago", "%(n)d hours ago", minutes // 60) % {"n": minutes // 60}
    return age_in_days(value, _local(now).date())


def duration(minutes):
    """A length of time in whole minutes, in words: minutes up to ninety, hours up to two days, then days."""
    if minutes <= 90:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    if hours <= 48:
        return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}
    return ngettext("%(n)d day", "%(n)d days", hours // 24) % {"n": hours // 24}


def age(birth, on):
    """How old somebody born on ``birth`` is on the day ``on``: years, below one year months, below one month days."""
    months = 12 * (on.year - birth.year) + on.month - birth.month - (on.day < birth.day)
    if months >= 12:
        return ngettext("%(n)d year", "%(n)d years", months // 12) % {"n": months // 12}
    if months >= 1:
        return ngettext("%(n)d month", "%(n)d months", months) % {"n": months}
    days = (on - birth).days
    return ngettext("%(n)d day", "%(n)d days", days) % {"n": days}


def _local(value):
    """The day or Jakarta time of a date, a datetime, or the ISO text of either (frozen facts hold texts)."""
    if isinstance(value, str):
        value = datetime.date.fromisoformat(value) if len(value) == 10 else datetime.datetime.fromisoformat(value)
    if isinstance(value, datetime.datetime) and timezone.is_aware(value):
        return timezone.localtime(value)
    return value


def roman_month(month):
    """Month 1 to 12 as the numbering of official letters writes it: 11 -> ``XI``."""
    return ROMAN_MONTHS[month - 1]


def terbilang(amount):
    """A whole amount in Indonesian words, as receipts and minutes must state it: 1500 -> ``seribu lima ratus rupiah``."""
    if amount == 0:
        return "nol rupiah"
    words = _in_words(abs(amount))
    return f"{'minus ' if amount < 0 else ''}{words} rupiah"


def _in_words(value):
    if value < 12:
        return _UNITS[value]
    if value < 20:
        return f"{_UNITS[value - 10]} belas"
    if value < 100:
        return _joined(value, 10, "puluh")
    if value < 200:
        return f"seratus {_in_words(value - 100)}".strip()
    if value < 1000:
        return _joined(value, 100, "ratus")
    if value < 2000:
        return f"seribu {_in_words(value - 1000)}".strip()
    scale, name = next(pair for pair in _SCALES if value >= pair[0])
    return _joined(value, scale, name)


def _joined(value, scale, name):
    head, rest = divmod(value, scale)
    return f"{_in_words(head)} {name} {_in_words(rest)}".strip()
