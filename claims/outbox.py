"""What others tell claims: a newborn was found in the registry or the finding undone, a letter was revoked, a rule changed."""

from django.utils import timezone

from claims.models import Claim, ClaimBatch, Dispensation, RuleSetting
from claims.rejudging import JUDGE, rejudge, rejudge_all, rejudge_soon
from ksb.core.outbox import follows, handles
from participants.models import Newborn, SpecialCover
from referrals.issuing import REVOKED
from referrals.newborns import LETTERS_MOVED
from referrals.registered import LETTERS_FOLLOWED


@handles(LETTERS_MOVED)
def follow_letters(event):
    """The claims of a newborn know it by the person of the registry, and by nobody while there is none."""
    newborn = Newborn.objects.get(pk=event.object_id)
    claims = Claim.objects.filter(sjp__newborn=newborn)
    claims.update(resident=newborn.resident_id)
    rejudge_soon(claims)


@handles(LETTERS_FOLLOWED)
def follow_person(event):
    """The claims of somebody who was without NIK know the person of the registry they turned out to be."""
    special = SpecialCover.objects.get(pk=event.object_id)
    claims = Claim.objects.filter(sjp__special=special)
    claims.update(resident=special.resident_id)
    rejudge_soon(claims)


@handles(REVOKED)
def follow_revocation(event):
    """The open claims of a letter that was revoked are refused now, not in the night."""
    rejudge_soon(Claim.objects.filter(sjp=event.object_id))


@handles(JUDGE)
def judge_again(event):
    rejudge(batch=ClaimBatch.objects.get(pk=event.object_id), at=timezone.now())


@follows("dispensation.approved")
def follow_dispensation(event):
    """What it covers has not expired any more."""
    found = Dispensation.objects.get(pk=event.object_id)
    rejudge_soon(Claim.objects.filter(hospital=found.hospital_id, discharged_on__contained_by=found.days))


@follows("rule_setting.approve")
def follow_setting(event):
    """Claims of the days the change is for are judged by it, where nobody has decided yet."""
    rejudge_all(at=timezone.now(), since=RuleSetting.objects.get(pk=event.object_id).starts)
