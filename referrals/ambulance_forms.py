"""What desks fill in about an ambulance trip."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility
from ksb.core.forms import KsbForm
from referrals.enums import TripOrigin
from referrals.forms import MomentForm

FARTHEST = 500


def _kilometres(label):
    digits = forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "k-input k-w10"})
    return forms.IntegerField(label=label, min_value=1, max_value=FARTHEST, widget=digits)


class TripForm(KsbForm):
    origin = forms.ChoiceField(label=_("From"), choices=TripOrigin, widget=forms.RadioSelect)
    origin_place = forms.CharField(label=_("Place"), help_text=_("Name of the facility, or address"), max_length=160)
    destination = forms.ModelChoiceField(
        label=_("To"), queryset=Facility.objects.filter(active=True).order_by("name"), empty_label=_("Choose")
    )
    provider = forms.ModelChoiceField(
        label=_("Ambulance of"), queryset=Facility.objects.none(), empty_label=_("Choose")
    )
    expected_km = _kilometres(_("Kilometres expected"))
    emergency = forms.BooleanField(label=_("Emergency"), required=False)

    def __init__(self, *args, providers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["provider"].queryset = providers


class ArrivalForm(MomentForm):
    """A trip that is over: the moment of departure, and the time of arrival."""

    arrived = forms.TimeField(
        label=_("Arrived at"),
        input_formats=["%H.%M", "%H:%M", "%H%M"],
        error_messages={"invalid": _("Write hours and minutes, for example 09.30.")},
        widget=forms.TimeInput(
            format="%H.%M", attrs={"inputmode": "decimal", "autocomplete": "off", "class": "k-input k-w10"}
        ),
    )
    km = _kilometres(_("Kilometres driven"))
    vehicle = forms.CharField(label=_("Vehicle"), help_text=_("Number plate"), max_length=20)
    crew = forms.CharField(label=_("Crew"), help_text=_("Driver and nurse"), max_length=160)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clock"].label = _("Departed at")
        self.order_fields(["day", "clock", "arrived", "km", "vehicle", "crew"])

    def arrived_at(self):
        """The arrival as a moment: on the same day, or past midnight on the next."""
        start = self.moment()
        typed = datetime.datetime.combine(
            timezone.localdate(start), self.cleaned_data["arrived"], tzinfo=timezone.get_default_timezone()
        )
        return typed if typed >= start else typed + datetime.timedelta(days=1)

    def clean(self):
        data = super().clean()
        if {"day", "clock", "arrived"} <= set(data) and not self.errors and self.arrived_at() > self.now:
            raise ValidationError({"arrived": _("This moment lies in the future.")})
        return data
