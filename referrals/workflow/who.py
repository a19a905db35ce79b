"""Who moves letters and episodes, and whose they are."""

from django.utils.translation import gettext as _

from facilities.enums import Role
from ksb.core.errors import NotAllowed
from ksb.core.workflow import SYSTEM

CLERK = (Role.PUSKESMAS_CLERK,)
DESK = (Role.HOSPITAL_DESK,)
SERVICES = (Role.DINKES_SERVICES,)
BILLER = (Role.HOSPITAL_BILLER, SYSTEM)
# A batch of claims comes back unsigned or incomplete, and its letters with it.
CLAIMS_RETURNED_BY = (Role.HOSPITAL_DIRECTOR, Role.VERIFIER_COORDINATOR, Role.DINKES_CLAIMS)
NIGHT = (SYSTEM,)


def not_the_issuer(letter, *, actor, **data):
    """Nobody approves what they have asked for (domain.md G3.1)."""
    if actor.pk == letter.issued_by_id:
        raise NotAllowed(_("You asked for this letter yourself. Another officer decides."))


def of_the_writing_hospital(letter, *, actor, **data):
    """A hospital takes back only letters it has written itself."""
    if letter.issuing_hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital that wrote this letter may do this."))


def of_own_puskesmas(letter, *, actor, **data):
    """A clerk acts on letters of the own Puskesmas only."""
    if letter.puskesmas_id not in actor.facility_ids(*CLERK):
        raise NotAllowed(_("Only the Puskesmas that issued this letter may do this."))


def speaks_for(notice, actor):
    """Whether ``actor`` does what the hospital's desk does about an emergency: it is their hospital, or they reported for it."""
    if not notice.informant:
        return notice.hospital_id in actor.facility_ids(*DESK)
    if notice.reporting_puskesmas_id:
        return notice.reporting_puskesmas_id in actor.facility_ids(*CLERK)
    return actor.has_role(*SERVICES)


def may_discharge(sjp, actor):
    """A hospital's desk registers that its patient has left; Dinkes does for a hospital without an account."""
    notice = getattr(sjp, "emergency_notice", None)
    for_another = notice is not None and notice.informant and actor.has_role(*SERVICES)
    return bool(for_another) or sjp.hospital_id in actor.facility_ids(*DESK)


def of_the_treating_hospital(thing, *, actor, **data):
    """An episode ends, and its letter with it, where the patient lies."""
    if not may_discharge(getattr(thing, "sjp", thing), actor):
        raise NotAllowed(_("Only the hospital this letter is addressed to may do this."))


def of_own_hospital(thing, *, actor, **data):
    """A hospital desk acts on what is addressed to the own hospital only."""
    if thing.hospital_id not in actor.facility_ids(*DESK):
        raise NotAllowed(_("Only the hospital this letter is addressed to may do this."))
