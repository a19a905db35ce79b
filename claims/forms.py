from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.intake.reading import LARGEST
from facilities.models import Facility
from ksb.core.forms import KsbForm


class HandInForm(KsbForm):
    """The month's e-Klaim file. The hospital is asked only of somebody who bills for more than one."""

    hospital = forms.ModelChoiceField(label=_("Hospital"), queryset=Facility.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("e-Klaim file (TXT)"), help_text=_("the text export of e-Klaim for one month, or a part of it")
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
                _("The file is larger than %(size)d MB. Hand the month in in parts."), params={"size": LARGEST // 2**20}
            )
        return file


class ReasonForm(KsbForm):
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class LinkForm(KsbForm):
    sjp_number = forms.CharField(label=_("SJP number"), max_length=40, help_text=_("as printed on the letter"))
