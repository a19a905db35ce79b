"""After a hospital did not take the patient: the same examination, the next hospital by the rule, in one click."""

from django.http import Http404
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.permissions import requires
from ksb.core.errors import WrongState
from referrals import cases, drafts, finding, issuing
from referrals.enums import SjpState
from referrals.models import Sjp
from referrals.permissions import ISSUERS


@requires(*ISSUERS)
@require_POST
def choose_again(request, letter_id):
    """A new look-up, so a new decision. A letter whose hospital let the clock run out is taken back with it."""
    own = Sjp.objects.visible_to(request.user).filter(newborn__isnull=True, referral__isnull=False)
    sjp = get_object_or_404(own.with_names(), public_id=letter_id)
    now = timezone.now()
    if not cases.may_go_on(sjp, at=now):
        raise WrongState(_("This letter is in force. Cancel it before the patient is sent elsewhere."))
    if sjp.state == SjpState.ISSUED:
        issuing.cancel(sjp=sjp, actor=request.user, at=now, reason=_("The hospital did not answer in time."))
    return start_again(request, sjp.person, answers=drafts.answers_of(sjp.referral), earlier=sjp.referral, at=now)[1]


def start_again(request, person, *, answers, earlier, at):
    """A new draft for ``person`` with what is known; returns it and the way to its page."""
    if person is None:
        raise Http404
    lookup = finding.again(person, actor=request.user, at=at)
    draft = drafts.begin(lookup, actor=request.user, at=at, answers=answers, earlier=earlier)
    if not lookup.evaluation.covered:
        return draft, redirect("referrals:patient", lookup.pk)
    return draft, redirect("referrals:refer", lookup.pk)
