"""The life of a family's membership as a table."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from ksb.core.errors import NotAllowed, Refused, WrongState
from ksb.core.workflow import SYSTEM, Transition, Workflow
from participants.enums import EnrolmentReason
from participants.enums import EnrolmentState as E
from participants.permissions import APPROVERS, KEEPERS, REGISTRARS, SURVEYORS

REGISTRY = (SYSTEM,)


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
            roles=KEEPERS,
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
            name="drop_by_registry",
            sources=(E.DRAFT, E.SUBMITTED, E.WAITING, E.CHECKING, E.FIELD_CHECK, E.NEEDS_CORRECTION),
            target=E.REJECTED,
            roles=REGISTRY,
            act="rejected",
            label=gettext_lazy("Dropped: nobody of the family is left here"),
        ),
        Transition(
            name="end_by_registry",
            sources=(E.ACTIVE, E.SUSPENDED),
            target=E.ENDED,
            roles=REGISTRY,
            label=gettext_lazy("Ended by the population registry"),
        ),
        Transition(
            name="revive_by_registry",
            sources=(E.ENDED,),
            target=E.ACTIVE,
            roles=REGISTRY,
            label=gettext_lazy("Goes on: the registry withdrew the death"),
        ),
    ),
)
