"""What a desk fills in about a birth, and about a newborn that needs care of its own."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from facilities.fields import DoctorField
from facilities.models import Facility, Specialty
from ksb.core.forms import KsbForm, NikField
from participants.enums import Sex
from participants.models.newborn import HEAVIEST, LIGHTEST, MOST_CHILDREN
from referrals import diagnoses
from referrals.forms import MomentForm

LIVE, STILLBORN = "LIVE", "STILLBORN"


class BirthForm(MomentForm):
    """A birth. The mother's name is typed beside her NIK, so that a wrong digit does not give the child another mother."""

    mother_nik = NikField(label=_("Mother's NIK"), required=False)
    mother_name = forms.CharField(label=_("Mother's name"), max_length=120, help_text=_("As on the KTP"))
    father_nik = NikField(
        label=_("Father's NIK"),
        required=False,
        help_text=_("Only when the mother is not a resident of Kota Bekasi or not covered"),
    )
    outcome = forms.ChoiceField(
        label=_("Born"),
        choices=[(LIVE, _("alive")), (STILLBORN, _("stillborn"))],
        initial=LIVE,
        widget=forms.RadioSelect,
    )
    sex = forms.TypedChoiceField(label=_("Sex"), choices=Sex, coerce=int, widget=forms.RadioSelect)
    weight = forms.IntegerField(label=_("Birth weight (grams)"), min_value=LIGHTEST, max_value=HEAVIEST)
    children = forms.IntegerField(
        label=_("Children of this birth"), min_value=1, max_value=MOST_CHILDREN, initial=1, help_text=_("2 for twins")
    )
    birth_order = forms.IntegerField(label=_("Order of birth"), min_value=1, max_value=MOST_CHILDREN, initial=1)
    place = forms.CharField(label=_("Place of birth"), max_length=120)
    doctor_name = DoctorField(label=_("Doctor or midwife in charge"))
    certificate = forms.CharField(label=_("Number of the birth statement"), max_length=60, required=False)
    puskesmas = forms.ModelChoiceField(
        label=_("Puskesmas that follows the child"),
        queryset=Facility.objects.puskesmas().filter(active=True).order_by("name"),
        empty_label=_("Choose"),
        help_text=_("Nearest to the family; it issues the SJP and reminds the parents"),
    )

    def __init__(self, *args, place, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["doctor_name"].offer(place, on)
        self.fields["day"].label, self.fields["clock"].label = _("Date of birth"), _("Time of birth")
        self.fields["mother_nik"].widget.attrs["autofocus"] = True

    def clean(self):
        data = super().clean()
        if data.get("birth_order") and data.get("children") and data["birth_order"] > data["children"]:
            raise ValidationError({"birth_order": _("The order is not larger than the number of children.")})
        if not (data.get("mother_nik") or data.get("father_nik") or self.errors):
            raise ValidationError({"mother_nik": _("Write the NIK of the mother, or of the father.")})
        return data

    def facts(self):
        """Fields of a Newborn as typed."""
        names = ("mother_nik", "mother_name", "sex", "weight", "children", "birth_order", "place", "doctor_name")
        typed = {name: self.cleaned_data[name] for name in (*names, "certificate", "puskesmas")}
        return typed | {
            "mother_name": typed["mother_name"].upper(),
            "birth_time": self.moment(),
            "stillborn": self.cleaned_data["outcome"] == STILLBORN,
        }


def is_same_name(typed, registered):
    """Tolerant of titles and short forms: one contains the other, or both begin with the same word."""
    one, other = (re.sub(r"[^A-Z ]", "", name.upper()).split() for name in (typed, registered))
    if not one or not other:
        return False
    return one[0] == other[0] or "".join(one) in "".join(other) or "".join(other) in "".join(one)


class DiagnosisCodeField(forms.CharField):
    """An ICD-10 code as coders type it, ``P22.0`` or ``p220``. ``clean`` returns the Diagnosis."""

    def __init__(self, **kwargs):
        super().__init__(max_length=8, **kwargs)
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "class": "k-input k-w10"})

    def clean(self, value):
        typed = super().clean(value).upper().replace(" ", "")
        if "." not in typed and len(typed) > 3:
            typed = f"{typed[:3]}.{typed[3:]}"
        found = diagnoses.selectable().filter(pk=typed).first()
        if found is None:
            raise ValidationError(_("This ICD-10 code is not in the list. Write it as P22.0, from the book of 2010."))
        return found


class NewbornRequestForm(KsbForm):
    """What was found and which hospital; ``hospital`` fixed for a hospital that asks for its own patient."""

    hospital = forms.ModelChoiceField(
        label=_("Hospital"), queryset=Facility.objects.none(), empty_label=_("Choose"), help_text=_("With an agreement")
    )
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.order_by("name_id"), empty_label=_("Choose")
    )
    diagnosis = DiagnosisCodeField(label=_("Working diagnosis (ICD-10)"), help_text=_("Code such as P22.0 or P59.9"))
    complaint = forms.CharField(
        label=_("Complaint and history"), max_length=4000, widget=forms.Textarea(attrs={"rows": 3})
    )
    findings = forms.CharField(
        label=_("Findings"),
        max_length=4000,
        help_text=_("Apgar score, weight, breathing, temperature, jaundice; laboratory and X-ray"),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    doctor_name = DoctorField(label=_("Doctor in charge"))
    late_reason = forms.CharField(label=_("Why so late"), max_length=255)

    def __init__(self, *args, on, late, own_hospital=None, **kwargs):
        super().__init__(*args, **kwargs)
        under_contract = Facility.objects.hospitals().contracted_on(on, service=Service.NEWBORN)
        self.fields["hospital"].queryset = under_contract.order_by("name")
        if own_hospital is not None:
            del self.fields["hospital"]
            self.fields["doctor_name"].offer(own_hospital, on)
            self.fields["specialty"].queryset = own_hospital.specialties.order_by("name_id")
        if not late:
            del self.fields["late_reason"]
