"""A patient in care goes on to another hospital: the referral, the departure. Domain.md B11."""

from functools import partial

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.permissions import requires
from ksb.core.errors import Refused
from referrals import moves
from referrals.case_forms import MoveForm
from referrals.forms import posted
from referrals.permissions import DESK
from referrals.views.letters import letter_or_404


@requires(*DESK)
def move(request, letter_id):
    """Why, where to, with what findings. The small button shows the hospitals and keeps what was typed."""
    sjp = letter_or_404(request, letter_id)
    now = timezone.now()
    initial = {"diagnosis": sjp.diagnosis_id, "service": sjp.service, "specialty": sjp.specialty_id}
    form = MoveForm(posted(request), route=partial(moves.route, sjp, at=now), initial=initial)
    if form.is_valid():
        try:
            child = moves.request(sjp=sjp, actor=request.user, at=now, **form.answers())
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The referral is written. The answer appears on its page."))
            return redirect("referrals:letter", child.public_id)
    return render(request, "referrals/move.html", {"form": form, "sjp": sjp, "refusals": moves.refusals(sjp)})


@requires(*DESK)
@require_POST
def depart(request, letter_id):
    """The patient has left: the stay here ends, the letter here is finished."""
    child = letter_or_404(request, letter_id)
    moves.depart(child=child, actor=request.user, at=timezone.now())
    messages.success(request, _("The departure is registered. The stay here has ended as referred."))
    return redirect("referrals:letter", child.public_id)
