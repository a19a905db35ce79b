"""The scans of an application: taken in, shown to whom the application is shown, each look on record."""

from django.db import transaction
from django.utils.translation import gettext as _

from ksb.core import journal, uploads
from ksb.core.errors import Refused, WrongState
from ksb.core.workflow import system_user
from participants.enums import DocumentKind, EnrolmentState
from participants.models import Document, Enrolment

FOLDER = "applications"
MOST = 12
NEEDED = (DocumentKind.KK, DocumentKind.KTP)
# While an application is in one of these states a scan can still change what somebody decides.
OPEN = frozenset(
    (
        *(EnrolmentState.DRAFT, EnrolmentState.SUBMITTED, EnrolmentState.CHECKING, EnrolmentState.FIELD_CHECK),
        *(EnrolmentState.WAITING, EnrolmentState.NEEDS_CORRECTION),
    )
)
WITH_THE_FAMILY = frozenset((EnrolmentState.DRAFT, EnrolmentState.NEEDS_CORRECTION))


def attach(*, enrolment, kind, file, actor, at):
    """Judge ``file``, keep it with the application and return the Document. ``actor`` None is the family itself.

    The same picture sent twice is kept once.

    Raises Refused with what to hand in instead, WrongState when the application is no longer open to scans.
    """
    with uploads.kept(file, folder=FOLDER) as (scan,), transaction.atomic():
        _lock(enrolment, OPEN if actor else WITH_THE_FAMILY)
        if same := enrolment.documents.filter(kind=kind, sha256=scan.sha256).first():
            uploads.forget(scan.path)
            return same
        if enrolment.documents.count() >= MOST:
            raise Refused(_("An application holds at most %(count)d files.") % {"count": MOST}, code="too_many")
        document = Document.objects.create(
            enrolment=enrolment, kind=kind, **scan.columns(at=at, actor=actor or system_user())
        )
        journal.record("document.attach", document, actor=actor, kind=str(kind), sha256=scan.sha256)
        return document


def remove(*, document):
    """Take a scan back, while the application has not been handed in."""
    with transaction.atomic():
        _lock(document.enrolment, {EnrolmentState.DRAFT})
        journal.record("document.remove", document, actor=None, kind=document.kind)
        path = document.path
        document.delete()
        transaction.on_commit(lambda: uploads.forget(path), robust=True)


def hand_out(*, document, actor):
    """The scan as an answer to a browser. ``actor`` None is the family itself. Every look is on record."""
    journal.record("document.view", document, actor=actor, kind=document.kind)
    return uploads.hand_out(document.path, media_type=document.media_type, name=f"dokumen-{document.kind.lower()}")


def missing(enrolment):
    """Kinds of scans an application on line cannot be handed in without, in their order."""
    there = set(enrolment.documents.values_list("kind", flat=True))
    return [kind for kind in NEEDED if kind not in there]


def _lock(enrolment, states):
    locked = Enrolment.objects.select_for_update(no_key=True, of=("self",)).filter(pk=enrolment.pk).first()
    if locked is None:
        raise WrongState(_("The counter has taken this application over. Nothing more needs to be sent."))
    if locked.state not in states:
        raise WrongState(
            _("The application takes no files any more: the state is now “%(state)s”.")
            % {"state": locked.get_state_display()}
        )
