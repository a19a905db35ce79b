"""The list of brokers' and newcomers' signals: the evidence in words, what a person found out, a report taken in."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from participants import signals as service
from participants.application_forms import JudgementForm, ReportForm
from participants.filters import SignalFilter
from participants.models import Household, Signal
from participants.permissions import APPROVERS, SIGNAL_READERS, SIGNAL_REPORTERS
from participants.views.families import visible_household

FAMILIES_SHOWN = 50


@requires(*SIGNAL_READERS)
@require_safe
def signals(request):
    """Newest first; without a choice those nobody has judged yet."""
    narrowed = SignalFilter(request.GET, queryset=Signal.objects.visible_to(request.user), request=request)
    rows = narrowed.qs
    if not request.GET.get("outcome"):
        rows = rows.filter(judged_at__isnull=True)
    page = keyset_page(rows, request.GET, keys=("-pk",))
    return render(request, "participants/signals.html", {"page": page, "filter": narrowed})


@requires(*SIGNAL_READERS)
def signal(request, signal_id):
    """One signal with its families; a verifier or Dinkes writes down what was found out."""
    found = get_object_or_404(Signal.objects.visible_to(request.user).select_related("judged_by"), public_id=signal_id)
    form = JudgementForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        service.judge(signal=found, **form.cleaned_data, actor=request.user, at=timezone.now())
        messages.success(request, _("Recorded."))
        return redirect("participants:signals")
    journal.record("signal.view", found, actor=request.user)
    families = Household.objects.visible_to(request.user).filter(pk__in=found.households[:FAMILIES_SHOWN])
    context = {
        "signal": found,
        "families": families.select_related("head", "kelurahan__parent").order_by("pk"),
        "more": max(0, len(found.households) - FAMILIES_SHOWN),
        "form": form if request.user.has_role(*APPROVERS) else None,
    }
    return render(request, "participants/signal.html", context)


@requires(*SIGNAL_REPORTERS)
def report(request, household_id):
    """Somebody at the counter or on the telephone tells of a broker."""
    household = visible_household(request, household_id)
    form = ReportForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            service.report(household=household, text=form.cleaned_data["text"], actor=request.user, at=timezone.now())
        except Refused as no:
            form.add_error("text", no.message)
        else:
            messages.success(request, _("The report is kept. A verifier follows it up."))
            return redirect("participants:family", household.public_id)
    return render(request, "participants/report_signal.html", {"household": household, "form": form})
