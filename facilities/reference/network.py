from facilities.enums import FacilityKind, Ownership, RegionLevel
from facilities.models import Facility, Holiday, Region, Specialty
from facilities.reference.files import rows, save


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
    count = save(Facility, puskesmas + hospitals, key=("code",))
    _offer_specialties(offered)
    return count


def _offer_specialties(offered):
    ids = dict(Facility.objects.filter(code__in=offered).values_list("code", "pk"))
    through = Facility.specialties.through
    through.objects.bulk_create(
        [through(facility_id=ids[code], specialty_id=poli) for code, polis in offered.items() for poli in polis],
        ignore_conflicts=True,
        batch_size=2000,
    )
