from facilities.models.bed_push import BedClass, BedKey, BedRoom, SeenRequest
from facilities.models.beds import BedCount, BedHold, BedReport, BedSilence
from facilities.models.coding import Diagnosis, Procedure
from facilities.models.contracts import AccountChange, Contract, ContractTerms, EndWarning, Suspension
from facilities.models.doctors import Doctor
from facilities.models.network import Facility, Holiday, Region, Specialty, Tariff
from facilities.models.people import Membership, User
from facilities.models.prices import PriceItem, PriceTable
from facilities.models.standing import Standing

__all__ = [
    "AccountChange",
    "BedClass",
    "BedCount",
    "BedHold",
    "BedKey",
    "BedReport",
    "BedRoom",
    "BedSilence",
    "Contract",
    "ContractTerms",
    "Diagnosis",
    "Doctor",
    "EndWarning",
    "Facility",
    "Holiday",
    "Membership",
    "PriceItem",
    "PriceTable",
    "Procedure",
    "Region",
    "SeenRequest",
    "Specialty",
    "Standing",
    "Suspension",
    "Tariff",
    "User",
]
