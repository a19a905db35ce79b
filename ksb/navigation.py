"""The menu of the staff: one table, filtered by the roles a user holds today."""

from dataclasses import dataclass

from django.conf import settings
from django.urls import reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from budget import permissions as budget
from claims import permissions as claims
from claims.querysets import BILLING, SIGNAL_READERS
from facilities import permissions as facilities
from facilities.enums import Role
from ksb.core.models import Notice
from ksb.core.notices.querysets import MOST_COUNTED
from participants import permissions as participants
from referrals import permissions as referrals
from reports.audit_models import READERS as AUDIT_READERS
from reports.duties import READERS as DUTY_READERS
from reports.querysets import HEADS
from reports.querysets import READERS as FIGURE_READERS
from reports.visits import WRITERS as VISIT_WRITERS
from verification import permissions as verification

EVERYONE = tuple(Role)


@dataclass(frozen=True)
class NavItem:
    """One entry: what it says, the URL name it leads to, and the roles that see it."""

    label: str
    url_name: str
    roles: tuple[str, ...] = EVERYONE


@dataclass(frozen=True)
class NavGroup:
    """Entries that belong together: one in the first row, all of them in a second row while one is open."""

    label: str
    items: tuple[NavItem, ...]


ADMINISTRATION = (
    Role.DINKES_MEMBERSHIP,
    Role.DINKES_SERVICES,
    Role.DINKES_CLAIMS,
    Role.VERIFIER_COORDINATOR,
    Role.AUDITOR,
    Role.SYSTEM_ADMIN,
)

# What waits, the overview for those who have one, then the line: registry, family, letter, hospital, claim, decision, payment.
NAVIGATION: tuple[NavItem | NavGroup, ...] = (
    NavItem(_("Tasks"), "home"),
    NavGroup(
        _("Dashboard"),
        (
            NavItem(_("Dashboard"), "reports:dashboard", FIGURE_READERS),
            NavItem(_("Leakage"), "reports:leakage", FIGURE_READERS),
            NavItem(_("Referral figures"), "reports:referrals", (*FIGURE_READERS, *HEADS)),
            NavItem(_("Visits"), "reports:visits", VISIT_WRITERS),
        ),
    ),
    NavGroup(
        _("Data exchange"),
        (
            NavItem(_("Files"), "participants:sync_runs", participants.SYNC_READERS),
            NavItem(_("Review of JKN rows"), "participants:jkn_rows", participants.JKN_ROW_READERS),
            NavItem(_("Births to match"), "participants:births", (*participants.BIRTH_MATCHERS, Role.AUDITOR)),
            NavItem(_("Tickets"), "participants:tickets", participants.TICKET_OFFICES),
            NavItem(_("Overrides"), "participants:overrides", participants.OVERRIDE_READERS),
            NavItem(_("On-line checks"), "participants:online_services", participants.SYNC_READERS),
            NavItem(_("Legacy lists"), "participants:imports", participants.IMPORT_READERS),
        ),
    ),
    NavGroup(
        _("Families"),
        (
            NavItem(_("Find a family"), "participants:families", participants.FAMILY_READERS),
            NavItem(_("Applications"), "participants:applications", participants.ENROLMENT_READERS),
            NavItem(_("Field checks"), "participants:field_checks", participants.SURVEYORS),
            NavItem(_("Tickets"), "participants:tickets", participants.REGISTRARS),
            NavItem(_("Signals"), "participants:signals", participants.SIGNAL_READERS),
            NavItem(_("Special covers"), "participants:special_covers", participants.SPECIAL_READERS),
            NavItem(_("Newborns"), "referrals:newborns", participants.OFFICE_BIRTH_READERS),
        ),
    ),
    NavGroup(
        _("Cards"),
        (
            NavItem(_("Cards"), "participants:cards", participants.CARD_READERS),
            NavItem(_("Print batches"), "participants:print_batches", participants.BATCH_READERS),
        ),
    ),
    NavItem(_("Issue an SJP"), "referrals:search", referrals.ISSUERS),
    NavGroup(
        _("Today"),
        (
            NavItem(_("Today"), "referrals:today", referrals.DESKS),
            NavItem(_("Shift handover"), "referrals:handovers", referrals.DESKS),
            NavItem(_("Back-referrals"), "referrals:back_referrals", referrals.DESKS),
            NavItem(_("Chronic disease programme"), "referrals:chronic", referrals.PUSKESMAS),
        ),
    ),
    NavGroup(
        _("Emergencies"),
        (
            NavItem(_("Emergencies"), "referrals:emergencies", referrals.NOTICE_READERS),
            NavItem(_("Duty officer"), "referrals:escalations", referrals.SERVICES),
        ),
    ),
    NavItem(_("Newborns"), "referrals:newborns", participants.DESK_BIRTH_READERS),
    NavGroup(
        _("Letters"),
        (
            NavItem(_("Approvals"), "referrals:approvals", referrals.SERVICES),
            NavItem(_("Incoming letters"), "referrals:inbox", referrals.INBOX_READERS),
            NavItem(_("Letters"), "referrals:letters", referrals.LIST_READERS),
            NavItem(_("Series of sessions"), "referrals:series_list", referrals.SERIES_READERS),
            NavItem(_("Ambulance trips"), "referrals:trips", referrals.SERIES_READERS),
            NavItem(_("Back-referrals"), "referrals:back_referrals", referrals.SERVICES),
            NavItem(_("Referral hospitals"), "referrals:find_hospital", referrals.ISSUERS),
        ),
    ),
    NavItem(_("Beds"), "facilities:beds", facilities.BED_READERS),
    NavItem(_("Contract"), "referrals:own_contract", facilities.OWN_CONTRACT),
    NavItem(_("Doctors"), "facilities:own_roster", facilities.HOSPITAL_ROSTER_KEEPERS),
    NavGroup(
        _("Network"),
        (
            NavItem(_("Facilities"), "facilities:facilities", facilities.NETWORK_READERS),
            NavItem(_("What needs attention"), "facilities:attention", facilities.NETWORK_READERS),
            NavItem(_("Quotas of contracts"), "referrals:quotas", facilities.NETWORK_READERS),
            NavItem(_("Beds not reported"), "facilities:beds_silent", facilities.BED_WATCHERS),
            NavItem(_("Bed audit"), "reports:bed_audit", facilities.BED_WATCHERS),
            NavItem(_("Keys for pushing beds"), "facilities:bed_keys", facilities.BED_KEY_KEEPERS),
        ),
    ),
    NavGroup(
        _("Claims"),
        (
            NavItem(_("Claims"), "claims:batches", claims.LIST_READERS),
            NavItem(_("Where is my money"), "reports:hospital_money", BILLING),
            NavItem(_("Tariffs"), "facilities:prices", facilities.PRICE_READERS),
            NavItem(_("Rules for claims"), "claims:rules", claims.READERS),
            NavItem(_("Patterns in claims"), "claims:signals", SIGNAL_READERS),
        ),
    ),
    NavItem(_("Questions"), "verification:questions", verification.ASKED),
    NavGroup(
        _("Verification"),
        (
            NavItem(_("Verification"), "verification:queue", verification.QUEUE_READERS),
            NavItem(_("Second readings"), "verification:readings", verification.COORDINATION),
            NavItem(_("Disputes"), "verification:disputes", verification.DISPUTE_READERS),
            NavItem(_("Verifiers"), "verification:team", verification.TEAM_READERS),
            NavItem(_("Figures of verification"), "verification:report", verification.REPORT_READERS),
        ),
    ),
    NavItem(_("BAHV"), "verification:bahv_list", verification.BAHV_READERS),
    NavGroup(
        _("Budget"),
        (
            NavItem(_("Budget"), "budget:lines", budget.BUDGET_READERS),
            NavItem(_("Documents"), "budget:documents", budget.BUDGET_READERS),
            NavItem(_("Realisation"), "budget:realisation", budget.BUDGET_READERS),
            NavItem(_("Unpaid claims"), "budget:debts", budget.BUDGET_READERS),
        ),
    ),
    NavGroup(
        _("Payments"),
        (
            NavItem(_("Payments"), "budget:payment_list", budget.PAYMENT_READERS),
            NavItem(_("Recoveries"), "budget:recoveries", budget.RECOVERY_READERS),
            NavItem(_("Reconciliations"), "budget:reconciliations", budget.PAYMENT_READERS),
        ),
    ),
    NavGroup(
        _("Administration"),
        (
            NavItem(_("Administration"), "admin:index", ADMINISTRATION),
            NavItem(_("Segregation of duties"), "reports:duties", DUTY_READERS),
            NavItem(_("Audits"), "reports:audits", AUDIT_READERS),
            NavItem(_("Rules of the programme"), "participants:scheme_versions", participants.RULE_READERS),
        ),
    ),
)


