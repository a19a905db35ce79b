"""Who may verify whose claims."""

from facilities.enums import HOSPITAL_ROLES, PAYMENT_ROLES, VERIFIER_ROLES
from verification.models import Appointment, Conflict

NOT_APPOINTED = "NOT_APPOINTED"
NOT_VERIFIER = "NOT_VERIFIER"
HOSPITAL_ROLE = "HOSPITAL_ROLE"
PAYMENT_ROLE = "PAYMENT_ROLE"
CONFLICT = "CONFLICT"


def obstacles(verifier, hospital, *, on):
    """Reasons why ``verifier`` may not read claims of ``hospital`` on that day; empty when independent.

    Independence has four parts: appointed by decree for the day, no role in any hospital, no power to pay, no recorded tie.
    """
    found = []
    if not verifier.has_role(*VERIFIER_ROLES):
        found.append(NOT_VERIFIER)
    if not Appointment.objects.in_force(on).filter(verifier=verifier).exists():
        found.append(NOT_APPOINTED)
    if verifier.has_role(*HOSPITAL_ROLES):
        found.append(HOSPITAL_ROLE)
    if verifier.has_role(*PAYMENT_ROLES):
        found.append(PAYMENT_ROLE)
    if Conflict.objects.filter(verifier=verifier, hospital=hospital).exists():
        found.append(CONFLICT)
    return found
