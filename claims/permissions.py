"""Who may read claims, and who hands them in, submits and takes back: the billing officer, for the own hospital only."""

from django.utils.translation import gettext as _

from claims.querysets import BILLING
from facilities.enums import VERIFIER_ROLES, Role
from ksb.core.errors import NotAllowed

BILLERS = (Role.HOSPITAL_BILLER,)
DIRECTORS = (Role.HOSPITAL_DIRECTOR,)
# Whether files are complete is looked at by Dinkes or the verifiers' coordinator; silence is the night's answer.
CHECKERS = (Role.VERIFIER_COORDINATOR, Role.DINKES_CLAIMS)
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

# How rules are applied is proposed and put in force by two of these (domain.md G3.8).
RULE_KEEPERS = (Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES)
RULE_COUNT_READERS = (*RULE_KEEPERS, Role.DINKES_CLAIMS, Role.AUDITOR)
# What a rule found is set aside by who decides about the claim; a refusal only by who keeps the rules.
OVERRIDERS = {"R": RULE_KEEPERS, "P": (*VERIFIER_ROLES, *RULE_KEEPERS), "W": (*VERIFIER_ROLES, *RULE_KEEPERS)}
SIGNAL_JUDGES = (Role.VERIFIER_COORDINATOR, Role.DINKES_SERVICES)
# Scans tell of a patient's health as codes do.
DOCUMENT_READERS = CLINICAL_READERS


def may_bill(actor, hospital_id):
    """Whether ``actor`` hands in and submits claims of this hospital. None is the operator at the command line."""
    return actor is None or hospital_id in actor.facility_ids(*BILLERS)


def require_billing(actor, hospital_id):
    if not may_bill(actor, hospital_id):
        raise NotAllowed(_("Only the billing officer of this hospital hands in and takes back its claims."))


def require_director(actor, hospital_id):
    if hospital_id not in actor.facility_ids(*DIRECTORS):
        raise NotAllowed(_("Only the director of this hospital signs its claims."))
