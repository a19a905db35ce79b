"""Who may hand in, submit and withdraw claims: the billing officer, for the own hospital only."""

from django.utils.translation import gettext as _

from claims.querysets import BILLING
from facilities.enums import Role
from ksb.core.errors import NotAllowed

BILLERS = (Role.HOSPITAL_BILLER,)
READERS = (
    *BILLING,
    Role.VERIFIER_ADMIN,
    Role.VERIFIER_MEDICAL,
    Role.VERIFIER_COORDINATOR,
    Role.DINKES_CLAIMS,
    Role.DINKES_SERVICES,
    Role.AUDITOR,
)
# Verifiers come by their queue; for them the list would only say the same again.
LIST_READERS = (*BILLING, Role.DINKES_CLAIMS, Role.DINKES_SERVICES, Role.AUDITOR)


def may_bill(actor, hospital_id):
    """Whether ``actor`` hands in and submits claims of this hospital. None is the operator at the command line."""
    return actor is None or hospital_id in actor.facility_ids(Role.HOSPITAL_BILLER)


def require_billing(actor, hospital_id):
    if not may_bill(actor, hospital_id):
        raise NotAllowed(_("Only the billing officer of this hospital hands in and takes back its claims."))
