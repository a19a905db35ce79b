"""Roles that must not meet in one person (segregation of duties; Kepwal 440/Kep.447.A-Dinkes/IX/2018 for the verifiers)."""

from facilities.enums import HOSPITAL_ROLES, PAYMENT_ROLES, PUSKESMAS_ROLES, VERIFIER_ROLES, Role
from facilities.models import Membership

INDEPENDENT = (*VERIFIER_ROLES, Role.VERIFIER_COORDINATOR)

# Nobody of the first group holds a role of the second.
APART = (
    (INDEPENDENT, HOSPITAL_ROLES),
    (INDEPENDENT, PAYMENT_ROLES),
    (INDEPENDENT, PUSKESMAS_ROLES),
    ((Role.HOSPITAL_BILLER,), (Role.HOSPITAL_DIRECTOR,)),
    ((Role.REGISTRATION_CLERK,), (Role.DINKES_MEMBERSHIP, Role.MEMBERSHIP_VERIFIER)),
    ((Role.PUSKESMAS_CLERK,), (Role.DINKES_SERVICES,)),
    ((Role.DINKES_SERVICES,), PAYMENT_ROLES),
    ((Role.DINKES_CLAIMS,), (Role.TREASURER, Role.BUDGET_USER, Role.BUD)),
    ((Role.TREASURER,), (Role.BUDGET_USER, Role.BUD)),
    ((Role.BUDGET_USER,), (Role.BUD,)),
    ((Role.SYSTEM_ADMIN,), tuple(r for r in Role if r not in (Role.SYSTEM_ADMIN,))),
    ((Role.AUDITOR,), tuple(r for r in Role if r not in (Role.AUDITOR,))),
)


def kept_apart(role):
    """The roles nobody may hold beside ``role``."""
    found = set()
    for first, second in APART:
        if role in first:
            found |= set(second)
        if role in second:
            found |= set(first)
    return found - {role}


def incompatible_roles(user, role, *, on, ignoring=None):
    """Roles ``user`` holds on that day that exclude ``role``; empty when it may be granted."""
    held = Membership.objects.in_force(on).filter(user=user).exclude(pk=ignoring).values_list("role", flat=True)
    return kept_apart(role) & set(held)
