"""What a hospital writes about a patient from arrival to the way back. Codes are typed as on the claim, with or without dot."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from facilities.fields import DoctorField, SuggestInput
from facilities.models import Diagnosis, Facility, Procedure, Specialty
from ksb.core.forms import DayField, KsbForm
from referrals import diagnoses
from referrals.enums import Condition, DischargeStatus, FollowUp, IdentityCheck, Programme
from referrals.forms import MomentForm
from referrals.models.resume import CODES
from referrals.rules import STAYS

LIVING = [choice for choice in Condition.choices if not choice[0].startswith("DIED")]


def long_text(label, *, rows=3, **kwargs):
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def _plain(code):
    return code.replace(".", "").upper()


class CodeField(forms.CharField):
    """One diagnosis by its ICD-10 code. ``clean`` returns the Diagnosis, or None."""

    widget = SuggestInput

    def __init__(self, **kwargs):
        kwargs.setdefault("help_text", _("ICD-10 code such as J18.9 or J189"))
        super().__init__(max_length=8, **kwargs)
        self.widget.attrs |= {"class": "k-input k-w10", "autocomplete": "off", "spellcheck": "false"}

    def offer(self):
        """Suggest the diagnoses a Puskesmas writes most. One query."""
        self.widget.suggestions = tuple((found.pk, found.alias or found.title) for found in diagnoses.quick_picks())

    def clean(self, value):
        typed = super().clean(value)
        if not typed:
            return None
        found = diagnoses.search(typed)
        match = next((diagnosis for diagnosis in found if _plain(diagnosis.pk) == _plain(typed)), None)
        if match is None:
            raise ValidationError(_("No ICD-10 diagnosis has this code. Check it in the code list."))
        return match

    def prepare_value(self, value):
        return getattr(value, "pk", value)


class CodesField(forms.CharField):
    """Several codes of ``model``, separated by spaces or commas. ``clean`` returns them in the typed order."""

    def __init__(self, *, model, **kwargs):
        self.model = model
        super().__init__(required=False, max_length=200, **kwargs)
        self.widget.attrs |= {"autocomplete": "off", "spellcheck": "false"}

    def clean(self, value):
        typed = list(dict.fromkeys(super().clean(value).replace(",", " ").replace(";", " ").upper().split()))
        if len(typed) > CODES:
            raise ValidationError(_("At most %(most)s codes."), params={"most": CODES})
        known = {_plain(code): code for code in self._candidates(typed)}
        unknown = [code for code in typed if _plain(code) not in known]
        if unknown:
            raise ValidationError(_("Unknown code: %(codes)s."), params={"codes": ", ".join(unknown)})
        return [known[_plain(code)] for code in typed]

    def _candidates(self, typed):
        """The codes as typed, and with a dot where the lists put it: after three signs (ICD-10) or two (ICD-9-CM)."""
        place = 3 if self.model is Diagnosis else 2
        plain = [_plain(code) for code in typed]
        dotted = [f"{code[:place]}.{code[place:]}" for code in plain]
        known = diagnoses.selectable() if self.model is Diagnosis else self.model.objects.all()
        return known.filter(pk__in=[*typed, *plain, *dotted]).values_list("pk", flat=True)

    def prepare_value(self, value):
        return " ".join(value) if isinstance(value, list) else value


class MedicinesField(forms.CharField):
    """One medicine a line: name; dose; days. ``clean`` returns ``[{"name", "dose", "days"}]``."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Medicines"))
        kwargs.setdefault(
            "help_text", _("One a line, with semicolons: name; dose; days. Example: Metformin 500 mg; 2 x 1; 30")
        )
        super().__init__(required=False, max_length=4000, widget=forms.Textarea(attrs={"rows": 4}), **kwargs)

    def clean(self, value):
        lines = [line for line in super().clean(value).splitlines() if line.strip()]
        return [self._read(line, place) for place, line in enumerate(lines, start=1)]

    def _read(self, line, place):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != 3 or not all(parts):
            raise ValidationError(
                _("Line %(line)s: write name; dose; days, with two semicolons."), params={"line": place}
            )
        name, dose, days = parts
        if not (days.isascii() and days.isdigit() and 0 < int(days) <= 366):
            raise ValidationError(_("Line %(line)s: the days are a number from 1 to 366."), params={"line": place})
        return {"name": name, "dose": dose, "days": int(days)}


