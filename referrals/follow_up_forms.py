"""What a Puskesmas writes about patients who came back to it, or did not come; and the note between shifts of any desk."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import DayField, KsbForm
from referrals.enums import CallOutcome, Shift
from referrals.episode_forms import long_text


class VisitForm(KsbForm):
    visited_on = DayField(label=_("The patient came on"), latest=timezone.localdate)
    next_on = DayField(label=_("Next visit"), required=False)
    note = long_text(_("Note"), rows=2, required=False)


class CallForm(KsbForm):
    outcome = forms.ChoiceField(label=_("What came of the call"), choices=CallOutcome, widget=forms.RadioSelect)
    note = forms.CharField(label=_("Note"), max_length=255, required=False)


class HandoverForm(KsbForm):
    shift = forms.ChoiceField(label=_("Shift that ends"), choices=Shift)
    text = long_text(
        _("For the next shift"), rows=4, help_text=_("What is not on the lists: promises, doubts, who calls back")
    )


class OwnPatientForm(KsbForm):
    """Name, NIK or medical record number. Posted, so that none of them stands in an address."""

    query = forms.CharField(
        label=_("Patient of own letters"),
        max_length=60,
        help_text=_("First letters of the name, the whole NIK, or the medical record number"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )
