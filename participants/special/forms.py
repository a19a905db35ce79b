"""The forms of special covers and events."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel
from facilities.models import Region
from ksb.core.forms import BirthDateField, DayField, KsbForm, NikField
from participants.enums import EventSort, Funding, Sex, SpecialGroup

LONGEST_LIST = 2000


class SpecialCoverForm(KsbForm):
    """The person and the letter of Dinsos."""

    group = forms.ChoiceField(label=_("Group"), choices=SpecialGroup.choices, widget=forms.RadioSelect)
    nik = NikField(required=False, help_text=_("Leave it empty only for a person without NIK; never make one up"))
    name = forms.CharField(
        label=_("Name, where there is no NIK"), help_text=_("As far as it is known"), max_length=120, required=False
    )
    sex = forms.TypedChoiceField(
        label=_("Sex, where there is no NIK"),
        choices=Sex.choices,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    birth_date = BirthDateField(
        label=_("Date of birth, where there is no NIK"),
        help_text=_("Estimate it where nobody knows, for example 01-07-1970"),
        required=False,
    )
    letter_number = forms.CharField(label=_("Number of the letter of Dinsos"), max_length=60)
    letter_on = DayField(label=_("Date of the letter"), latest=timezone.localdate)
    letter_text = forms.CharField(
        label=_("What the letter says"),
        help_text=_("The recommendation word for word. Only who decides on covers reads it."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 5}),
    )
    valid_from = DayField(label=_("Covered from"))
    valid_until = DayField(label=_("Covered until"), help_text=_("The last day"))

    def clean(self):
        told = self.cleaned_data
        if told.get("group") == SpecialGroup.NO_NIK and not told.get("nik"):
            for name in ("name", "sex", "birth_date"):
                if not self.errors.get(name) and told.get(name) in (None, ""):
                    self.add_error(name, _("Needed for a person without NIK."))
        elif told.get("group") and not told.get("nik") and "nik" not in self.errors:
            self.add_error("nik", _("Write the NIK, or choose that the person has none."))
        _in_order(self)
        return told

    def told(self):
        """What ``covers.propose`` takes."""
        values = dict(self.cleaned_data)
        values["letter"] = {name: values.pop(name) for name in ("letter_number", "letter_on", "letter_text")}
        return values


class SpecialEventForm(KsbForm):
    """An outbreak or a disaster as the decree tells it."""

    sort = forms.ChoiceField(label=_("Kind of event"), choices=EventSort.choices, widget=forms.RadioSelect)
    name = forms.CharField(
        label=_("Name"), help_text=_("As patients will read it, for example: KLB DBD Bekasi Timur 2026"), max_length=80
    )
    decree = forms.CharField(label=_("Number of the decree"), max_length=80)
    decree_on = DayField(label=_("Date of the decree"), latest=timezone.localdate)
    funding = forms.ChoiceField(
        label=_("Who pays"),
        help_text=_("Where the central government pays, the programme covers nobody on this ground."),
        choices=Funding.choices,
        widget=forms.RadioSelect,
    )
    valid_from = DayField(label=_("From"))
    valid_until = DayField(
        label=_("Until"), help_text=_("The last day. Leave it empty while it is open."), required=False
    )
    area = forms.MultipleChoiceField(
        label="Kelurahan", required=False, help_text=_("Where it happens"), widget=forms.CheckboxSelectMultiple
    )
    whole_area = forms.BooleanField(
        label=_("Everybody registered in these kelurahan is covered; otherwise only who is on the list"), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        regions = Region.objects.filter(level=RegionLevel.KELURAHAN).select_related("parent")
        rows = regions.order_by("parent__name", "name")
        self.fields["area"].choices = [(region.code, f"{region.name} ({region.parent.name})") for region in rows]

    def clean(self):
        _in_order(self)
        if self.cleaned_data.get("whole_area") and not self.cleaned_data.get("area"):
            self.add_error("area", _("Choose the kelurahan in which everybody is covered."))
        return self.cleaned_data


class PeopleForm(KsbForm):
    """A list of victims."""

    niks = forms.CharField(
        label=_("NIK of the victims"),
        help_text=_("One a line, in any spacing"),
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )

    def clean_niks(self):
        lines = [line for line in self.cleaned_data["niks"].splitlines() if line.strip()]
        if len(lines) > LONGEST_LIST:
            raise ValidationError(
                _("At most %(most)d numbers at a time."), code="too_many", params={"most": LONGEST_LIST}
            )
        field, numbers = NikField(), []
        for place, line in enumerate(lines, start=1):
            try:
                numbers.append(field.clean(line))
            except ValidationError as error:
                said = " ".join(error.messages)
                raise ValidationError(
                    _("Line %(line)d: %(said)s"), code="line", params={"line": place, "said": said}
                ) from error
        return numbers


class IdentityForm(KsbForm):
    """Who somebody without NIK has turned out to be."""

    nik = NikField()


class ExplanationForm(KsbForm):
    reason = forms.CharField(
        label=_("Explanation"),
        help_text=_("One or two sentences that the next reader understands"),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _in_order(form):
    first, last = form.cleaned_data.get("valid_from"), form.cleaned_data.get("valid_until")
    if first and last and last < first:
        form.add_error("valid_until", _("The last day lies before the first. Correct one of the two."))
