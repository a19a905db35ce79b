"""One line of the registry snapshot: what is sound, what is repaired, what is refused and why.

``SOUND`` recognises at a glance the line that needs no care, which is nearly every one of 2.8 million; ``canonical`` takes
any other apart, trims what offices and spreadsheets leave behind, and names the first thing that is wrong. Both give the
same CSV for the same person (tests hold the one against the other).
"""

import csv
import datetime
import io
import re

from participants.tabular import NUMBER_OF_IDENTITY, Malformed, identity, is_identity, is_scientific, tidy

COLUMNS = (
    "NO_KK",
    "NIK",
    "NAMA_LGKP",
    "JENIS_KLMIN",
    "TMPT_LHR",
    "TGL_LHR",
    "STAT_HBKEL",
    "STAT_KWN",
    "NIK_IBU",
    "ALAMAT",
    "NO_RT",
    "NO_RW",
    "NO_PROP",
    "NO_KAB",
    "NO_KEC",
    "NO_KEL",
    "TGL_DATANG",
    "FLAG_EKTP",
    "FLAG_STATUS",
    "TGL_STATUS",
)
KK, NIK, NAME, BIRTH_DATE = 0, 1, 2, 5
LONGEST_NAME, LONGEST_PLACE, LONGEST_ADDRESS = 120, 60, 255
# What a person is in the registry; a delta also says who is no longer in it.
STATUSES, REMOVED = range(4), 9
ZERO_DATE = "0000-00-00"
OLDEST_BIRTH = datetime.date(1880, 1, 1)
# All digits equal, or the numbers that surveys put where there is none.
_PLACEHOLDER = re.compile(r"(\d)\1{15}|9{15}[4569]")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")


def _text(longest, *, required=False):
    """Printable ASCII without blanks at the ends, quoted when it holds a comma; longer or other texts go the careful way."""
    bare = rb"[!#-+\--~](?:[ !#-+\--~]{0,%d}[!#-+\--~])?" % (longest - 2)
    quoted = rb'"[!#-~](?:[ !#-~]{0,%d}[!#-~])?"' % (longest - 2)
    return rb'(?!"?(?:[Nn][Uu][Ll][Ll]|\\N)"?,)(?:%b|%b%b)' % (bare, quoted, b"" if required else b"|")


# A day of the twentieth or twenty-first century; 29 February goes the careful way.
_DAY = (
    rb"(?:19|20)\d\d-"
    rb"(?:(?:0[13578]|1[02])-(?:0[1-9]|[12]\d|3[01])|(?:0[469]|11)-(?:0[1-9]|[12]\d|30)|02-(?:0[1-9]|1\d|2[0-8]))"
)
SOUND = re.compile(
    b",".join(
        [
            rb"(?!0{16})\d{16}",
            rb"(?!(\d)\1{15}|9{15}[4569])\d{16}",
            _text(LONGEST_NAME, required=True),
            rb"[12]",
            _text(LONGEST_PLACE),
            _DAY,
            rb"(?:[1-9]|1[01])",
            rb"[1-4]",
            rb"(?:\d{16})?",
            _text(LONGEST_ADDRESS),
            rb"\d{0,3}",
            rb"\d{0,3}",
            rb"\d\d",
            rb"\d\d?",
            rb"\d\d?",
            rb"\d{4}",
            rb"(?:%b)?" % _DAY,
            rb"[01]",
            rb"(?:0,|[123],(?:%b)?)" % _DAY,
        ]
    )
).fullmatch


def canonical(values, statuses=STATUSES):
    """The CSV line (bytes, line end included) of ``values``, fields in the order of COLUMNS. Raises Malformed."""
    try:
        fields = _checked(values, statuses)
    except Malformed as malformed:
        raise Malformed(malformed.reason, values) from None
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerow(fields)
    return text.getvalue().encode()


def _checked(values, statuses):
    (kk, nik, name, sex, birth_place, birth_date, relation, marital, mother, address, rt, rw, *rest) = values
    province, city, kecamatan, kelurahan, arrival, ektp, status, status_date = rest
    mother = identity(mother)
    status = _one_of(status, statuses, "BAD_STATUS_FLAG")
    return [
        _kk(identity(kk)),
        _nik(identity(nik)),
        _name(name),
        _one_of(sex, (1, 2), "BAD_SEX"),
        _short(birth_place, LONGEST_PLACE),
        _birth_date(birth_date),
        _one_of(relation, range(1, 12), "BAD_RELATION"),
        _one_of(marital, range(1, 5), "BAD_MARITAL_STATUS"),
        mother if is_identity(mother) else "",
        _short(address, LONGEST_ADDRESS),
        _neighbourhood(rt),
        _neighbourhood(rw),
        *(_region(part, width) for part, width in ((province, 2), (city, 2), (kecamatan, 2), (kelurahan, 4))),
        _optional_date(arrival, "ARRIVAL_DATE_INVALID"),
        _one_of(ektp, (0, 1), "BAD_EKTP_FLAG"),
        status,
        _optional_date(status_date, "STATUS_DATE_INVALID") if status else "",
    ]


def _nik(field):
    if is_scientific(field):
        raise Malformed("NIK_SCIENTIFIC")
    if not is_identity(field):
        raise Malformed("NIK_NOT_16_DIGITS")
    if _PLACEHOLDER.fullmatch(field):
        raise Malformed("NIK_PLACEHOLDER")
    return field


def _kk(field):
    if is_scientific(field):
        raise Malformed("KK_SCIENTIFIC")
    if not is_identity(field) or not field.strip("0"):
        raise Malformed("KK_NOT_16_DIGITS")
    return field


def _name(field):
    if not field:
        raise Malformed("NAME_MISSING")
    return _short(field, LONGEST_NAME)


def _short(field, longest):
    if len(field) > longest:
        raise Malformed("TEXT_TOO_LONG")
    return field


def _one_of(field, allowed, reason):
    value = int(field) if field.isascii() and field.isdigit() and len(field) <= 2 else None
    if value not in allowed:
        raise Malformed(reason)
    return value


def _birth_date(field):
    day = _date(field)
    if day is None or day < OLDEST_BIRTH:
        raise Malformed("BIRTH_DATE_INVALID")
    return day


def _optional_date(field, reason):
    if not field or field == ZERO_DATE:
        return ""
    day = _date(field)
    if day is None:
        raise Malformed(reason)
    return day


def _date(field):
    if not (field.isascii() and _DATE.fullmatch(field)):
        return None
    try:
        return datetime.date.fromisoformat(field)
    except ValueError:
        return None


def _neighbourhood(field):
    """RT and RW are no reason to refuse anybody: what is no number of three digits is left out."""
    return field if field.isascii() and field.isdigit() and len(field) <= 3 else ""


def _region(field, width):
    if not (field.isascii() and field.isdigit() and len(field) <= width):
        raise Malformed("REGION_INVALID")
    return int(field)


def clues(line, values):
    """Whom a refused line may speak of: ``(numbers, kk, name, birth date)``, whatever can be read; ``""`` where nothing can.

    ``numbers`` are possible NIKs. Where the line has its columns, they say which number is which.
    """
    if values is None:
        numbers = NUMBER_OF_IDENTITY.findall(line.decode(errors="replace"))
        return numbers, "", "", ""
    nik, kk, birth = identity(values[NIK]), identity(values[KK]), _date(values[BIRTH_DATE])
    return (
        [nik] if is_identity(nik) and not _PLACEHOLDER.fullmatch(nik) else [],
        kk if is_identity(kk) else "",
        tidy(values[NAME])[:LONGEST_NAME],
        birth.isoformat() if birth else "",
    )
