"""The optional part of the clerk's examination: what SISRUTE also asks for. Nothing of it is required."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import KsbForm
from referrals.enums import Consciousness, Pain, Transport
from referrals.models.examination import BLOOD_PRESSURE, LIMITS

NOT_SAID = [("", _("Not recorded"))]


class MeasuredField(forms.DecimalField):
    """A measured number, written with a comma or a point. ``LIMITS`` says what it can be."""

    widget = forms.TextInput

    def __init__(self, *, measure, decimal_places=0, **kwargs):
        least, most = LIMITS[measure]
        wrong = _("Write a number from %(least)d to %(most)d.") % {"least": least, "most": most}
        messages = dict.fromkeys(
            ("invalid", "min_value", "max_value", "max_decimal_places", "max_digits", "max_whole_digits"), wrong
        )
        super().__init__(
            min_value=least,
            max_value=most,
            decimal_places=decimal_places,
            max_digits=4,
            required=False,
            error_messages=messages,
            **kwargs,
        )
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "k-input k-w10"})

    def to_python(self, value):
        return super().to_python(value.replace(",", ".") if isinstance(value, str) else value)


class ExaminationForm(KsbForm):
    """General condition and supporting results, as in the fields KONDISI_UMUM and PENUNJANG of SISRUTE."""

    consciousness = forms.TypedChoiceField(
        label=_("Consciousness"), choices=NOT_SAID + Consciousness.choices, coerce=int, empty_value=None, required=False
    )
    blood_pressure = forms.CharField(
        label=_("Blood pressure"),
        required=False,
        max_length=7,
        help_text=_("For example 120/80"),
        validators=[RegexValidator(BLOOD_PRESSURE, _("Write the blood pressure as 120/80."))],
        widget=forms.TextInput(attrs={"autocomplete": "off", "class": "k-input k-w10"}),
    )
    pulse = MeasuredField(label=_("Pulse"), measure="pulse", help_text=_("Beats a minute"))
    temperature = MeasuredField(
        label=_("Temperature"),
        measure="temperature",
        decimal_places=1,
        help_text=_("Degrees Celsius, for example 38,4"),
    )
    breathing = MeasuredField(label=_("Breathing"), measure="breathing", help_text=_("Breaths a minute"))
    pain = forms.TypedChoiceField(
        label=_("Pain"), choices=NOT_SAID + Pain.choices, coerce=int, empty_value=None, required=False
    )
    general_condition = forms.CharField(label=_("General condition"), required=False, max_length=120)
    allergies = forms.CharField(label=_("Allergies"), required=False, max_length=255)
    laboratory = forms.CharField(
        label=_("Laboratory results"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    imaging = forms.CharField(
        label=_("Radiology results"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2})
    )
    transport = forms.ChoiceField(label=_("Transport"), choices=NOT_SAID + Transport.choices, required=False)

    def measures(self):
        """The bound fields of the optional block, in their order."""
        return [self[name] for name in ExaminationForm.base_fields]

    def answered(self):
        """Label and text of what was filled in, for the check page; of a choice its words."""
        found = []
        for bound in self.measures():
            value = self.cleaned_data.get(bound.name)
            if value not in (None, ""):
                found.append((bound.label, dict(getattr(bound.field, "choices", ())).get(value, value)))
        return found

    @property
    def says_more(self):
        """Whether something of the block was filled in or is wrong: it is then shown open."""
        return any(bound.value() or bound.errors for bound in self.measures())
