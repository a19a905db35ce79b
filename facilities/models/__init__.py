from facilities.models.bed_push import BedClass, BedKey, BedRoom, SeenRequest
from facilities.models.beds import BedCount, BedHold, BedReport, BedSilence
from facilities.models.coding import Diagnosis, Procedure
from facilities.models.network import Contract, Facility, Holiday, Region, Specialty, Tariff
from facilities.models.people import Membership, User

__all__ = [
    "BedClass",
    "BedCount",
    "BedHold",
    "BedKey",
    "BedReport",
    "BedRoom",
    "BedSilence",
    "Contract",
    "Diagnosis",
    "Facility",
    "Holiday",
    "Membership",
    "Procedure",
    "Region",
    "SeenRequest",
    "Specialty",
    "Tariff",
    "User",
]
