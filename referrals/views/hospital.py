"""The hospital desk: what is addressed to the own hospital, and its answer."""

from datetime import timedelta

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from facilities.permissions import requires
from ksb.core.errors import Refused, WrongState
from ksb.core.paging import keyset_page
from referrals import hospital
from referrals.bed_holds import NO_BED
from referrals.filters import SjpFilter
from referrals.forms import LetterNumberForm, RefusalForm, posted
from referrals.models import Sjp
from referrals.permissions import DESK, INBOX_READERS
from referrals.views.letters import letter_or_404

TO_ANSWER = 20
# Whoever was not answered since yesterday has come, or gone elsewhere.
WAITING_FOR = timedelta(days=1)


@requires(*INBOX_READERS)
def inbox(request):
    """Letters to the own hospital, newest first; a number or a scanned QR code leads straight to its letter."""
    own = Sjp.objects.visible_to(request.user)
    form = LetterNumberForm(posted(request))
    if form.is_valid():
        found = own.by_number_or_code(form.cleaned_data["number"]).first()
        if found:
            return redirect("referrals:letter", found.public_id)
        form.add_error("number", _("No letter with this number is addressed to your hospital. Check the number."))
    rows = SjpFilter(request.GET, queryset=own.with_names())
    page = keyset_page(rows.qs, request.GET, keys=("-pk",))
    context = {"page": page, "filter": rows, "form": form, "unanswered": _unanswered(request, own)}
    return render(request, "referrals/inbox.html", context)


def _unanswered(request, own):
    """What the desk has to answer, the most urgent first; for those who answer, on the first page only."""
    if request.GET or not request.user.has_role(*DESK):
        return []
    return own.with_names().unanswered(since=timezone.now() - WAITING_FOR)[:TO_ANSWER]


@requires(*DESK)
@require_POST
def accept(request, letter_id):
    sjp = letter_or_404(request, letter_id)
    if sjp.referral is None:
        raise WrongState(_("Nobody referred this patient: there is nothing to answer."))
    try:
        hospital.accept(referral=sjp.referral, actor=request.user, at=timezone.now())
    except Refused as no:
        if no.code != NO_BED:
            raise
        messages.error(request, no.message)
    else:
        messages.success(request, _("The patient is accepted. The Puskesmas sees it at once."))
    return redirect("referrals:letter", sjp.public_id)


@requires(*DESK)
def refuse(request, letter_id):
    sjp = letter_or_404(request, letter_id)
    form = RefusalForm(posted(request))
    if form.is_valid():
        hospital.refuse(sjp=sjp, actor=request.user, at=timezone.now(), **form.cleaned_data)
        messages.success(request, _("The referral is refused. The Puskesmas chooses another hospital."))
        return redirect("referrals:inbox")
    return render(request, "referrals/refuse.html", {"form": form, "sjp": sjp})
