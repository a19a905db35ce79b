from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import DayField, KsbForm


class DocumentForm(KsbForm):
    """Number and date of an SPP, SPM or SP2D."""

    number = forms.CharField(label=_("Document number"), max_length=60, help_text=_("as printed by SIPD"))
    date = DayField(label=_("Document date"), latest=localdate)


class RefusalForm(KsbForm):
    reason = forms.CharField(label=_("Reason of refusal"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))
