"""What waits at the desks of registration, cards and the exchange with Dukcapil and BPJS."""

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from ksb.core.counters import Counter
from participants.enums import (
    CardState,
    EnrolmentState,
    OverrideState,
    PrintState,
    SpecialState,
    SyncState,
    TicketState,
)
from participants.models import (
    Card,
    Enrolment,
    JknCandidate,
    Newborn,
    Override,
    PrintBatch,
    Signal,
    SpecialCover,
    SyncRun,
    Ticket,
)
from participants.permissions import BIRTH_MATCHERS, JKN_REVIEWERS, OPERATORS, OVERRIDE_APPROVERS, SPECIAL_DECIDERS


def _to_correct(actor, at):
    return Enrolment.objects.filter(created_by=actor, state=EnrolmentState.NEEDS_CORRECTION).exclude(channel="LEGACY")


def _to_visit(actor, at):
    return Enrolment.objects.visible_to(actor).filter(state=EnrolmentState.FIELD_CHECK, surveyed_at__isnull=True)


def _at_step(is_compared):
    def waiting(actor, at):
        rows = Enrolment.objects.visible_to(actor).filter(state=EnrolmentState.CHECKING)
        return rows.filter(verified_at__isnull=not is_compared)

    return waiting


def _overdue(actor, at):
    rows = Enrolment.objects.visible_to(actor).filter(due_on__lt=timezone.localdate(at))
    return rows.filter(state__in=(EnrolmentState.CHECKING, EnrolmentState.FIELD_CHECK))


def _to_judge(actor, at):
    return Signal.objects.visible_to(actor).filter(judged_at__isnull=True)


COUNTERS = (
    Counter(
        code="applications.correct",
        label=_("Applications to correct"),
        url_name="participants:applications",
        query="state=NEEDS_CORRECTION",
        roles=(Role.REGISTRATION_CLERK,),
        waiting=_to_correct,
    ),
    Counter(
        code="applications.visit",
        label=_("Families to visit"),
        url_name="participants:field_checks",
        roles=(Role.REGISTRY_OPERATOR,),
        waiting=_to_visit,
    ),
    Counter(
        code="print_batches.arriving",
        label=_("Cards to take in"),
        url_name="participants:print_batches",
        roles=(Role.REGISTRATION_CLERK,),
        waiting=lambda actor, at: PrintBatch.objects.visible_to(actor).filter(state=PrintState.PRINTED),
    ),
    Counter(
        code="applications.overdue",
        label=_("Applications overdue"),
        url_name="participants:applications",
        query="step=OVERDUE",
        roles=(Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP),
        waiting=_overdue,
        urgent=True,
    ),
    Counter(
        code="applications.consent",
        label=_("Families that took their consent back"),
        url_name="participants:applications",
        query="step=CONSENT",
        roles=(Role.DINKES_MEMBERSHIP,),
        waiting=lambda actor, at: Enrolment.objects.visible_to(actor).consent_taken_back(),
    ),
    Counter(
        code="applications.compare",
        label=_("Applications to compare"),
        url_name="participants:applications",
        query="step=COMPARE",
        roles=(Role.MEMBERSHIP_VERIFIER,),
        waiting=_at_step(False),
    ),
    Counter(
        code="applications.approve",
        label=_("Applications to approve"),
        url_name="participants:applications",
        query="step=APPROVE",
        roles=(Role.DINKES_MEMBERSHIP,),
        waiting=_at_step(True),
    ),
    Counter(
        code="signals",
        label=_("Signals to judge"),
        url_name="participants:signals",
        roles=(Role.MEMBERSHIP_VERIFIER, Role.DINKES_MEMBERSHIP),
        waiting=_to_judge,
    ),
    Counter(
        code="cards.ordered",
        label=_("Cards ordered"),
        url_name="participants:cards",
        roles=(Role.DINKES_MEMBERSHIP,),
        waiting=lambda actor, at: Card.objects.visible_to(actor).filter(state=CardState.ORDERED),
    ),
    Counter(
        code="print_batches.prepared",
        label=_("Print batches to approve"),
        url_name="participants:print_batches",
        roles=(Role.DINKES_MEMBERSHIP,),
        waiting=lambda actor, at: PrintBatch.objects.visible_to(actor).filter(state=PrintState.PREPARED),
    ),
    Counter(
        code="births",
        label=_("Births to match"),
        url_name="participants:births",
        roles=BIRTH_MATCHERS,
        waiting=lambda actor, at: Newborn.objects.visible_to(actor).to_judge(),
    ),
    Counter(
        code="jkn_rows",
        label=_("JKN rows to judge"),
        url_name="participants:jkn_rows",
        roles=JKN_REVIEWERS,
        waiting=lambda actor, at: JknCandidate.objects.visible_to(actor).filter(answer=""),
    ),
    Counter(
        code="tickets",
        label=_("Tickets to send"),
        url_name="participants:tickets",
        query="state=OPEN",
        roles=OPERATORS,
        waiting=lambda actor, at: Ticket.objects.visible_to(actor).filter(state=TicketState.OPEN),
    ),
    Counter(
        code="overrides",
        label=_("Overrides to approve"),
        url_name="participants:overrides",
        roles=OVERRIDE_APPROVERS,
        waiting=lambda actor, at: Override.objects.visible_to(actor).filter(state=OverrideState.PROPOSED),
    ),
    Counter(
        code="special_covers",
        label=_("Special covers to decide"),
        url_name="participants:special_covers",
        roles=SPECIAL_DECIDERS,
        waiting=lambda actor, at: SpecialCover.objects.visible_to(actor).filter(state=SpecialState.PROPOSED),
    ),
    Counter(
        code="sync_runs",
        label=_("Files that wait for approval"),
        url_name="participants:sync_runs",
        roles=OPERATORS,
        waiting=lambda actor, at: SyncRun.objects.visible_to(actor).filter(state=SyncState.WAITING_APPROVAL),
        urgent=True,
    ),
)
