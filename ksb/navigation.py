"""The menu of the staff: one table, filtered by the roles a user holds today."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from budget import permissions as budget
from claims import permissions as claims
from facilities.enums import Role
from participants import permissions as participants
from referrals import permissions as referrals
from reports.querysets import READERS as FIGURE_READERS
from verification import permissions as verification

EVERYONE = tuple(Role)


@dataclass(frozen=True)
class NavItem:
    """One entry: what it says, the URL name it leads to, and the roles that see it."""

    label: str
    url_name: str
    roles: tuple[str, ...] = EVERYONE


ADMINISTRATION = (
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.DINKES_CLAIMS,
    Role.VERIFIER_COORDINATOR,
    Role.AUDITOR,
    Role.SYSTEM_ADMIN,
)

# The overview for those who have one, then the line: registry, family, letter, hospital, claim, decision, payment.
NAVIGATION: tuple[NavItem, ...] = (
    NavItem(_("Dashboard"), "reports:dashboard", FIGURE_READERS),
    NavItem(_("Leakage"), "reports:leakage", FIGURE_READERS),
    NavItem(_("Data exchange"), "participants:sync_runs", participants.SYNC_READERS),
    NavItem(_("Tickets"), "participants:tickets", participants.TICKET_READERS),
    NavItem(_("Overrides"), "participants:overrides", participants.OVERRIDE_READERS),
    NavItem(_("Legacy lists"), "participants:imports", participants.IMPORT_READERS),
    NavItem(_("Families"), "participants:families", participants.FAMILY_READERS),
    NavItem(_("Applications"), "participants:applications", participants.ENROLMENT_READERS),
    NavItem(_("Signals"), "participants:signals", participants.SIGNAL_READERS),
    NavItem(_("Field checks"), "participants:field_checks", participants.SURVEYORS),
    NavItem(_("Cards"), "participants:cards", participants.CARD_READERS),
    NavItem(_("Print batches"), "participants:print_batches", participants.BATCH_READERS),
    NavItem(_("JKN rows to review"), "participants:jkn_rows", participants.JKN_ROW_READERS),
    NavItem(_("Births to match"), "participants:births", (*participants.BIRTH_MATCHERS, Role.AUDITOR)),
    NavItem(_("Special covers"), "participants:special_covers", participants.SPECIAL_READERS),
    NavItem(_("Issue an SJP"), "referrals:search", referrals.ISSUERS),
    NavItem(_("Newborns"), "referrals:newborns", participants.BIRTH_READERS),
    NavItem(_("Letters"), "referrals:letters", referrals.LIST_READERS),
    NavItem(_("Referral hospitals"), "referrals:find_hospital", referrals.ISSUERS),
    NavItem(_("Incoming letters"), "referrals:inbox", referrals.INBOX_READERS),
    NavItem(_("Claims"), "claims:batches", claims.LIST_READERS),
    NavItem(_("Verification"), "verification:queue", verification.QUEUE_READERS),
    NavItem(_("BAHV"), "verification:bahv_list", verification.BAHV_READERS),
    NavItem(_("Budget"), "budget:lines", budget.BUDGET_READERS),
    NavItem(_("Payments"), "budget:payment_list", budget.PAYMENT_READERS),
    NavItem(_("Rules of the programme"), "participants:scheme_versions", participants.RULE_READERS),
    NavItem(_("Administration"), "admin:index", ADMINISTRATION),
)


def items_for(user, path):
    """Menu entries of ``user``, the one that ``path`` lies under marked with the value of ``aria-current``."""
    if not user.is_authenticated:
        return []
    found = [(item.label, reverse(item.url_name)) for item in NAVIGATION if user.has_role(*item.roles)]
    nearest = max((url for _label, url in found if path.startswith(url) and url != "/"), key=len, default=path)
    exact = "page" if path == nearest else "true"
    return [{"label": label, "url": url, "current": exact if url == nearest else ""} for label, url in found]


def unit_of(user):
    """The place a user works at: a facility, or the health office of the city."""
    facility = user.facility if user.is_authenticated else None
    return facility.name if facility else _("City health office")


def roles_of(user):
    """The user's roles today in words."""
    return ", ".join(m.get_role_display() for m in user.memberships_today) if user.is_authenticated else ""


def navigation(request):
    """Context processor for ``base.html``. Lazy: a page that shows no menu asks the database nothing."""
    return {
        "nav_items": SimpleLazyObject(lambda: items_for(request.user, request.path)),
        "unit_name": SimpleLazyObject(lambda: unit_of(request.user)),
        "role_names": SimpleLazyObject(lambda: roles_of(request.user)),
        "help_phone": settings.HELP_PHONE,
    }
