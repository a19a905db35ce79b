"""Rows of the population registry: a person, a home, a family, and the line Disdukcapil exports for each."""

from typing import NamedTuple

COLUMNS = (
    "NO_KK,NIK,NAMA_LGKP,JENIS_KLMIN,TMPT_LHR,TGL_LHR,STAT_HBKEL,STAT_KWN,NIK_IBU,ALAMAT,NO_RT,NO_RW,"
    "NO_PROP,NO_KAB,NO_KEC,NO_KEL,TGL_DATANG,FLAG_EKTP,FLAG_STATUS,TGL_STATUS"
)
MALE, FEMALE = 1, 2
HEAD, HUSBAND, WIFE, CHILD, CHILD_IN_LAW, GRANDCHILD = 1, 2, 3, 4, 5, 6
PARENT, PARENT_IN_LAW, OTHER_RELATIVE, DOMESTIC_WORKER, OTHER = 7, 8, 9, 10, 11
SINGLE, MARRIED, DIVORCED, WIDOWED = 1, 2, 3, 4
ACTIVE, DECEASED, MOVED_OUT, DEACTIVATED = 0, 1, 2, 3
YEAR = 365.2425
KTP_AGE = 17


class Home(NamedTuple):
    """An address with SIAK's unpadded region numbers; RT and RW mostly, not always, padded to three digits."""

    address: str
    rt: str
    rw: str
    province: str
    city: str
    kecamatan: str
    kelurahan: str


class Person(NamedTuple):
    """``born``, ``since`` (registered in the city) and ``status_on`` are ordinals; ``elsewhere`` the home of who moved out."""

    nik: str
    name: str
    sex: int
    birth_place: str
    born: int
    relation: int
    marital: int
    mother: str
    since: int
    ektp: int
    status: int = ACTIVE
    status_on: int = 0
    elsewhere: Home | None = None


class Household(NamedTuple):
    """One family card. ``kecamatan`` is the two-digit code, ``kk_day`` the ordinal its number carries."""

    kk: str
    kk_day: int
    kecamatan: str
    home: Home
    people: tuple[Person, ...]
    newcomer: bool

    @property
    def head(self):
        return next(p for p in self.people if p.relation == HEAD and p.status == ACTIVE)


class RegistryLines:
    """Writes persons as lines of the snapshot, line end included."""

    def __init__(self, calendar):
        self._iso = calendar.iso

    def line(self, kk, home, person):
        iso = self._iso
        where = person.elsewhere or home
        return (
            f"{kk},{person.nik},{quoted(person.name)},{person.sex},{person.birth_place},{iso[person.born]},"
            f"{person.relation},{person.marital},{person.mother},{where.address},{where.rt},{where.rw},{where.province},"
            f"{where.city},{where.kecamatan},{where.kelurahan},{iso[person.since]},{person.ektp},{person.status},"
            f"{iso[person.status_on] if person.status else ''}\n"
        )

    def lines(self, household):
        return [self.line(household.kk, household.home, person) for person in household.people]


def quoted(text):
    """A CSV field: academic titles stand behind a comma."""
    return f'"{text}"' if "," in text else text
