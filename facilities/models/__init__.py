from facilities.models.beds import BedCount, BedHold, BedReport
from facilities.models.coding import Diagnosis, Procedure
from facilities.models.contracts import AccountChange, Contract, ContractTerms, EndWarning, Suspension
from facilities.models.doctors import Doctor
from facilities.models.network import Facility, Holiday, Region, Specialty, Tariff
from facilities.models.people import Membership, User
from facilities.models.standing import Standing

__all__ = [
    "AccountChange",
    "BedCount",
    "BedHold",
    "BedReport",
    "Contract",
    "ContractTerms",
    "Diagnosis",
    "Doctor",
    "EndWarning",
    "Facility",
    "Holiday",
    "Membership",
    "Procedure",
    "Region",
    "Specialty",
    "Standing",
    "Suspension",
    "Tariff",
    "User",
]
