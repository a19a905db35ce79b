"""What the hospital desk fills in about a series of sessions."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import KsbForm
from referrals.enums import IdentityCheck, SeriesEnd, SeriesKind
from referrals.forms import MomentForm
from referrals.newborn_forms import DiagnosisCodeField

LONGEST_SESSION = datetime.timedelta(hours=12)


class SeriesForm(KsbForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=SeriesKind, widget=forms.RadioSelect)
    diagnosis = DiagnosisCodeField(label=_("Diagnosis (ICD-10)"), help_text=_("Code such as N18.5 or D56.1"))
    doctor_name = forms.CharField(label=_("Doctor in charge (DPJP)"), max_length=120)
    weekdays = forms.TypedMultipleChoiceField(
        label=_("Days of the week"),
        choices=[(number + 1, name) for number, name in WEEKDAYS.items()],
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
    )
    machine = forms.CharField(label=_("Machine or chair"), max_length=40, required=False)

    def __init__(self, *args, kinds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["kind"].choices = [(kind.value, kind.label) for kind in kinds]
        if len(kinds) == 1:
            self.initial.setdefault("kind", kinds[0].value)


class SessionForm(MomentForm):
    """A session that is over: the moment it began, and when it ended."""

    identity_check = forms.ChoiceField(
        label=_("How was the patient's identity checked?"), choices=IdentityCheck, widget=forms.RadioSelect
    )
    ended = forms.TimeField(
        label=_("Ended at"),
        input_formats=["%H.%M", "%H:%M", "%H%M"],
        error_messages={"invalid": _("Write hours and minutes, for example 09.30.")},
        widget=forms.TimeInput(
            format="%H.%M", attrs={"inputmode": "decimal", "autocomplete": "off", "class": "k-input k-w10"}
        ),
    )
    medical_record = forms.CharField(label=_("Medical record number"), max_length=20)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clock"].label = _("Began at")
        self.order_fields(["identity_check", "medical_record", "day", "clock", "ended"])

    def ended_at(self):
        """The end as a moment: on the same day, or past midnight on the next."""
        start = self.moment()
        typed = datetime.datetime.combine(
            timezone.localdate(start), self.cleaned_data["ended"], tzinfo=timezone.get_default_timezone()
        )
        return typed if typed >= start else typed + datetime.timedelta(days=1)

    def clean(self):
        data = super().clean()
        if {"day", "clock", "ended"} <= set(data) and not self.errors:
            if self.ended_at() > self.now:
                raise ValidationError({"ended": _("This moment lies in the future.")})
            if self.ended_at() - self.moment() > LONGEST_SESSION:
                raise ValidationError({"ended": _("A session does not last that long. Check both times.")})
        return data


class RenewalForm(KsbForm):
    doctor_name = forms.CharField(label=_("Doctor in charge (DPJP)"), max_length=120)
    doctor_letter = forms.CharField(
        label=_("Number and date of the doctor's letter"),
        help_text=_("It says that the series has to go on; keep it with the file"),
        max_length=120,
    )


class SeriesEndForm(KsbForm):
    reason = forms.ChoiceField(label=_("Why does the series end?"), choices=SeriesEnd, widget=forms.RadioSelect)
