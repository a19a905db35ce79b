"""What the budget does when a letter is issued or ends unused."""

from django.utils import timezone

from budget import ledger
from ksb.core.outbox import handles
from referrals.models import Sjp


@handles("sjp.issued")
def reserve(event):
    sjp = Sjp.objects.select_related("hospital", "issued_by").get(pk=event.object_id)
    ledger.reserve(sjp, at=timezone.now())


@handles("sjp.released")
def release(event):
    ledger.release(Sjp.objects.get(pk=event.object_id), actor=None, at=timezone.now())
