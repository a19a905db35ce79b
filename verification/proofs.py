"""Files of a hospital beside an answer or a dispute: judged first, kept with it, taken away again where it fails."""

from contextlib import contextmanager

from django.utils.translation import gettext as _

from ksb.core import journal, uploads
from ksb.core.errors import Refused
from verification.models import Proof

FOLDER = "proofs"
MOST = 10


@contextmanager
def kept(files):
    """Judge and store ``files`` (uploaded, any iterable); yields them as a list of Kept. When the block fails they are removed.

    Raises Refused with what to hand in instead.
    """
    files = list(files)
    if len(files) > MOST:
        raise Refused(_("At most %(count)d files can be sent at once.") % {"count": MOST}, code="too_many")
    with uploads.kept(*files, folder=FOLDER) as stored:
        yield stored


def attach(stored, *, actor, at, question=None, dispute=None):
    """Rows for what ``kept`` has stored, in the transaction of the answer or dispute."""
    Proof.objects.bulk_create(
        Proof(
            question=question,
            dispute=dispute,
            **file.columns(at=at, actor=actor),
        )
        for file in stored
    )


def hand_out(*, proof, actor):
    """The file as an answer to a browser; the look is on record."""
    journal.record("proof.view", proof, actor=actor)
    return uploads.hand_out(proof.path, media_type=proof.media_type, name=f"bukti-{proof.pk}")
