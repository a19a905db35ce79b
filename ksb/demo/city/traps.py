"""Lines as offices really send them: broken ones, which must not get in, and ugly ones, which may be read after trimming.

Broken lines stand beside the sound ones of the city (nobody is missing because of them); an ugly line is the only one of its
person. In the second snapshot some persons' lines have gone bad overnight: such a person must not be taken for gone.
"""

from ksb.demo.city.people import ACTIVE, FEMALE, MALE, MARRIED, OTHER_RELATIVE, SINGLE, YEAR, Person

BROKEN_SHARE = 0.0004
UGLY_SHARE = 0.0001
GONE_BAD_SHARE = 0.00005
KK, NIK, NAME, SEX, BORN, KECAMATAN = 0, 1, 2, 3, 5, 14
STRANGERS = {MALE: ("JAJA MIHARJA", "DARMAN", "UCOK SINAGA"), FEMALE: ("RATNA DEWI", "SUPINAH", "MAYA SOFA")}


def _nik_15_digits(fields, _):
    fields[NIK] = fields[NIK][:15]


def _nik_scientific(fields, _):
    fields[NIK] = f"{int(fields[NIK]):.5E}"


def _nik_placeholder(fields, _):
    fields[NIK] = "9999999999999994" if fields[SEX] == "1" else "1111111111111111"


def _nik_duplicate(fields, known):
    fields[NIK] = known.head.nik


def _in_two_kk(fields, known):
    head = known.head
    fields[NIK], fields[NAME], fields[SEX] = head.nik, head.name.split(",")[0], str(head.sex)


def _kk_empty(fields, _):
    fields[KK] = ""


def _birth_zero_date(fields, _):
    fields[BORN] = "0000-00-00"


def _birth_day_first(fields, _):
    fields[BORN] = "-".join(reversed(fields[BORN].split("-")))


def _sex_unknown(fields, _):
    fields[SEX] = "3"


def _region_unknown(fields, _):
    fields[KECAMATAN] = "99"


def _column_missing(fields, _):
    del fields[-1]


BROKEN = {
    "nik_15_digits": _nik_15_digits,
    "nik_scientific": _nik_scientific,
    "nik_duplicate": _nik_duplicate,
    "nik_placeholder": _nik_placeholder,
    "birth_zero_date": _birth_zero_date,
    "kk_empty": _kk_empty,
    "in_two_kk": _in_two_kk,
    "birth_day_first": _birth_day_first,
    "sex_unknown": _sex_unknown,
    "region_unknown": _region_unknown,
    "column_missing": _column_missing,
}
GONE_BAD = ("birth_zero_date", "sex_unknown", "nik_15_digits", "region_unknown", "birth_day_first", "nik_scientific")
UGLY = ("trailing_cr", "leading_apostrophe", "null_text", "trailing_space")


class Traps:
    """Makes trap lines with ``chance``; ``niks`` is a book of its own, so that a clean city has the same residents."""

    def __init__(self, chance, calendar, niks, places, lines):
        self._chance = chance
        self._today = calendar.today
        self._niks = niks
        self._places = places
        self._lines = lines

    def broken(self, kind, household, known):
        """A malformed line of a stranger, to stand among the lines of ``household``. Kinds that say somebody a second time
        say the head of the family ``known``."""
        return self._spoilt(kind, household, self._stranger(household.kecamatan), known)

    def gone_bad(self, kind, household, person):
        """The line of ``person`` (whose name has no comma) with one field unreadable; the rest tells whose line it is."""
        return self._spoilt(kind, household, person, household)

    def _spoilt(self, kind, household, person, known):
        fields = self._lines.line(household.kk, household.home, person).rstrip("\n").split(",")
        BROKEN[kind](fields, known)
        return ",".join(fields) + "\n"

    def ugly(self, kind, household, person):
        """The line of ``person`` as a spreadsheet leaves it, or None when the kind does not fit the person."""
        line = self._lines.line(household.kk, household.home, person)
        if kind == "trailing_cr":
            return line[:-1] + "\r\n"
        if kind == "leading_apostrophe":
            return line.replace(f",{person.nik},", f",'{person.nik},", 1)
        if kind == "trailing_space":
            return line.replace(f",{person.birth_place},", f",{person.birth_place} ,", 1)
        without_mother = f",{person.marital},,{household.home.address}"
        if without_mother not in line:
            return None
        return line.replace(without_mother, f",{person.marital},NULL,{household.home.address}", 1)

    def _stranger(self, kecamatan):
        chance = self._chance
        sex = MALE if chance() < 0.5 else FEMALE
        born = self._today - int((20 + 40 * chance()) * YEAR)
        region, place = self._places.local(kecamatan)
        name = STRANGERS[sex][int(chance() * 3)]
        marital = MARRIED if chance() < 0.5 else SINGLE
        nik = self._niks.new(region, sex, born)
        return Person(nik, name, sex, place, born, OTHER_RELATIVE, marital, "", born, 1, ACTIVE)
