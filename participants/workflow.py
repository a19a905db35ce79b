"""The lives of a family's membership, of its card, of a newborn's record and of an exchange file as tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import CardState as C
from participants.enums import EnrolmentReason, ProposalState, SpecialState
from participants.enums import EnrolmentState as E
from participants.enums import NewbornState as N
from participants.enums import OverrideState as O
from participants.enums import SyncState as S
from participants.enums import TicketState as T
from participants.permissions import (
    APPROVERS,
    BIRTH_MATCHERS,
    CARD_DESKS,
    KEEPERS,
    OPERATORS,
    OVERRIDE_APPROVERS,
    OVERRIDE_PROPOSERS,
    REGISTRARS,
    RULE_DECIDERS,
    SPECIAL_DECIDERS,
    SURVEYORS,
    TICKET_WORKERS,
)
from participants.print_workflow import PRINT_BATCH  # noqa: F401  found here with the others by the generated documents

REGISTRY = (SYSTEM,)
EXCHANGE = (SYSTEM, *OPERATORS)


def second_person(enrolment, *, actor, **data):
    """Who submitted an application does not judge it; who rejected a family does not judge its appeal."""
    if actor.pk == enrolment.submitted_by_id:
        raise NotAllowed(second_person_sentence())
    first = enrolment.appeal_of
    if first and actor.pk in (first.rejected_by_id, first.verified_by_id):
        raise NotAllowed(_("You took part in the rejection this family appeals against. Another person must decide."))


def is_first_visit(enrolment, *, actor, **data):
    """A visit is recorded once; who entered the application does not make it."""
    if enrolment.surveyed_by_id:
        raise WrongState(_("This visit is recorded already."))
    second_person(enrolment, actor=actor)


def another_person_compared(enrolment, *, actor, **data):
    """Three steps, no two by the same person: entered, compared (and looked at), approved."""
    second_person(enrolment, actor=actor)
    if enrolment.verified_by_id is None:
        raise Refused(_("Nobody has compared the documents with the registry yet."), code="not_compared")
    if enrolment.state == E.FIELD_CHECK and enrolment.surveyed_by_id is None:
        raise Refused(_("The result of the field check is missing."), code="not_surveyed")
    if actor.pk in (enrolment.verified_by_id, enrolment.surveyed_by_id):
        raise NotAllowed(second_person_sentence())


def second_person_sentence():
    return _("You entered or checked this application yourself. Another person must decide on it.")


def says_why(enrolment, *, reason_code="", **data):
    if reason_code not in EnrolmentReason.values:
        raise Refused(_("Choose a reason."), code="reason")


def judges_with_reason(enrolment, *, actor, reason_code="", **data):
    says_why(enrolment, reason_code=reason_code)
    second_person(enrolment, actor=actor)


ENROLMENT = Workflow(
    "enrolment",
    E,
    (
        Transition(
            name="submit",
            sources=(E.DRAFT, E.NEEDS_CORRECTION),
            target=E.SUBMITTED,
            roles=(*REGISTRARS, SYSTEM),  # the system stands for the family that applies on line
            act="submitted",
            label=gettext_lazy("Submit"),
        ),
        Transition(
            name="confirm",
            sources=(E.SUBMITTED, E.WAITING),
            target=E.CHECKING,
            roles=REGISTRY,
            label=gettext_lazy("Confirmed by the registry"),
        ),
        Transition(
            name="wait",
            sources=(E.SUBMITTED,),
            target=E.WAITING,
            roles=REGISTRY,
            label=gettext_lazy("Waiting period runs"),
        ),
        Transition(
            name="question",
            sources=(E.SUBMITTED, E.WAITING),
            target=E.NEEDS_CORRECTION,
            roles=REGISTRY,
            label=gettext_lazy("The registry says otherwise"),
        ),
        Transition(
            name="verify",
            sources=(E.CHECKING,),
            target=E.CHECKING,
            roles=APPROVERS,
            act="verified",
            guard=second_person,
            label=gettext_lazy("Pass on for approval"),
        ),
        Transition(
            name="order_field_check",
            sources=(E.CHECKING,),
            target=E.FIELD_CHECK,
            roles=APPROVERS,
            act="verified",
            guard=second_person,
            label=gettext_lazy("Ask for a field check"),
        ),
        Transition(
            name="survey",
            sources=(E.FIELD_CHECK,),
            target=E.FIELD_CHECK,
            roles=SURVEYORS,
            act="surveyed",
            guard=is_first_visit,
            label=gettext_lazy("Record the field check"),
        ),
        Transition(
            name="approve",
            sources=(E.CHECKING, E.FIELD_CHECK),
            target=E.ACTIVE,
            roles=APPROVERS,
            act="approved",
            guard=another_person_compared,
            label=gettext_lazy("Approve"),
        ),
        Transition(
            name="send_back",
            sources=(E.CHECKING, E.FIELD_CHECK),
            target=E.NEEDS_CORRECTION,
            roles=APPROVERS,
            guard=judges_with_reason,
            label=gettext_lazy("Send back for correction"),
        ),
        Transition(
            name="reject",
            sources=(E.CHECKING, E.FIELD_CHECK, E.WAITING, E.NEEDS_CORRECTION),
            target=E.REJECTED,
            roles=APPROVERS,
            act="rejected",
            guard=judges_with_reason,
            label=gettext_lazy("Reject"),
        ),
        Transition(
            name="suspend",
            sources=(E.ACTIVE,),
            target=E.SUSPENDED,
            roles=KEEPERS,
            act="suspended",
            guard=says_why,
            label=gettext_lazy("Suspend"),
        ),
        Transition(
            name="resume",
            sources=(E.SUSPENDED,),
            target=E.ACTIVE,
            roles=KEEPERS,
            label=gettext_lazy("Lift the suspension"),
        ),
        Transition(
            name="end",
            sources=(E.ACTIVE, E.SUSPENDED),
            target=E.ENDED,
            roles=(*KEEPERS, SYSTEM),
            guard=says_why,
            label=gettext_lazy("End the membership"),
        ),
        Transition(
            name="end_by_registry",
            sources=(E.ACTIVE, E.SUSPENDED),
            target=E.ENDED,
            roles=REGISTRY,
            label=gettext_lazy("Ended by the population registry"),
        ),
    ),
)

CARD = Workflow(
    "card",
    C,
    (
        Transition(
            name="approve",
            sources=(C.ORDERED,),
            target=C.APPROVED,
            roles=KEEPERS,
            act="approved",
            label=gettext_lazy("Approve printing"),
        ),
        Transition(
            name="take_back",
            sources=(C.APPROVED,),
            target=C.ORDERED,
            roles=KEEPERS,
            label=gettext_lazy("Take back the approval"),
        ),
        Transition(
            name="mark_printed",
            sources=(C.APPROVED,),
            target=C.PRINTED,
            roles=KEEPERS,
            act="printed",
            label=gettext_lazy("Mark as printed"),
        ),
        Transition(
            name="make_ready",
            sources=(C.PRINTED,),
            target=C.READY,
            roles=CARD_DESKS,
            label=gettext_lazy("Ready to collect"),
        ),
        Transition(
            name="hand_over",
            sources=(C.PRINTED, C.READY),
            target=C.ACTIVE,
            roles=CARD_DESKS,
            act="handed",
            label=gettext_lazy("Hand over"),
        ),
        Transition(
            name="report_lost",
            sources=(C.READY, C.ACTIVE),
            target=C.LOST,
            roles=(*CARD_DESKS, SYSTEM),
            act="blocked",
            label=gettext_lazy("Lost"),
        ),
        Transition(
            name="report_damaged",
            sources=(C.PRINTED, C.READY, C.ACTIVE),
            target=C.DAMAGED,
            roles=CARD_DESKS,
            act="blocked",
            label=gettext_lazy("Damaged"),
        ),
        Transition(
            name="replace",
            sources=(C.ACTIVE,),
            target=C.REPLACED,
            roles=CARD_DESKS,
            act="blocked",
            label=gettext_lazy("Data on the card have changed"),
        ),
        Transition(
            name="revoke",
            sources=(C.ORDERED, C.APPROVED, C.PRINTED, C.READY, C.ACTIVE),
            target=C.REVOKED,
            roles=(*KEEPERS, SYSTEM),
            act="blocked",
            label=gettext_lazy("Revoke"),
        ),
    ),
)


TICKET = Workflow(
    "ticket",
    T,
    (
        Transition(
            name="send",
            sources=(T.OPEN,),
            target=T.SENT,
            roles=TICKET_WORKERS,
            act="sent",
            label=gettext_lazy("Mark as sent to Disdukcapil"),
        ),
        Transition(
            name="answer",
            sources=(T.OPEN, T.SENT),
            target=T.ANSWERED,
            roles=TICKET_WORKERS,
            act="answered",
            label=gettext_lazy("Record the answer"),
        ),
        Transition(
            name="ask_again",
            sources=(T.ANSWERED,),
            target=T.OPEN,
            roles=TICKET_WORKERS,
            label=gettext_lazy("Ask again"),
        ),
        Transition(
            name="close",
            sources=(T.OPEN, T.SENT, T.ANSWERED),
            target=T.CLOSED,
            roles=(*TICKET_WORKERS, SYSTEM),
            act="closed",
            label=gettext_lazy("Close"),
        ),
    ),
)


def is_another_person(lifting, *, actor, **data):
    if actor.pk == lifting.created_by_id:
        raise NotAllowed(_("You proposed this yourself. Another person must decide on it."))


OVERRIDE = Workflow(
    "override",
    O,
    (
        Transition(
            name="approve",
            sources=(O.PROPOSED,),
            target=O.ACTIVE,
            roles=OVERRIDE_APPROVERS,
            act="approved",
            guard=is_another_person,
            label=gettext_lazy("Approve"),
        ),
        Transition(
            name="refuse",
            sources=(O.PROPOSED,),
            target=O.REFUSED,
            roles=OVERRIDE_APPROVERS,
            act="refused",
            label=gettext_lazy("Refuse"),
        ),
        Transition(
            name="revoke",
            sources=(O.ACTIVE,),
            target=O.REVOKED,
            roles=(*OVERRIDE_PROPOSERS, *OVERRIDE_APPROVERS),
            act="revoked",
            label=gettext_lazy("Revoke"),
        ),
        Transition(
            name="expire",
            sources=(O.PROPOSED, O.ACTIVE),
            target=O.EXPIRED,
            roles=REGISTRY,
            label=gettext_lazy("Its last day is over"),
        ),
    ),
)


def is_first(run, *, actor, **data):
    if run.approved_by_id:
        raise Refused(_("The first approval is given already. Another person gives the second."))


def is_second_person(run, *, actor, **data):
    if not run.approved_by_id:
        raise Refused(_("The first approval is missing."))
    if run.approved_by_id == actor.pk:
        raise NotAllowed(_("You gave the first approval. Another person must give the second."))


SYNC_RUN = Workflow(
    "sync",
    S,
    (
        Transition(
            name="again",
            sources=(S.FETCHED, S.STAGED, S.FAILED),
            target=S.FETCHED,
            roles=EXCHANGE,
            label=gettext_lazy("Read again"),
        ),
        Transition(
            name="stage",
            sources=(S.FETCHED,),
            target=S.STAGED,
            roles=EXCHANGE,
            label=gettext_lazy("Lines read and compared"),
        ),
        Transition(
            name="hold",
            sources=(S.STAGED,),
            target=S.WAITING_APPROVAL,
            roles=EXCHANGE,
            label=gettext_lazy("Wait for approval"),
        ),
        Transition(
            name="approve",
            sources=(S.WAITING_APPROVAL,),
            target=S.WAITING_APPROVAL,
            roles=OPERATORS,
            act="approved",
            guard=is_first,
            label=gettext_lazy("Approve (first person)"),
        ),
        Transition(
            name="second",
            sources=(S.WAITING_APPROVAL,),
            target=S.FETCHED,
            roles=OPERATORS,
            act="seconded",
            guard=is_second_person,
            label=gettext_lazy("Approve (second person)"),
        ),
        Transition(
            name="apply",
            sources=(S.STAGED,),
            target=S.APPLIED,
            roles=EXCHANGE,
            act="applied",
            label=gettext_lazy("Apply"),
        ),
        Transition(
            name="fail",
            sources=(S.FETCHED, S.STAGED),
            target=S.FAILED,
            roles=EXCHANGE,
            label=gettext_lazy("Interrupted"),
        ),
        Transition(
            name="refuse",
            sources=(S.FETCHED, S.STAGED, S.WAITING_APPROVAL, S.FAILED),
            target=S.REFUSED,
            roles=EXCHANGE,
            label=gettext_lazy("Refuse the file"),
        ),
    ),
)


def another_person(proposal, *, actor, **data):
    """Who wrote it down does not decide on it."""
    if actor.pk == proposal.created_by_id:
        raise NotAllowed(written_yourself())


def written_yourself():
    return _("You entered this yourself. Another person must decide on it.")


def _of_two_people(name):
    return Workflow(
        name,
        SpecialState,
        (
            Transition(
                name="approve",
                sources=(SpecialState.PROPOSED,),
                target=SpecialState.APPROVED,
                roles=SPECIAL_DECIDERS,
                act="approved",
                guard=another_person,
                label=gettext_lazy("Put in force"),
            ),
            Transition(
                name="refuse",
                sources=(SpecialState.PROPOSED,),
                target=SpecialState.REFUSED,
                roles=SPECIAL_DECIDERS,
                act="refused",
                label=gettext_lazy("Refuse"),
            ),
            Transition(
                name="end",
                sources=(SpecialState.APPROVED,),
                target=SpecialState.ENDED,
                roles=SPECIAL_DECIDERS,
                act="ended",
                label=gettext_lazy("End"),
            ),
        ),
    )


SCHEME = Workflow(
    "scheme",
    ProposalState,
    (
        Transition(
            name="approve",
            sources=(ProposalState.PROPOSED,),
            target=ProposalState.APPROVED,
            roles=RULE_DECIDERS,
            act="approved",
            guard=another_person,
            label=gettext_lazy("Put in force"),
        ),
        Transition(
            name="refuse",
            sources=(ProposalState.PROPOSED,),
            target=ProposalState.REFUSED,
            roles=RULE_DECIDERS,
            act="refused",
            label=gettext_lazy("Refuse"),
        ),
    ),
)
SPECIAL_COVER = _of_two_people("special_cover")
SPECIAL_EVENT = _of_two_people("special_event")


def gives_reason(newborn, *, reason="", **data):
    if not reason.strip():
        raise Refused(_("Write down the reason."))


NEWBORN = Workflow(
    "newborn",
    N,
    (
        Transition(
            name="match",
            sources=(N.RECORDED, N.EXPIRED),
            target=N.MATCHED,
            roles=(SYSTEM, *BIRTH_MATCHERS),
            act="matched",
            label=gettext_lazy("This is the child"),
        ),
        Transition(
            name="unmatch",
            sources=(N.MATCHED,),
            target=N.RECORDED,
            roles=BIRTH_MATCHERS,
            guard=gives_reason,
            label=gettext_lazy("Undo the match"),
        ),
        Transition(
            name="expire",
            sources=(N.RECORDED,),
            target=N.EXPIRED,
            roles=(SYSTEM,),
            label=gettext_lazy("Time of cover without NIK is over"),
        ),
    ),
)
