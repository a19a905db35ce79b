"""Patterns the night has noticed: the figures behind each, beside those of peers, and what people found out."""

from django import forms
from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe
from django_filters import ChoiceFilter, FilterSet

from claims import signals as service
from claims.enums import SignalState
from claims.models import Claim, FraudSignal
from claims.querysets import SIGNAL_READERS
from claims.rule_forms import JudgeForm
from claims.rules.catalogue import BY_CODE
from claims.rules.words import ABOUT
from claims.views.speaking import speak
from claims.workflow import FRAUD_SIGNAL
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page

SHOWN = 50


class SignalFilter(FilterSet):
    state = ChoiceFilter(
        label=_("State"),
        choices=SignalState,
        empty_label=_("To be judged"),
        widget=forms.Select(attrs={"class": "k-select"}),
    )
    rule = ChoiceFilter(
        label=_("Pattern"),
        choices=[(code, f"{code} {about}") for code, about in ABOUT.items() if code.startswith("FRD")],
        empty_label=_("All"),
        widget=forms.Select(attrs={"class": "k-select"}),
    )

    class Meta:
        model = FraudSignal
        fields = ["state", "rule"]


@requires(*SIGNAL_READERS)
@require_safe
def signal_list(request):
    """Newest first; without a choice those nobody has judged yet. Below, how often each pattern was right."""
    chosen = SignalFilter(request.GET, queryset=FraudSignal.objects.visible_to(request.user).select_related("hospital"))
    rows = chosen.qs if request.GET.get("state") else chosen.qs.to_judge()
    rates = service.hit_rates()
    context = {
        "filter": chosen,
        "page": keyset_page(rows, request.GET, keys=("-pk",)),
        "rates": [(code, ABOUT[code], *rates[code]) for code in sorted(rates)],
    }
    return render(request, "claims/signals/list.html", context)


@requires(*SIGNAL_READERS)
def signal(request, fraud_id):
    """One pattern with its figures and claims; the coordinator or Dinkes writes down what was found out."""
    rows = FraudSignal.objects.visible_to(request.user).select_related("hospital", "judged_by")
    found = get_object_or_404(rows, public_id=fraud_id)
    moves = FRAUD_SIGNAL.allowed(found, request.user)
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        move = request.POST.get("move", "")
        try:
            if move not in {one.name for one in FRAUD_SIGNAL.transitions}:
                raise Refused(_("Choose what became of the signal."))
            service.judge(signal=found, move=move, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            speak(form, refusal, "note")
        else:
            messages.success(request, _("Recorded."))
            return redirect("claims:signal", found.public_id)
    journal.record("fraud_signal.view", found, actor=request.user)
    claims = Claim.objects.visible_to(request.user).filter(pk__in=found.claims[:SHOWN]).select_related("hospital")
    context = {
        "signal": found,
        "rule": BY_CODE[found.rule],
        "about": ABOUT[found.rule],
        "claims": claims.order_by("-admitted_on", "pk"),
        "more": max(0, len(found.claims) - SHOWN),
        "moves": moves,
        "form": form,
    }
    return render(request, "claims/signals/signal.html", context)
