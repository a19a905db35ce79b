"""The door of a view: a role that does not include the page gets 403, before anything is read. And who keeps the network."""

from functools import wraps

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission

from facilities.enums import Role
from facilities.querysets import CONTRACT_READERS, OWN_CONTRACT_READERS
from ksb.core.errors import NotAllowed
from ksb.core.workflow import may

# Who writes facilities, contracts and suspensions (domain.md G1 R12), and who reads them.
KEEPERS = (Role.DINKES_SERVICES,)
NETWORK_READERS = (*KEEPERS, Role.DINKES_CLAIMS, Role.AUDITOR)
# Tables of prices: proposed by one, approved by another (domain.md G3.8); looked up by whoever deals with claims.
PRICE_PROPOSERS = KEEPERS
PRICE_DECIDERS = (Role.DINKES_SERVICES, Role.DINKES_CLAIMS)
PRICE_READERS = (
    *(Role.HOSPITAL_BILLER, Role.HOSPITAL_DIRECTOR, Role.VERIFIER_ADMIN, Role.VERIFIER_MEDICAL),
    *(Role.VERIFIER_COORDINATOR, *NETWORK_READERS),
)
# A bank account is entered by one and approved by another: money goes there.
ACCOUNT_PROPOSERS = KEEPERS
ACCOUNT_DECIDERS = (Role.DINKES_SERVICES, Role.DINKES_CLAIMS)
# One contract with its account: whoever reads the network, who pays, and the hospital its own.
CONTRACT_PAGE = (*CONTRACT_READERS, *OWN_CONTRACT_READERS)
OWN_CONTRACT = OWN_CONTRACT_READERS
# The roster of doctors: the hospital's own people, and Dinkes for all.
HOSPITAL_ROSTER_KEEPERS = (Role.HOSPITAL_DESK, Role.HOSPITAL_DIRECTOR)
ROSTER_KEEPERS = (*KEEPERS, *HOSPITAL_ROSTER_KEEPERS)
ROSTER_READERS = (*NETWORK_READERS, *HOSPITAL_ROSTER_KEEPERS)


def check(actor, roles):
    """Raise NotAllowed unless ``actor`` holds one of ``roles`` today."""
    if not may(actor, roles):
        raise NotAllowed(_("Your role does not include this step."))


BED_DESK = (Role.HOSPITAL_DESK,)
BED_READERS = (*BED_DESK, Role.HOSPITAL_DIRECTOR)
BED_WATCHERS = (Role.DINKES_SERVICES, Role.AUDITOR)
BED_KEY_KEEPERS = (Role.DINKES_SERVICES, Role.SYSTEM_ADMIN)


def requires(*roles):
    """Decorator of a view: the user holds one of ``roles`` today."""

    def decorate(view):
        @wraps(view)
        def guarded(request, *args, **kwargs):
            if not request.user.has_role(*roles):
                raise NotAllowed(_("Your role does not include this page."))
            return view(request, *args, **kwargs)

        guarded.roles = roles
        return guarded

    return decorate


class RequiresRole(BasePermission):
    """The same door for programs: a subclass names its ``roles``."""

    roles = ()

    def has_permission(self, request, view):
        return request.user.is_authenticated and request.user.has_role(*self.roles)
