"""What happens to the row of one exchange file (workflow ``sync``), the same for the registry and the JKN lists."""

from django.utils.translation import gettext as _

from ksb.core.errors import Refused
from ksb.core.workflow import system_user
from participants.enums import SyncState as S
from participants.models import SyncRun
from participants.workflow import SYNC_RUN


def begin(*, kind, source="", file_name, kept, facts, snapshot_date, actor, at, base_date=None):
    """The SyncRun of a kept file, ready to be read: a new one, or the one an interruption left behind.

    A run that waits for approval is returned as it is.
    """
    run = (
        SyncRun.objects.filter(kind=kind, source=source, sha256=facts.sha256, snapshot_date=snapshot_date)
        .exclude(state__in=(S.APPLIED, S.REFUSED))
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
            base_date=base_date,
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