class AdmissionForm(MomentForm):
    """``invitations`` are what a patient of a letter in use may come back by; the first arrival has none."""

    identity_check = forms.ChoiceField(
        label=_("How was the patient's identity checked?"), choices=IdentityCheck, widget=forms.RadioSelect
    )
    medical_record = forms.CharField(label=_("Medical record number"), max_length=20)
    doctor_name = DoctorField(required=False)
    ward = forms.CharField(label=_("Ward and bed"), max_length=60, required=False)
    class_three = forms.BooleanField(label=_("The patient is cared for in class III"))
    invitation = forms.ChoiceField(label=_("The patient comes by"), widget=forms.RadioSelect)

    def __init__(self, *args, sjp, invitations=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(
            ["invitation", "identity_check", "medical_record", "doctor_name", "ward", "day", "clock", "class_three"]
        )
        self.fields["doctor_name"].offer(sjp.hospital, timezone.localdate(self.now))
        self.invitations = {str(place): invitation for place, invitation in enumerate(invitations)}
        if self.invitations:
            self.fields["invitation"].choices = [(key, _way(one)) for key, one in self.invitations.items()]
            self.initial.setdefault("invitation", "0")
        else:
            del self.fields["invitation"]
        if self.invitations or sjp.service not in (*STAYS, Service.EMERGENCY):
            del self.fields["class_three"], self.fields["ward"]

    def invited_by(self):
        return self.invitations.get(self.cleaned_data.get("invitation", ""))


def _way(invitation):
    if hasattr(invitation, "control_on"):
        return _("control letter %(number)s, %(clinic)s") % {
            "number": invitation.number,
            "clinic": invitation.specialty,
        }
    return _("referral between clinics to %(clinic)s") % {"clinic": invitation.specialty}


class DischargeForm(MomentForm):
    status = forms.TypedChoiceField(
        label=_("Manner of discharge"), choices=DischargeStatus, coerce=int, widget=forms.RadioSelect
    )
    condition = forms.ChoiceField(label=_("Condition on leaving"), choices=[("", _("Choose")), *LIVING], required=False)
    next_step = forms.TypedChoiceField(
        label=_("What comes next"),
        choices=FollowUp,
        coerce=int,
        initial=FollowUp.HOME,
        widget=forms.RadioSelect,
        help_text=_("Of a patient who comes back the SJP stays in use"),
    )
    death_clock = forms.TimeField(
        label=_("Time of death"),
        required=False,
        input_formats=["%H.%M", "%H:%M", "%H%M"],
        help_text=_("Only when the patient has died; on the day above"),
        error_messages={"invalid": _("Write hours and minutes, for example 09.30.")},
        widget=forms.TimeInput(format="%H.%M", attrs={"autocomplete": "off", "class": "k-input k-w10"}),
    )
    follow_up = long_text(
        _("Follow-up"), required=False, help_text=_("Control date, medicines, referral back to the Puskesmas")
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["status", "condition", "day", "clock", "death_clock", "next_step", "follow_up"])

    def clean(self):
        data = super().clean()
        died = data.get("status") == DischargeStatus.DECEASED
        if died and not data.get("death_clock"):
            self.add_error("death_clock", _("Write the time of death."))
        if "status" in data and not died and not data.get("condition"):
            self.add_error("condition", _("Choose: %(label)s") % {"label": self.fields["condition"].label})
        if data.get("status") == DischargeStatus.REFERRED and data.get("next_step") != FollowUp.REFERRED:
            data["next_step"] = FollowUp.REFERRED
        return data

    def death_time(self):
        """The moment of death, or None."""
        if self.cleaned_data["status"] != DischargeStatus.DECEASED:
            return None
        day, clock = self.cleaned_data["day"], self.cleaned_data["death_clock"]
        return datetime.datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())


