"""Two readers who disagree, before the coordinator."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from verification import decisions
from verification.enums import ReadingState
from verification.forms import ResolveForm
from verification.models import SecondReading
from verification.permissions import COORDINATION
from verification.views.loading import load_reading


@requires(*COORDINATION)
@require_safe
def readings(request):
    """Second readings, those that need a decision unless asked for another state."""
    state = request.GET.get("state")
    state = state if state in ReadingState.values else ReadingState.DISAGREED
    rows = SecondReading.objects.visible_to(request.user).filter(state=state)
    rows = rows.select_related("claim__hospital", "claim__batch", "reader")
    context = {"page": keyset_page(rows, request.GET, keys=("pk",)), "state": state, "states": ReadingState}
    return render(request, "verification/readings.html", context)


@requires(*COORDINATION)
def reading(request, reading_id):
    """Both decisions side by side, and the coordinator's."""
    found = load_reading(request, reading_id)
    form = ResolveForm(request.POST or None) if found.state == ReadingState.DISAGREED else None
    if form is not None and request.method == "POST" and form.is_valid():
        try:
            decisions.resolve(reading=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Your decision was recorded."))
            return redirect("verification:readings")
    both = [(_("First decision"), found.first), (_("Second decision"), found.second)]
    context = {"reading": found, "form": form, "both": [(label, review) for label, review in both if review]}
    return render(request, "verification/reading.html", context)
