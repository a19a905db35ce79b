"""The emergency card: asked for by a hospital in which somebody of the family lies now."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from facilities.permissions import requires
from ksb.core.errors import Refused
from participants import printing
from participants.permissions import KEEPERS
from participants.views.families import visible_household
from referrals.forms import EmergencyCardForm
from referrals.hospital import stay_of


@requires(*KEEPERS)
def emergency_card(request, household_id):
    """A print batch of one. Of the stay only hospital and day are shown: the card office reads no health records."""
    household = visible_household(request, household_id)
    stay = stay_of(household)
    form = EmergencyCardForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            batch = printing.prepare_emergency(
                household=household,
                in_care=stay is not None,
                hospital=stay and stay.hospital,
                hospital_letter=form.cleaned_data["hospital_letter"],
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as no:
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The emergency card is prepared. Another person approves it."))
            return redirect("participants:print_batch", batch.public_id)
    return render(request, "referrals/emergency_card.html", {"household": household, "stay": stay, "form": form})