class ResumeForm(KsbForm):
    """Everything may be left open until the summary is completed."""

    complaint = long_text(_("Reason of admission and history"), required=False)
    findings = long_text(_("Physical findings"), required=False)
    results = long_text(_("Laboratory and other results"), rows=2, required=False)
    diagnosis = CodeField(label=_("Main diagnosis"), required=False)
    other_diagnoses = CodesField(
        model=Diagnosis, label=_("Further diagnoses"), help_text=_("ICD-10 codes, with spaces between them")
    )
    procedures = CodesField(
        model=Procedure, label=_("Procedures"), help_text=_("ICD-9-CM codes, with spaces between them")
    )
    therapy = long_text(_("Treatment at the hospital"), required=False)
    medicines = long_text(_("Medicines on leaving"), rows=2, required=False)
    advice = long_text(_("Advice"), rows=2, required=False)
    doctor_name = DoctorField(required=False)

    def __init__(self, *args, hospital, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["diagnosis"].offer()
        self.fields["doctor_name"].offer(hospital, on)


class ClinicForm(KsbForm):
    """A clinic of the hospital and the doctor who writes."""

    specialty = forms.ModelChoiceField(label=_("Clinic"), queryset=Specialty.objects.none(), empty_label=_("Choose"))
    doctor_name = DoctorField()

    def __init__(self, *args, hospital, on, **kwargs):
        super().__init__(*args, **kwargs)
        own = hospital.specialties.order_by("name_id")
        self.fields["specialty"].queryset = own if own.exists() else Specialty.objects.order_by("name_id")
        self.fields["doctor_name"].offer(hospital, on)


class ControlForm(ClinicForm):
    control_on = DayField(label=_("Control date"))
    reason = long_text(
        _("Why not referred back to the Puskesmas yet"), help_text=_("For example: the dose is not settled yet")
    )

    field_order = ["control_on", "specialty", "doctor_name", "reason"]


class InternalReferralForm(ClinicForm):
    question = long_text(_("Question to the other clinic"))


class BackReferralForm(KsbForm):
    puskesmas = forms.ModelChoiceField(
        label=_("To the Puskesmas"), queryset=Facility.objects.puskesmas().order_by("name"), empty_label=_("Choose")
    )
    diagnosis = CodeField(label=_("Main diagnosis"))
    other_diagnoses = CodesField(
        model=Diagnosis, label=_("Further diagnoses"), help_text=_("ICD-10 codes, with spaces between them")
    )
    procedures = CodesField(
        model=Procedure, label=_("Procedures"), help_text=_("ICD-9-CM codes, with spaces between them")
    )
    condition = long_text(_("Condition"), rows=2)
    therapy = long_text(_("Treatment to go on with"), rows=2)
    medicines = MedicinesField()
    due_on = DayField(label=_("Next visit to the Puskesmas"), required=False)
    warning_signs = long_text(_("Warning signs"), rows=2, help_text=_("When the patient must come back at once"))
    advice = long_text(_("Advice"), rows=2, required=False)
    programme = forms.ChoiceField(
        label=_("Chronic disease programme"), choices=[("", _("None")), *Programme.choices], required=False
    )
    doctor_name = DoctorField()

    def __init__(self, *args, hospital, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["diagnosis"].offer()
        self.fields["doctor_name"].offer(hospital, on)

    def clean_due_on(self):
        due_on = self.cleaned_data["due_on"]
        if due_on and due_on < self.on:
            raise ValidationError(_("This date is over. Write the next visit."))
        return due_on
