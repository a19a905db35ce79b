"""Who may verify whose claims, and what a claim needs: which stage, a second reader or none."""

from django.utils.crypto import salted_hmac

from claims.enums import Severity
from claims.models import FraudSignal
from facilities.enums import HOSPITAL_ROLES, PAYMENT_ROLES, VERIFIER_ROLES, CareType, Role
from facilities.models import Membership
from ksb.core.scheme import Parameters, scheme_on
from verification.enums import AppointmentKind, ReadingReason, Stage
from verification.models import Absence, Appointment, Conflict

NOT_APPOINTED = "NOT_APPOINTED"
NOT_VERIFIER = "NOT_VERIFIER"
HOSPITAL_ROLE = "HOSPITAL_ROLE"
PAYMENT_ROLE = "PAYMENT_ROLE"
CONFLICT = "CONFLICT"
ABSENT = "ABSENT"

# The administrative stage may also be read by a doctor, the medical one by nobody else.
ROLES_OF = {Stage.ADMIN: VERIFIER_ROLES, Stage.MEDICAL: (Role.VERIFIER_MEDICAL,)}
KINDS_OF = {Stage.ADMIN: tuple(AppointmentKind), Stage.MEDICAL: (AppointmentKind.MEDICAL,)}


def obstacles(verifier, hospital, *, on, stage=Stage.ADMIN):
    """Reasons why ``verifier`` may not read claims of ``hospital`` in ``stage`` on that day; empty when independent.

    Independence: appointed by decree for the day, never a role in any hospital, no power to pay, no tie on record.
    """
    found = []
    if not verifier.has_role(*ROLES_OF[stage]):
        found.append(NOT_VERIFIER)
    if not appointed(verifier, on=on, stage=stage):
        found.append(NOT_APPOINTED)
    if Membership.objects.filter(user=verifier, role__in=HOSPITAL_ROLES).exists():
        found.append(HOSPITAL_ROLE)
    if verifier.has_role(*PAYMENT_ROLES):
        found.append(PAYMENT_ROLE)
    if Conflict.objects.lasting().filter(verifier=verifier, hospital=hospital).exists():
        found.append(CONFLICT)
    if Absence.objects.lasting().filter(verifier=verifier, days__contains=on).exists():
        found.append(ABSENT)
    return found


def appointed(verifier, *, on, stage):
    """Whether a decree in force on the day lets ``verifier`` decide in ``stage``."""
    return Appointment.objects.in_force(on).filter(verifier=verifier, kind__in=KINDS_OF[stage]).exists()


def parameters_of(claim):
    """The parameters of the scheme in force on the day of discharge."""
    scheme = scheme_on(claim.discharged_on)
    return scheme.parameters if scheme else Parameters()


def asking_rules(claim):
    """Codes of the rules whose findings on ``claim`` ask for a decision and were not overridden. One query unless prefetched."""
    return {f.rule for f in claim.findings.all() if f.severity == Severity.PEND and f.overridden_at is None}


def needs_doctor(claim, rules, parameters):
    """Whether ``claim`` passes the medical stage: inpatient, severity level III, high cost, or a clinical question."""
    if parameters.medical_stage == "ALL":
        return True
    return (
        claim.care_type == CareType.INPATIENT
        or claim.inacbg.endswith("-III")
        or claim.claimed >= parameters.high_cost
        or any(rule.startswith("CLN") for rule in rules)
    )


def why_read_again(claim, rules, parameters):
    """The ReadingReason that calls for a second reader, or None. The sample is fixed for a claim but cannot be foreseen.

    A signal of fraud is a finding on the claim itself, or a pattern over many claims that nobody has judged yet.
    """
    if any(rule.startswith("FRD") for rule in rules) or FraudSignal.objects.to_judge().naming(claim.pk).exists():
        return ReadingReason.FRAUD
    if claim.claimed > parameters.high_cost:
        return ReadingReason.HIGH_COST
    if in_sample(claim, parameters.audit_sample_pct):
        return ReadingReason.SAMPLE
    return None


def in_sample(claim, percent):
    """Whether ``claim`` is among the ``percent`` drawn: by its public id under the secret of the installation."""
    drawn = int(salted_hmac("verification.sample", str(claim.public_id), algorithm="sha256").hexdigest()[:8], 16)
    return drawn % 10_000 < percent * 100
