"""What Dinkes answers, and what a hospital asks for a letter in use."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import KsbForm

APPROVE, DECLINE = "approve", "decline"


class DecisionForm(KsbForm):
    """Which of the two buttons was pressed; no without a reason is no answer."""

    answer = forms.ChoiceField(choices=[(APPROVE, APPROVE), (DECLINE, DECLINE)], widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Reason, if you decline"),
        help_text=_("The desk that asked reads it and tells the patient"),
        max_length=255,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def clean(self):
        data = super().clean()
        if data.get("answer") == DECLINE and not data.get("reason", "").strip():
            raise ValidationError({"reason": _("Write down the reason.")})
        return data


class ExtensionForm(KsbForm):
    doctor_name = forms.CharField(label=_("Doctor in charge (DPJP)"), max_length=120)
    reason = forms.CharField(
        label=_("Medical reason"),
        help_text=_("Why the patient has to stay longer: diagnosis, course, plan"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
