"""Who may do what with letters. The perimeter (which letters) is in ``querysets``; here is what they may do with them."""

from facilities.enums import HOSPITAL_ROLES, PUSKESMAS_ROLES, Role
from facilities.models import Facility

ISSUERS = (Role.PUSKESMAS_CLERK,)
PUSKESMAS = PUSKESMAS_ROLES
DESK = (Role.HOSPITAL_DESK,)
INBOX_READERS = HOSPITAL_ROLES
SERVICES = (Role.DINKES_SERVICES,)
# A case of the duty officer holds a diagnosis and what was found.
ESCALATION_READERS = (Role.DINKES_SERVICES, *PUSKESMAS_ROLES)
LETTER_READERS = (*PUSKESMAS_ROLES, *HOSPITAL_ROLES, Role.DINKES_SERVICES, Role.AUDITOR)
# Episodes with their summaries: the hospital that treats, its billing, and Dinkes services who judge.
TREATMENT_READERS = (Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER, Role.DINKES_SERVICES)
DESKS = (*DESK, *PUSKESMAS)
BACK_READERS = (*PUSKESMAS_ROLES, Role.HOSPITAL_DESK, Role.DINKES_SERVICES)
LIST_READERS = (*PUSKESMAS_ROLES, Role.DINKES_SERVICES, Role.AUDITOR)
# A request for a newborn's SJP holds a diagnosis: the hospital that asks, the Puskesmas that answers, Dinkes services.
REQUEST_READERS = (Role.HOSPITAL_DESK, *PUSKESMAS_ROLES, Role.DINKES_SERVICES)
# An emergency notice (domain.md G2): the hospital reports, its billing reads, Dinkes and the patient's Puskesmas decide.
NOTICE_READERS = (Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER, *PUSKESMAS_ROLES, Role.DINKES_SERVICES, Role.AUDITOR)
NOTICE_OFFICERS = (Role.PUSKESMAS_CLERK, Role.DINKES_SERVICES)
SERIES_READERS = (Role.HOSPITAL_DESK, *PUSKESMAS_ROLES, Role.DINKES_SERVICES)
PRINTERS = (Role.PUSKESMAS_CLERK, Role.PUSKESMAS_DOCTOR, Role.HOSPITAL_DESK)


def puskesmas_of(user):
    """The Puskesmas a clerk or doctor works at today, or None."""
    return Facility.objects.filter(pk__in=user.facility_ids(*PUSKESMAS)[:1]).select_related("kecamatan").first()


def may_read_clinical(user, letter):
    """Diagnosis and findings: who treats, who bills, and Dinkes services who judge the letter. Nobody else (domain.md G1).

    ``letter`` is a guarantee letter, or the notice of an emergency, which no other hospital writes.
    """
    if user.has_role(*SERVICES):
        return True
    at_hospital = user.facility_ids(Role.HOSPITAL_DESK, Role.HOSPITAL_BILLER)
    of_hospitals = {letter.hospital_id, getattr(letter, "issuing_hospital_id", None)}
    return letter.puskesmas_id in user.facility_ids(*PUSKESMAS) or not of_hospitals.isdisjoint(at_hospital)
