from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.intake.reading import LARGEST
from facilities.models import Facility
from ksb.core.forms import DayField, KsbForm


class HandInForm(KsbForm):
    """The month's e-Klaim file. The hospital is asked only of somebody who bills for more than one."""

    hospital = forms.ModelChoiceField(label=_("Hospital"), queryset=Facility.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("e-Klaim file (TXT)"),
        help_text=_("The text export of e-Klaim for one month, or a part of it, as it is."),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": _("Choose the file that e-Klaim exported.")},
    )

    def __init__(self, *args, hospitals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = hospitals
        if len(hospitals) == 1:
            self.fields["hospital"].widget = forms.HiddenInput()
            self.fields["hospital"].initial = hospitals[0]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(
                _("The file is larger than %(most)d MB. Split it."), params={"most": LARGEST // 1024 // 1024}
            )
        return file


class SubmitForm(KsbForm):
    """What the officer saw on the check page: the service refuses to submit anything else."""

    ready = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    claimed = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**18)

    @property
    def expected(self):
        return self.cleaned_data["ready"], self.cleaned_data["claimed"]


class ReasonForm(KsbForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down the reason.")},
    )


class ReturnForm(KsbForm):
    """What lacks in a batch that is returned."""

    incomplete = forms.IntegerField(
        label=_("Claims with incomplete files"),
        min_value=1,
        max_value=10**6,
        widget=forms.NumberInput(attrs={"class": "k-input"}),
        error_messages={"required": _("Say how many claims are incomplete.")},
    )
    lacking = forms.CharField(
        label=_("What lacks"),
        max_length=20_000,
        help_text=_("One thing a line, with the line number or SJP of the claim."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write down what lacks, one thing a line.")},
    )

    def clean_lacking(self):
        return self.cleaned_data["lacking"].splitlines()


class DispensationForm(KsbForm):
    """Expired care that may be claimed all the same."""

    hospital = forms.ModelChoiceField(
        label=_("Hospital"), queryset=Facility.objects.hospitals().order_by("name"), empty_label=_("choose")
    )
    first = DayField(label=_("Care that ended from"))
    last = DayField(label=_("until and with"))
    until = DayField(label=_("May be claimed until"))
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class LinkForm(KsbForm):
    sjp_number = forms.CharField(
        label=_("SJP number"),
        max_length=40,
        help_text=_("As printed on the letter, for example 000123/SJP/32750200001/XI/2026"),
        error_messages={"required": _("Write the number of the SJP.")},
    )
