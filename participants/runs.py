"""The life of one exchange file (domain.md SM13), the same for the registry and the JKN lists."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from facilities.enums import Role
from ksb.core.errors import NotAllowed, Refused
from ksb.core.workflow import SYSTEM, Transition, Workflow, system_user
from participants.enums import SyncState as S
from participants.models import SyncRun

OPERATORS = (Role.DINKES_MEMBERSHIP, Role.REGISTRY_OPERATOR)


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
            sources=(S.FETCHED, S.STAGED, S.FAILED, S.REFUSED),
            target=S.FETCHED,
            roles=(SYSTEM, *OPERATORS),
            label=gettext_lazy("Read again"),
        ),
        Transition(
            name="stage",
            sources=(S.FETCHED,),
            target=S.STAGED,
            roles=(SYSTEM, *OPERATORS),
            label=gettext_lazy("Lines read and compared"),
        ),
        Transition(
            name="hold",
            sources=(S.STAGED,),
            target=S.WAITING_APPROVAL,
            roles=(SYSTEM, *OPERATORS),
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
            roles=(SYSTEM, *OPERATORS),
            act="applied",
            label=gettext_lazy("Apply"),
        ),
        Transition(
            name="fail",
            sources=(S.FETCHED, S.STAGED),
            target=S.FAILED,
            roles=(SYSTEM, *OPERATORS),
            label=gettext_lazy("Interrupted"),
        ),
        Transition(
            name="refuse",
            sources=(S.FETCHED, S.STAGED, S.WAITING_APPROVAL, S.FAILED),
            target=S.REFUSED,
            roles=(SYSTEM, *OPERATORS),
            label=gettext_lazy("Refuse the file"),
        ),
    ),
)


def begin(*, kind, source="", file_name, kept, facts, snapshot_date, actor, at):
    """The SyncRun of a kept file, ready to be read: a new one, or the one an interruption left behind.

    A run that waits for approval is returned as it is.
    """
    run = (
        SyncRun.objects.filter(kind=kind, source=source, sha256=facts.sha256, snapshot_date=snapshot_date)
        .exclude(state=S.APPLIED)
        .order_by("-pk")
        .first()
    )
    if run is None:
        return SyncRun.objects.create(
            kind=kind,
            source=source,
            file_name=file_name[:120],
            sha256=facts.sha256,
            archive=kept.name,
            snapshot_date=snapshot_date,
            started_by=actor or system_user(),
        )
    if run.state != S.WAITING_APPROVAL:
        SYNC_RUN.apply(run, "again", actor=actor, at=at, update={"message": ""})
    return run


def give_up(run, error, *, actor, at):
    """Record why a run ended without being applied: the sentence of a refusal, or that it was interrupted."""
    if isinstance(error, Refused):
        SYNC_RUN.apply(run, "refuse", actor=actor, at=at, update={"message": str(error.message)})
    else:
        SYNC_RUN.apply(run, "fail", actor=actor, at=at, update={"message": type(error).__name__})


def approve(*, run, actor, at):
    """Give the first or the second approval. Returns the run; after the second it is ready to be resumed."""
    return SYNC_RUN.apply(run, "second" if run.approved_by_id else "approve", actor=actor, at=at)


def refuse(*, run, actor, at, reason):
    """A person decides that a waiting file is not to be applied."""
    if not reason.strip():
        raise Refused(_("Write why the file is refused."))
    return SYNC_RUN.apply(
        run, "refuse", actor=actor, at=at, data={"reason": reason}, update={"message": reason.strip()}
    )


def is_approved(run):
    return run.seconded_by_id is not None


def snapshot_of(run):
    """Words for lists and messages."""
    return f"{run.get_source_display() or run.get_kind_display()} {run.snapshot_date:%d-%m-%Y}"
