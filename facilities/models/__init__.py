from facilities.models.beds import BedCount, BedHold, BedReport
from facilities.models.coding import Diagnosis, Procedure
from facilities.models.network import Contract, Facility, Holiday, Region, Specialty, Tariff
from facilities.models.people import Membership, User

__all__ = [
    "BedCount",
    "BedHold",
    "BedReport",
    "Contract",
    "Diagnosis",
    "Facility",
    "Holiday",
    "Membership",
    "Procedure",
    "Region",
    "Specialty",
    "Tariff",
    "User",
]
