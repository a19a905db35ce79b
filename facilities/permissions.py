"""The door of a view: a role that does not include the page gets 403, before anything is read."""

from functools import wraps

from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission

from facilities.enums import Role
from ksb.core.errors import NotAllowed

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
