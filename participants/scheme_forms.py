"""The form of a version of the rules: one field a parameter, filled with what is in force today."""

from dataclasses import fields

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import DayField, KsbForm, RupiahField
from ksb.core.scheme import Parameters
from participants.eligibility import Complement, Exclusion
from participants.scheme_grounds import GROUNDS, OURS
from participants.scheme_labels import LABELS

LISTS = {"complement_categories": Complement, "general_exclusions": Exclusion}
CHOICES = {
    "emergency_clock": (("calendar", _("calendar days")), ("workday", _("working days"))),
    "above_tariff": (("refuse", _("is refused")), ("adjust", _("is lowered to the tariff"))),
    "sjp_extend_base": (("admission", _("the admission")), ("issue", _("the first day of the letter"))),
    "medical_stage": (("NEEDED", _("those that need it")), ("ALL", _("all"))),
    "print_policy": (
        ("NORMAL", _("every registered family")),
        ("EMERGENCY_ONLY", _("in an emergency only")),
        ("CLOSED", _("no cards")),
    ),
}
MONEY = {"high_cost", "estimate_outpatient", "estimate_inpatient", "benefit_cap", "benefit_cap_episode"}
LARGEST = 100_000
# Days of a month: one that every month has, one of December.
DAYS_OF_MONTH = {"claim_due_day": 28, "year_end_due_day": 31}
CODE = RegexValidator(r"^[A-Z0-9.-]+$", _("Capital letters, digits, dots and hyphens only."))
PREFIX = "p_"


class SchemeForm(KsbForm):
    """Names, day and law of the version, then every parameter. ``parameters()`` after it is valid."""

    code = forms.CharField(label=_("Code"), help_text=_("Short, for example P7"), max_length=10, validators=[CODE])
    name_id = forms.CharField(label=_("Name in Indonesian"), max_length=120)
    name_en = forms.CharField(label=_("Name in English"), max_length=120)
    starts = DayField(label=_("In force from"))
    legal_source = forms.CharField(
        label=_("Legal source"), help_text=_("Number and year of the regulation"), max_length=300
    )

    def __init__(self, *args, base, **kwargs):
        super().__init__(*args, **kwargs)
        for parameter in fields(Parameters):
            field = _field(parameter)
            field.label, field.initial = LABELS[parameter.name], getattr(base, parameter.name)
            if parameter.name in GROUNDS:
                field.help_text = format_lazy("{} {}", GROUNDS[parameter.name], OURS)
            if isinstance(field.initial, tuple) and parameter.name not in LISTS:
                field.initial = ", ".join(field.initial)
            self.fields[PREFIX + parameter.name] = field

    def parameters(self):
        """The Parameters typed."""
        typed = {f.name: self.cleaned_data[PREFIX + f.name] for f in fields(Parameters)}
        return Parameters(**{name: tuple(v) if isinstance(v, list) else v for name, v in typed.items()})

    def version(self):
        """Everything but the parameters."""
        return {name: value for name, value in self.cleaned_data.items() if not name.startswith(PREFIX)}


class ListField(forms.CharField):
    """Codes between commas; ``clean`` returns a list."""

    def to_python(self, value):
        return [part.strip() for part in super().to_python(value).split(",") if part.strip()]

    def validate(self, value):
        if any(len(part) > 20 for part in value):
            raise ValidationError(_("A code has at most 20 characters."), code="long")

    def run_validators(self, value):
        """Those of text do not fit a list."""


def _field(parameter):
    name, kind = parameter.name, parameter.type
    if name in LISTS:
        return forms.MultipleChoiceField(
            choices=LISTS[name].choices, required=False, widget=forms.CheckboxSelectMultiple
        )
    if name in CHOICES:
        return forms.ChoiceField(choices=CHOICES[name], widget=forms.RadioSelect)
    if kind is bool:
        return forms.BooleanField(required=False)
    if name in MONEY:
        return RupiahField(required=kind is int)
    if kind in (int, int | None):
        least, most = (1, DAYS_OF_MONTH[name]) if name in DAYS_OF_MONTH else (0, LARGEST)
        return forms.IntegerField(
            min_value=least, max_value=most, required=kind is int, widget=_digits(), localize=False
        )
    if kind is float:
        return forms.FloatField(min_value=0, max_value=100, widget=_digits())
    return ListField(required=False, max_length=200)


def _digits():
    return forms.TextInput(attrs={"inputmode": "numeric", "class": "k-input k-w10", "autocomplete": "off"})
