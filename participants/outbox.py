"""What the participants floor does in the background: the print file of an approved batch."""

from ksb.core.outbox import handles
from participants import printing
from participants.models import PrintBatch


@handles(printing.DRAW)
def draw(event):
    """Nothing to do for a batch that was cancelled meanwhile."""
    batch = PrintBatch.objects.select_related("place").get(pk=event.object_id)
    if batch.closed_at is None:
        printing.draw(batch)
