"""What letters tell claims: a newborn was found in the registry, or the finding was undone. And what a changed rule asks for."""

from django.utils import timezone

from claims.models import Claim, RuleSetting
from claims.rejudging import rejudge_all
from ksb.core.outbox import follows, handles
from participants.models import Newborn, SpecialCover
from referrals.newborns import LETTERS_MOVED
from referrals.registered import LETTERS_FOLLOWED


@handles(LETTERS_MOVED)
def follow_letters(event):
    """The claims of a newborn know it by the person of the registry, and by nobody while there is none."""
    newborn = Newborn.objects.get(pk=event.object_id)
    Claim.objects.filter(sjp__newborn=newborn).update(resident=newborn.resident_id)


@handles(LETTERS_FOLLOWED)
def follow_person(event):
    """The claims of somebody who was without NIK know the person of the registry they turned out to be."""
    special = SpecialCover.objects.get(pk=event.object_id)
    Claim.objects.filter(sjp__special=special).update(resident=special.resident_id)


@follows("rule_setting.approve")
def follow_setting(event):
    """Claims of the days the change is for are judged by it, where nobody has decided yet."""
    rejudge_all(at=timezone.now(), since=RuleSetting.objects.get(pk=event.object_id).starts)
