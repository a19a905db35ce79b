"""Who may read claims, and who hands them in, submits and takes back: the billing officer, for the own hospital only."""

from django.utils.translation import gettext as _

from claims.querysets import BILLING
from claims.workflow import COMPLETENESS
from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.errors import NotAllowed

BILLERS = (Role.HOSPITAL_BILLER,)
DIRECTORS = (Role.HOSPITAL_DIRECTOR,)
CHECKERS = COMPLETENESS
# An expired claim may be handed in all the same when two officers of Dinkes say so.
DISPENSERS = (Role.DINKES_SERVICES, Role.DINKES_CLAIMS)
READERS = (
    *BILLING,
    *VERIFIER_ROLES,
    Role.VERIFIER_COORDINATOR,
    Role.DINKES_CLAIMS,
    Role.DINKES_SERVICES,
    Role.AUDITOR,
)
# Verifiers come by their queue; for them the list would only say the same again.
LIST_READERS = (*BILLING, Role.VERIFIER_COORDINATOR, Role.DINKES_CLAIMS, Role.DINKES_SERVICES, Role.AUDITOR)
# Diagnoses and procedures: who bills, who verifies, and Dinkes' services (domain.md G1). Directors, claims officers and
# auditors see amounts, days and what the rules found.
CLINICAL_READERS = (*BILLERS, *VERIFIER_ROLES, Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES)


def may_bill(actor, hospital_id):
    """Whether ``actor`` hands in and submits claims of this hospital. None is the operator at the command line."""
    return actor is None or hospital_id in actor.facility_ids(*BILLERS)


def require_billing(actor, hospital_id):
    if not may_bill(actor, hospital_id):
        raise NotAllowed(_("Only the billing officer of this hospital hands in and takes back its claims."))


def require_director(actor, hospital_id):
    if hospital_id not in actor.facility_ids(*DIRECTORS):
        raise NotAllowed(_("Only the director of this hospital signs its claims."))
