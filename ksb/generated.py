"""docs/roles/README.md, written from the roles and the menu."""

from django.utils.translation import override

from facilities.enums import Role
from ksb.navigation import groups_for

HEAD = """# Roles: who finds what in the menu

Written by `make docs` from `ksb/navigation.py`; a test compares it. Do not edit. The labels are Indonesian, as the screens show
them; in brackets stands the second row of an entry. Residents have no log-in: [their page](resident.md).

| role | in Indonesian | menu |
|---|---|---|
"""
PAGES = {
    Role.REGISTRATION_CLERK: "registration",
    Role.MEMBERSHIP_VERIFIER: "membership-verifier",
    Role.PUSKESMAS_CLERK: "puskesmas-clerk",
    Role.PUSKESMAS_DOCTOR: "puskesmas-clerk",
    Role.HOSPITAL_DESK: "hospital-desk",
    Role.HOSPITAL_BILLER: "hospital-billing",
    Role.HOSPITAL_DIRECTOR: "hospital-director",
    Role.VERIFIER_ADMIN: "verifier",
    Role.VERIFIER_MEDICAL: "verifier",
    Role.VERIFIER_COORDINATOR: "verifier-coordinator",
    Role.DINKES_MEMBERSHIP: "dinkes-membership",
    Role.DINKES_SERVICES: "dinkes-services",
    Role.DINKES_CLAIMS: "finance",
    Role.TREASURER: "finance",
    Role.BUDGET_USER: "finance",
    Role.BUD: "finance",
    Role.PLANNING_VIEWER: "planning",
    Role.AUDITOR: "auditor",
    Role.REGISTRY_OPERATOR: "registry-operator",
    Role.SYSTEM_ADMIN: "system-admin",
}


def documents():
    """``{path below docs/: text}`` of the page of roles."""
    return {"roles/README.md": HEAD + "".join(_row(role, page) for role, page in PAGES.items())}


class _Holder:
    """Somebody with one role."""

    def __init__(self, role):
        self.role = role

    def has_role(self, *roles):
        return self.role in roles


def _row(role, page):
    with override("id"):
        name, menu = str(role.label), ", ".join(_entry(label, items) for label, items in groups_for(_Holder(role)))
    return f"| [{role.label}]({page}.md) | {name} | {menu} |\n"


def _entry(label, items):
    return f"*{label}* ({', '.join(str(item.label) for item in items)})" if len(items) > 1 else f"*{label}*"
