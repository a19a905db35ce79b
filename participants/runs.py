"""What happens to the row of one exchange file (workflow ``sync``), the same for the registry and the JKN lists."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from ksb.core.errors import Refused
from ksb.core.formats import moment
from ksb.core.workflow import system_user
from participants.enums import SyncState as S
from participants.models import SyncProgress, SyncRun
from participants.workflow import SYNC_RUN

UNFINISHED = (S.FETCHED, S.STAGED)


@dataclass(frozen=True)
class Standing:
    """How a run that is not over stands: at work, or interrupted. ``told`` is its SyncProgress, None for one of a moment."""

    is_running: bool
    told: SyncProgress | None

    @property
    def share(self):
        """Percent of the stage's lines, None where nobody counts them."""
        return self.told.done * 100 // self.told.total if self.told and self.told.total else None


def standing(run, *, holder):
    """The Standing of ``run``, None for one that is over or waits. ``holder`` is ``locks.holder`` of its kind's lock."""
    if run.state not in (*UNFINISHED, S.FAILED):
        return None
    told = getattr(run, "progress", None)
    at_work = run.state in UNFINISHED and holder is not None and (told is None or told.session == holder)
    return Standing(at_work, told)


def busy_sentence(kind):
    """That another run is going on, and which: for whoever wanted to begin one."""
    run = SyncRun.objects.filter(kind=kind, state__in=UNFINISHED).select_related("started_by").order_by("-pk").first()
    if run is None:
        return _("Another run is just beginning. Wait until it has ended.")
    return _("Another run is going on: %(file)s, begun on %(moment)s by %(who)s. Wait until it has ended.") % {
        "file": run.file_name,
        "moment": moment(run.started_at),
        "who": run.started_by,
    }


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
