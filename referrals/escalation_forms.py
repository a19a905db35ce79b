"""What the duty officer writes down about a case."""

from django import forms
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import KsbForm
from referrals.enums import UnmetReason
from referrals.forms import HospitalField


def _note(label, **kwargs):
    return forms.CharField(label=label, max_length=500, widget=forms.Textarea(attrs={"rows": 2}), **kwargs)


class SettleForm(KsbForm):
    """Which hospital takes the patient, and who there said so. ``found`` is the routing list of the case."""

    prefix = "found"

    hospital = HospitalField(label=_("Hospital that takes the patient"))
    accepted_by_name = forms.CharField(
        label=_("Accepted by"), max_length=120, help_text=_("Name and position of who said yes by telephone")
    )
    note = _note(_("Note for the Puskesmas"), required=False, help_text=_("Ward, entrance, whom to ask for"))

    def __init__(self, *args, found, **kwargs):
        super().__init__(*args, **kwargs)
        self.found = found
        self.suitable = [option for option in found if option.suitable]
        self.fields["hospital"].offer(self.suitable, phones=True)

    def clean_hospital(self):
        hospital = self.cleaned_data["hospital"]
        if all(option.hospital != hospital for option in self.suitable):
            raise forms.ValidationError(_("This hospital is not on the list for this specialty and service."))
        return hospital


class UnmetForm(KsbForm):
    prefix = "unmet"

    reason = forms.ChoiceField(label=_("Why no hospital was found"), choices=[("", _("Choose")), *UnmetReason.choices])
    note = _note(_("What was tried, and what the patient was told"))


class WithdrawForm(KsbForm):
    prefix = "withdraw"

    note = _note(_("Why no hospital is needed any longer"))