def groups_for(user):
    """The menu of ``user``: pairs of a label and its NavItems. Of a group with one entry left, that entry speaks."""
    found = []
    for entry in NAVIGATION:
        items = [item for item in getattr(entry, "items", (entry,)) if user.has_role(*item.roles)]
        if items:
            found.append((entry.label if len(items) > 1 else items[0].label, items))
    return found


def items_for(user, path):
    """Menu entries of ``user``, the ones that ``path`` lies under marked with the value of ``aria-current``.

    The entry of a group leads to the first of it; where the group is current, ``below`` holds all of it.
    """
    if not user.is_authenticated:
        return []
    groups = [(label, [(item.label, reverse(item.url_name)) for item in items]) for label, items in groups_for(user)]
    urls = [url for _label, items in groups for _name, url in items]
    nearest = max((url for url in urls if path.startswith(url) and url != "/"), key=len, default=path)
    exact = "page" if path == nearest else "true"

    def entry(label, url, is_current):
        return {"label": label, "url": url, "current": exact if is_current else ""}

    menu = []
    for label, items in groups:
        is_current = any(url == nearest for _name, url in items)
        below = [entry(name, url, url == nearest) for name, url in items] if is_current and len(items) > 1 else []
        menu.append(entry(label, items[0][1], is_current) | {"below": below})
        if below:
            menu[-1]["current"] = "true"
    return menu


def unit_of(user):
    """The place a user works at: a facility, or the health office of the city."""
    facility = user.facility if user.is_authenticated else None
    return facility.name if facility else _("City health office")


def roles_of(user):
    """The user's roles today in words."""
    return ", ".join(m.get_role_display() for m in user.memberships_today) if user.is_authenticated else ""


def unread_of(user):
    """How many notices wait for the user in words, empty for none: one short SQL statement."""
    number = Notice.objects.visible_to(user).unread().how_many() if user.is_authenticated else 0
    return f"{MOST_COUNTED}+" if number > MOST_COUNTED else str(number or "")


def navigation(request):
    """Context processor for ``base.html``. Lazy: a page that shows no menu asks the database nothing."""
    return {
        "nav_items": SimpleLazyObject(lambda: items_for(request.user, request.path)),
        "unit_name": SimpleLazyObject(lambda: unit_of(request.user)),
        "role_names": SimpleLazyObject(lambda: roles_of(request.user)),
        "unread_notices": SimpleLazyObject(lambda: unread_of(request.user)),
        "help_phone": settings.HELP_PHONE,
    }
