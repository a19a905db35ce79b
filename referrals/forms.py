"""What clerks and hospital desks fill in. Free texts say in their hints what SISRUTE would ask for."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility, Specialty
from ksb.core.forms import DayField, KsbForm
from participants.eligibility import Exclusion
from referrals import diagnoses, routing, rules
from referrals.enums import PUSKESMAS_REASONS, PassOverReason, RefusalReason
from referrals.examination_forms import ExaminationForm
from referrals.finding import NEWBORN, understand
from referrals.rules import PUSKESMAS_SERVICES

# What the program finds out by itself is not asked.
ASKED_PASS_OVER = (
    PassOverReason.RSUD_FULL,
    PassOverReason.RSUD_CANNOT,
    PassOverReason.RSUD_TOO_FAR,
    PassOverReason.RUNNING_TREATMENT,
    PassOverReason.OWN_REQUEST,
)


def posted(request):
    """What binds a form: the data of a POST, also an empty one, else nothing."""
    return request.POST if request.method == "POST" else None


class PatientForm(KsbForm):
    """One field for whatever the patient brings. ``cleaned_data["nik"]`` is what ``finding.find`` takes."""

    nik = forms.CharField(
        label=_("NIK, KK number or Kartu Sehat"),
        max_length=200,
        help_text=_(
            "Type the number in any spacing, or scan the QR code of the card. A newborn without NIK: type “bayi”. A person of "
            "the register of special covers without NIK: its number, for example 000012/KHS/XI/2026."
        ),
        error_messages={"required": _("Write the NIK: 16 digits on the KTP or family card.")},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "k-input"}),
    )

    def __init__(self, *args, first=False, **kwargs):
        super().__init__(*args, **kwargs)
        if first:
            self.fields["nik"].widget.attrs["autofocus"] = True

    def clean_nik(self):
        return understand(self.cleaned_data["nik"])

    @property
    def is_newborn(self):
        return self.cleaned_data["nik"].kind == NEWBORN


def _text(label, *, rows, **kwargs):
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class DiagnosisSelect(forms.RadioSelect):
    """Radios over what the search found; any code that may be written is accepted when posted."""


class DiagnosisField(forms.ModelChoiceField):
    widget = DiagnosisSelect

    def __init__(self, **kwargs):
        super().__init__(queryset=diagnoses.selectable(), empty_label=None, **kwargs)

    def offer(self, found):
        """Show ``found`` as the radios."""
        self.widget.choices = [(diagnosis.pk, _diagnosis_label(diagnosis)) for diagnosis in found]


def _diagnosis_label(diagnosis):
    if diagnosis.alias:
        return format_html("<b>{}</b> {}<small>{}</small>", diagnosis.code, diagnosis.alias, diagnosis.title)
    return format_html("<b>{}</b> {}", diagnosis.code, diagnosis.title)


class HospitalField(forms.ModelChoiceField):
    widget = forms.RadioSelect

    def __init__(self, **kwargs):
        super().__init__(queryset=Facility.objects.hospitals(), empty_label=None, **kwargs)

    def offer(self, options, *, phones=False):
        """Show the suitable hospitals of the routing list as the radios, in its order; with ``phones`` for who calls them."""
        self.widget.choices = [
            (option.hospital.pk, _hospital_label(option, first=place == 0, phone=phones and option.hospital.phone))
            for place, option in enumerate(options)
        ]


def _hospital_label(option, *, first, phone):
    tags = [("ok", _("First by the rule"))] if first else []
    if option.bed_tag:
        tags.append(option.bed_tag)
    marks = format_html_join("", ' <span class="k-tag k-tag--{}">{}</span>', tags)
    told = [str(reason) for reason in option.reasons]
    if phone:
        told.insert(0, _("Telephone %(phone)s") % {"phone": phone})
    return format_html("{}{}<small>{}</small>", option.hospital.name, marks, " · ".join(told))


WARD = {
    "label": _("Kind of bed"),
    "choices": [("", _("The usual one for this service")), *((ward.value, ward.label) for ward in rules.SPECIAL_WARDS)],
    "required": False,
}


def check_ward(form, data):
    """An error beside the field where the kind of bed does not go with the kind of service."""
    ward, service = data.get("ward"), data.get("service")
    if ward and service and ward not in rules.WARDS.get(service, ()):
        form.add_error("ward", _("This kind of bed does not go with the kind of service."))


class ReferralForm(ExaminationForm):
    """Examination, diagnosis and target. ``found`` is the routing list of the chosen specialty and service."""

    complaint = _text(
        _("Complaint and history"), rows=3, help_text=_("What the patient tells: since when, what was tried")
    )
    findings = _text(
        _("Findings"),
        rows=3,
        help_text=_("What you see, hear and measure; measures can also go into their own fields below"),
    )
    therapy = _text(_("Therapy given"), rows=2, required=False, help_text=_("Medicines and treatment so far"))
    query = forms.CharField(
        label=_("Search for a diagnosis"),
        required=False,
        max_length=80,
        help_text=_("Code such as J18.9 or J189, or words such as “paru” or “pneumonia”"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "k-input"}),
    )
    diagnosis = DiagnosisField(label=_("Working diagnosis (ICD-10)"))
    reason = forms.ChoiceField(
        label=_("Reason for the referral"),
        choices=[("", _("Choose")), *((r.value, r.label) for r in PUSKESMAS_REASONS)],
    )
    service = forms.ChoiceField(label=_("Kind of service"), choices=[(s.value, s.label) for s in PUSKESMAS_SERVICES])
    ward = forms.ChoiceField(**WARD)
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.order_by("name_id"), empty_label=_("Choose")
    )
    exclusion = forms.ChoiceField(
        label=_("Is it one of the services nobody is guaranteed?"),
        required=False,
        help_text=_("The programme guarantees none of these. Choose “no” where medicine asks for it."),
    )
    hospital = HospitalField(label=_("Hospital"))
    pass_over_reason = forms.ChoiceField(
        label=_("Why not an RSUD"),
        choices=[("", _("No private hospital chosen")), *((one.value, one.label) for one in ASKED_PASS_OVER)],
        required=False,
        help_text=_("Only when a private hospital is chosen although an RSUD could take the patient"),
    )
    doctor_name = forms.CharField(label=_("Referring doctor"), max_length=120)

    def __init__(self, *args, found, parameters, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["complaint"].widget.attrs["autofocus"] = True
        self.found = found
        self.parameters = parameters
        self.suitable = [option for option in found if option.suitable]
        self.others = [option for option in found if not option.suitable]
        self.fields["hospital"].offer(self.suitable)
        excluded = parameters.general_exclusions if parameters else ()
        self.fields["exclusion"].choices = [("", _("no")), *((code, Exclusion(code).label) for code in excluded)]
        self.initial["hospital"] = self._hospital_to_start_from()
        self.fields["diagnosis"].offer(self.offered_diagnoses())

    def value_of(self, name):
        return self.data.get(name) if self.is_bound else self.initial.get(name)

    def _hospital_to_start_from(self):
        """The hospital chosen before while it is still on the list, else the first by the rule."""
        chosen = str(self.initial.get("hospital") or "")
        on_list = [str(option.hospital.pk) for option in self.suitable]
        return chosen if chosen in on_list else next(iter(on_list), None)

    def offered_diagnoses(self):
        """The chosen code first, then what the search finds, or the quick picks."""
        query, chosen = self.value_of("query") or "", str(self.value_of("diagnosis") or "")
        found = list(diagnoses.search(query))
        if chosen and all(diagnosis.pk != chosen for diagnosis in found):
            found = [*diagnoses.selectable().filter(pk=chosen[:8]), *found]
        return found

    def clean(self):
        data = super().clean()
        check_ward(self, data)
        hospital = data.get("hospital")
        if hospital is None:
            return data
        if all(option.hospital != hospital for option in self.suitable):
            self.add_error("hospital", _("This hospital is not on the list for this specialty and service."))
        elif routing.needs_reason(hospital, self.found, self.parameters):
            self._check_reason(data.get("pass_over_reason"))
        return data

    def _check_reason(self, reason):
        if not reason:
            self.add_error("pass_over_reason", _("RSUD come first. Say why a private hospital is chosen."))
        elif reason == PassOverReason.OWN_REQUEST:
            self.add_error("pass_over_reason", routing.own_request())

    @property
    def may_ask_officer(self):
        """No suitable hospital is known to have a bed, or none is left at all."""
        return bool(self.found) and all(option.beds == routing.FULL for option in self.suitable)


class RoutingForm(KsbForm):
    """The question the list of hospitals answers. Holds nothing personal: it may stand in an address."""

    service = forms.ChoiceField(label=_("Kind of service"), choices=[(s.value, s.label) for s in PUSKESMAS_SERVICES])
    specialty = forms.ModelChoiceField(label=_("Specialty"), queryset=Specialty.objects.order_by("name_id"))
    ward = forms.ChoiceField(**WARD)

    def clean(self):
        data = super().clean()
        check_ward(self, data)
        return data


class RefusalForm(KsbForm):
    """Why the hospital does not take the patient: a code that is counted, and words the Puskesmas can use."""

    code = forms.ChoiceField(label=_("Reason"), choices=RefusalReason, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("What the Puskesmas should know"),
        max_length=255,
        help_text=_("For example which ward is full, or until when the doctor is away"),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ReasonForm(KsbForm):
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class LetterNumberForm(KsbForm):
    number = forms.CharField(
        label=_("SJP number"),
        max_length=200,
        help_text=_("As printed on the letter, or scan its QR code"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )


class MomentForm(KsbForm):
    """A day and a time of day that are over."""

    day = DayField(label=_("Date"), latest=timezone.localdate)
    clock = forms.TimeField(
        label=_("Time"),
        input_formats=["%H.%M", "%H:%M", "%H%M"],
        help_text=_("Hours and minutes, for example 09.30"),
        error_messages={"invalid": _("Write hours and minutes, for example 09.30.")},
        widget=forms.TimeInput(
            format="%H.%M", attrs={"inputmode": "decimal", "autocomplete": "off", "class": "k-input k-w10"}
        ),
    )

    def __init__(self, *args, now, **kwargs):
        local = timezone.localtime(now)
        kwargs["initial"] = {"day": local.date(), "clock": local.time(), **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.now = now

    def moment(self):
        """The day and time as one moment; the minute that is running counts as now."""
        day, clock = self.cleaned_data["day"], self.cleaned_data["clock"]
        typed = datetime.datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
        return min(typed, self.now) if typed - self.now < datetime.timedelta(minutes=1) else typed

    def clean(self):
        data = super().clean()
        if "day" in data and "clock" in data and self.moment() > self.now:
            raise ValidationError({"clock": _("This moment lies in the future.")})
        return data


class EmergencyCardForm(KsbForm):
    """In which letter the hospital asks for the family's card."""

    hospital_letter = forms.CharField(
        label=_("Number of the hospital's letter"), help_text=_("The letter that asks for the card"), max_length=60
    )
