"""The scans of an emergency: taken in from the hospital, shown to whom the notice is shown, each look on record."""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import journal, uploads
from ksb.core.errors import NotAllowed, Refused, WrongState
from referrals.enums import NoticeState, PaperKind
from referrals.models import EmergencyNotice, EmergencyPaper
from referrals.workflow.who import speaks_for

FOLDER = "emergencies"
MOST = 12
NEEDED = (PaperKind.KTP, PaperKind.KK)
DECLINED = (NoticeState.DECLINED_CRITERIA, NoticeState.DECLINED_COVER, NoticeState.DECLINED_LATE)


def attach(*, notice, kind, file, actor, at):
    """Judge ``file``, keep it with the notice and return the EmergencyPaper; the same picture is kept once.

    Raises Refused with what to hand in instead, WrongState after a refusal of the guarantee.
    """
    if not speaks_for(notice, actor):
        raise NotAllowed(_("Only the desk that reported this emergency hands in its papers."))
    with uploads.kept(file, folder=FOLDER) as (scan,), transaction.atomic():
        locked = EmergencyNotice.objects.select_for_update(no_key=True).get(pk=notice.pk)
        if locked.state in DECLINED:
            raise WrongState(_("This notice was declined: it takes no papers any more."))
        if same := locked.papers.filter(kind=kind, sha256=scan.sha256).first():
            uploads.forget(scan.path)
            return same
        if locked.papers.count() >= MOST:
            raise Refused(_("A notice holds at most %(count)d files.") % {"count": MOST}, code="too_many")
        columns = scan.columns(at=at, actor=actor)
        del columns["pages"]  # of no interest here
        paper = EmergencyPaper.objects.create(notice=locked, kind=kind, **columns)
        journal.record("emergency.paper", paper, actor=actor, kind=str(kind), sha256=scan.sha256)
        return paper


def hand_out(*, paper, actor):
    """The scan as an answer to a browser. Every look is on record."""
    journal.record("emergency.paper_view", paper, actor=actor, kind=paper.kind)
    return uploads.hand_out(paper.path, media_type=paper.media_type, name=f"gawat-darurat-{paper.kind.lower()}")


def missing(notice):
    """Kinds of papers that still have to follow, in their order."""
    there = {paper.kind for paper in notice.papers.all()}
    return [kind for kind in NEEDED if kind not in there]
