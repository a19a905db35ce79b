from facilities.models.coding import Diagnosis, Procedure
from facilities.models.doctors import Doctor
from facilities.models.network import BedCount, Contract, Facility, Holiday, Region, Specialty, Tariff
from facilities.models.people import Membership, User

__all__ = [
    "BedCount",
    "Contract",
    "Diagnosis",
    "Doctor",
    "Facility",
    "Holiday",
    "Membership",
    "Procedure",
    "Region",
    "Specialty",
    "Tariff",
    "User",
]
