from django.utils.translation import gettext as _

from facilities.enums import FacilityKind, Ownership, RegionLevel
from facilities.models import Facility, Holiday, Region, Specialty
from facilities.reference.files import rows, save
from ksb.core.errors import Refused

COLUMNS = ("code", "name", "kind", "ownership")
IMPORTED = (*COLUMNS[1:], "hospital_class", "tariff_code", "beds", "kecamatan", "in_city", "address")


def load_regions():
    def number(text):
        return float(text) if text else None

    return save(
        Region,
        [
            Region(
                code=row["code"],
                level=RegionLevel[row["level"]],
                name=row["name"],
                parent_id=row["parent"] or None,
                latitude=number(row["latitude"]),
                longitude=number(row["longitude"]),
            )
            for row in rows("regions.csv")
        ],
        key=("code",),
    )


def load_specialties():
    return save(Specialty, [Specialty(**row) for row in rows("specialties.csv")], key=("code",))


def load_holidays():
    days = {row["date"]: row["name"] for row in rows("holidays.csv")}
    return save(Holiday, [Holiday(day=day, name=name) for day, name in days.items()], key=("day",))


def load_facilities():
    puskesmas = [
        Facility(
            code=row["code"],
            name=row["name"],
            kind=FacilityKind.PUSKESMAS,
            ownership=Ownership.PUBLIC,
            kecamatan_id=row["kecamatan"],
        )
        for row in rows("puskesmas.csv")
    ]
    hospitals, offered = [], {}
    for row in rows("hospitals.csv"):
        hospitals.append(
            Facility(
                code=row["code"],
                name=row["name"],
                kind=FacilityKind.HOSPITAL,
                hospital_class=row["hospital_class"],
                ownership=Ownership[row["ownership"]],
                tariff_code=row["tariff_code"],
                beds=int(row["beds"]),
                kecamatan_id=row["kecamatan"],
                address=row["address"],
            )
        )
        offered[row["code"]] = row["specialties"].split("|")
    known = set(Facility.objects.values_list("code", flat=True))
    added = [
        facility for facility in puskesmas + hospitals if facility.code not in known
    ]  # the others are Dinkes' by now
    Facility.objects.bulk_create(added)
    _offer_specialties({facility.code: offered.get(facility.code, ()) for facility in added})
    return len(added)


def _offer_specialties(offered):
    ids = dict(Facility.objects.filter(code__in=offered).values_list("code", "pk"))
    through = Facility.specialties.through
    through.objects.bulk_create(
        [through(facility_id=ids[code], specialty_id=poli) for code, polis in offered.items() for poli in polis],
        ignore_conflicts=True,
        batch_size=2000,
    )


def import_facilities(table):
    """Write the facilities of ``table`` (pairs of line number and row with COLUMNS and, for hospitals, class, tariff code,

    beds, kecamatan, address). Returns how many. Raises Refused naming the first line that is not right.
    """
    kecamatan = set(Region.objects.filter(level=RegionLevel.KECAMATAN).values_list("code", flat=True))
    found = {}
    for line, row in table:
        try:
            found[row["code"]] = Facility(
                code=row["code"],
                name=row["name"],
                kind=FacilityKind(row["kind"].upper()),
                hospital_class=row.get("hospital_class", ""),
                ownership=Ownership(row["ownership"].upper()),
                tariff_code=row.get("tariff_code", ""),
                beds=int(row.get("beds") or 0),
                kecamatan_id=row["kecamatan"] if row.get("kecamatan") in kecamatan else None,
                in_city=row.get("kecamatan") in kecamatan,
                address=row.get("address", ""),
            )
        except ValueError as error:
            raise Refused(_("Line %(line)d of the facilities: %(error)s.") % {"line": line, "error": error}) from error
    return save(Facility, found.values(), key=("code",), fields=IMPORTED)
