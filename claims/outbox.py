"""What letters tell claims: a newborn was found in the registry, or the finding was undone."""

from claims.models import Claim
from ksb.core.outbox import handles
from participants.models import Newborn
from referrals.newborns import LETTERS_MOVED


@handles(LETTERS_MOVED)
def follow_letters(event):
    """The claims of a newborn know it by the person of the registry, and by nobody while there is none."""
    newborn = Newborn.objects.get(pk=event.object_id)
    Claim.objects.filter(sjp__newborn=newborn).update(resident=newborn.resident_id)
