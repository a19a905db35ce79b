"""The lives of a family's membership (domain.md SM1) and of its card (SM3) as tables."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed, Refused
from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import CardState as C
from participants.enums import EnrolmentReason
from participants.enums import EnrolmentState as E
from participants.permissions import APPROVERS, CARD_DESKS, KEEPERS, REGISTRARS

REGISTRY = (SYSTEM,)


def second_person(enrolment, *, actor, **data):
    """Who submitted an application does not judge it (domain.md G3)."""
    if actor.pk == enrolment.submitted_by_id:
        raise NotAllowed(second_person_sentence())


def second_person_sentence():
    return _("You entered or checked this application yourself. Another person must decide on it.")


def says_why(enrolment, *, reason_code="", **data):
    if reason_code not in EnrolmentReason.values:
        raise Refused(_("Choose a reason."), code="reason")


ENROLMENT = Workflow(
    "enrolment",
    E,
    (
        Transition(
            name="submit",
            sources=(E.DRAFT, E.NEEDS_CORRECTION),
            target=E.SUBMITTED,
            roles=REGISTRARS,
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
            name="order_field_check",
            sources=(E.CHECKING,),
            target=E.FIELD_CHECK,
            roles=APPROVERS,
            act="verified",
            guard=second_person,
            label=gettext_lazy("Ask for a field check"),
        ),
        Transition(
            name="approve",
            sources=(E.CHECKING, E.FIELD_CHECK),
            target=E.ACTIVE,
            roles=APPROVERS,
            act="approved",
            guard=second_person,
            label=gettext_lazy("Approve"),
        ),
        Transition(
            name="send_back",
            sources=(E.CHECKING, E.FIELD_CHECK),
            target=E.NEEDS_CORRECTION,
            roles=APPROVERS,
            guard=says_why,
            label=gettext_lazy("Send back for correction"),
        ),
        Transition(
            name="reject",
            sources=(E.CHECKING, E.FIELD_CHECK, E.WAITING, E.NEEDS_CORRECTION),
            target=E.REJECTED,
            roles=APPROVERS,
            act="rejected",
            guard=says_why,
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
            roles=CARD_DESKS,
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
