"""A letter beside JKN, asked for at the clerk's desk and decided by Dinkes. Domain.md C18."""

from functools import partial

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from participants.models import Lookup
from referrals import complement
from referrals.case_forms import ComplementForm
from referrals.forms import posted
from referrals.models import Proof
from referrals.permissions import ISSUERS, PUSKESMAS, SERVICES, puskesmas_of


@requires(*ISSUERS)
def request_complement(request, lookup_id):
    """Category, proof, examination, hospital; Dinkes decides."""
    own = (
        Lookup.objects.visible_to(request.user)
        .filter(actor=request.user, special=None)
        .select_related("resident__household")
    )
    lookup = get_object_or_404(own, pk=lookup_id)
    now = timezone.now()
    puskesmas = puskesmas_of(request.user)
    form = ComplementForm(
        posted(request),
        request.FILES or None,
        route=partial(complement.route, puskesmas, at=now),
        categories=complement.categories(timezone.localdate(now)),
    )
    if form.is_valid():
        try:
            sjp = complement.request(
                resident=lookup.resident, actor=request.user, at=now, puskesmas=puskesmas, **form.answers()
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The request is with Dinkes."))
            return redirect("referrals:issued", sjp.public_id)
    return render(request, "referrals/complement.html", {"form": form, "lookup": lookup, "resident": lookup.resident})


@requires(*PUSKESMAS, *SERVICES)
@require_safe
def proof(request, proof_id):
    """The scan behind a letter, to whoever treats or judges."""
    own = Proof.objects.visible_to(request.user)
    return complement.hand_out(proof=get_object_or_404(own, public_id=proof_id), actor=request.user)
