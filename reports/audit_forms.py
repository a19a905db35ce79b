from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from facilities.enums import Role
from facilities.models import User
from ksb.core.forms import DayField, KsbForm, RupiahField
from reports.enums import AuditSubject


class AuditForm(KsbForm):
    """The letter that opens an audit."""

    auditor = forms.ModelChoiceField(label=_("Auditor"), queryset=User.objects.none())
    letter = forms.CharField(label=_("Letter of assignment"), max_length=120, help_text=_("its number and date"))
    purpose = forms.CharField(label=_("Purpose"), max_length=255)
    valid_first = DayField(label=_("Audit from"))
    valid_last = DayField(label=_("Audit until"))
    scope_first = DayField(label=_("Services or SP2D from"))
    scope_last = DayField(label=_("Services or SP2D until"))

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        today = localdate()
        auditors = User.objects.filter(memberships__role=Role.AUDITOR, memberships__valid_from__lte=today)
        self.fields["auditor"].queryset = auditors.exclude(memberships__valid_to__lt=today).distinct().order_by("pk")

    def clean(self):
        cleaned = super().clean()
        for name in ("valid", "scope"):
            first, last = cleaned.pop(f"{name}_first", None), cleaned.pop(f"{name}_last", None)
            if first and last and last < first:
                self.add_error(f"{name}_last", _("The last day lies before the first."))
            cleaned[name] = (first, last)
        return cleaned


class DrawForm(KsbForm):
    subject = forms.ChoiceField(label=_("What is drawn"), choices=AuditSubject, widget=forms.RadioSelect)
    size = forms.IntegerField(label=_("How many"), min_value=1, max_value=1000)


class FindingForm(KsbForm):
    number = forms.CharField(label=_("Claim or SP2D number"), max_length=60, help_text=_("as the sample lists it"))
    amount = RupiahField(label=_("Amount"))
    rule = forms.CharField(label=_("Rule that is broken"), max_length=120)
    text = forms.CharField(label=_("Finding"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))


class ReplyForm(KsbForm):
    text = forms.CharField(label=_("Reply"), max_length=2000, widget=forms.Textarea(attrs={"rows": 4}))
