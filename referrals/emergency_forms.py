"""What the desk fills in about an emergency, and the officer about a notice."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.fields import DoctorField
from facilities.models import Facility, Specialty
from ksb.core import formats, uploads
from ksb.core.forms import DayField, KsbForm, NikField, RupiahField
from participants.eligibility import EmergencyCriterion
from participants.enums import Sex
from referrals.emergency import elsewhere
from referrals.enums import EmergencyCause, IdentityCheck, NoticeState, PaperKind
from referrals.finding import NIK, REGISTER, understand
from referrals.forms import MomentForm
from referrals.models.emergency import EMERGENCY_SERVICES
from referrals.newborn_forms import DiagnosisCodeField

OLDEST = 130  # years
LATEST_ANSWER_DAYS = 14


class NikForm(KsbForm):
    """Who came, where a KTP-el was found on them."""

    nik = NikField()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["nik"].widget.attrs["autofocus"] = True


def _area(label, *, rows=3, limit=4000, **kwargs):
    return forms.CharField(label=label, max_length=limit, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


def _radios(label, choices, **kwargs):
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect, **kwargs)


def _clock(label, **kwargs):
    return forms.TimeField(
        label=label,
        input_formats=["%H.%M", "%H:%M", "%H%M"],
        error_messages={"invalid": _("Write hours and minutes, for example 09.30.")},
        widget=forms.TimeInput(
            format="%H.%M", attrs={"inputmode": "decimal", "autocomplete": "off", "class": "k-input k-w10"}
        ),
        **kwargs,
    )


class CaseFields(KsbForm):
    """What the doctor in charge states; the hospital may correct it when the officer asks."""

    criterion = _radios(_("Emergency criterion (Permenkes 47/2018)"), EmergencyCriterion.choices)
    diagnosis = DiagnosisCodeField(label=_("Working diagnosis (ICD-10)"), help_text=_("Code such as S06.9 or I63.9"))
    findings = _area(
        _("Findings"),
        help_text=_("Consciousness (GCS), blood pressure, pulse, breathing, saturation; what was done at once"),
    )
    statement = _area(
        _("Statement of the doctor in charge"), rows=2, help_text=_("Why this could not wait for a referral")
    )
    doctor_name = DoctorField()
    room = forms.CharField(label=_("Room"), max_length=60, help_text=_("For example IGD, ICU, Melati 3"))


class ReportForm(CaseFields, MomentForm):
    """A whole report. ``known``: the patient stands there by NIK; otherwise they are described."""

    stated_name = forms.CharField(
        label=_("Name as told"), max_length=120, required=False, help_text=_("If companions say one")
    )
    sex = forms.TypedChoiceField(label=_("Sex"), choices=Sex, coerce=int, widget=forms.RadioSelect)
    age = forms.IntegerField(label=_("Age, about (years)"), min_value=0, max_value=OLDEST)
    marks = _area(
        _("How to recognise the patient"),
        help_text=_("Clothes, scars, tattoos, belongings; where and by whom the patient was found"),
    )
    identity_check = _radios(_("How was the patient's identity checked?"), IdentityCheck.choices)
    medical_record = forms.CharField(label=_("Medical record number"), max_length=20)
    service = _radios(_("Where is the patient cared for?"), [(s.value, s.label) for s in EMERGENCY_SERVICES])
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.order_by("name_id"), empty_label=_("Choose")
    )
    dead_on_arrival = forms.BooleanField(label=_("The patient was dead on arrival"), required=False)
    left_day = DayField(
        label=_("Left already: date"),
        required=False,
        latest=timezone.localdate,
        help_text=_("Only when the patient has gone home, was referred or has died"),
    )
    left_clock = _clock(_("Left already: time"), required=False)
    cause = _radios(_("Cause"), EmergencyCause.choices, initial=EmergencyCause.ILLNESS)
    police_report = forms.CharField(
        label=_("Number of the police report (LP)"),
        max_length=60,
        required=False,
        help_text=_("After an accident or a crime; it can follow"),
    )
    late_reason = forms.CharField(
        label=_("Why so late"),
        max_length=255,
        required=False,
        help_text=_("Only when the time for the report is over; Dinkes then decides on a special permit"),
    )

    DESCRIPTION = ("stated_name", "sex", "age", "marks")
    STAY = (
        "day",
        "clock",
        "medical_record",
        "service",
        "room",
        "specialty",
        "dead_on_arrival",
        "left_day",
        "left_clock",
    )
    CASE = ("criterion", "diagnosis", "findings", "statement", "doctor_name")
    ORIGIN = ("cause", "police_report", "late_reason")

    def __init__(self, *args, known, hospital, **kwargs):
        kwargs["initial"] = {"specialty": "IGD", **kwargs.get("initial", {})}
        super().__init__(*args, **kwargs)
        self.fields["day"].label, self.fields["clock"].label = _("Date of arrival"), _("Time of arrival")
        for name in self.DESCRIPTION if known else ("identity_check",):
            del self.fields[name]
        if hospital is not None:
            self.fields["doctor_name"].offer(hospital, timezone.localdate(self.now))
        who = ("identity_check",) if known else self.DESCRIPTION
        self.groups = (
            (_("Patient"), [self[name] for name in who]),
            (_("Arrival and care"), [self[name] for name in self.STAY]),
            (_("Why it is an emergency"), [self[name] for name in self.CASE]),
            (_("Cause and time of the report"), [self[name] for name in self.ORIGIN]),
        )

    @property
    def columns(self):
        """The groups side by side on a wide screen: who, where and when; then why and how it came."""
        return self.groups[:-2], self.groups[-2:]

    def departure(self):
        """When the patient left, or None."""
        day, clock = self.cleaned_data.get("left_day"), self.cleaned_data.get("left_clock")
        if not day:
            return None
        typed = datetime.datetime.combine(day, clock, tzinfo=timezone.get_default_timezone())
        return min(typed, self.now) if typed - self.now < datetime.timedelta(minutes=1) else typed

    def clean(self):
        data = super().clean()
        day, clock = data.get("left_day"), data.get("left_clock")
        if bool(day) != (clock is not None) and not {"left_day", "left_clock"} & set(self.errors):
            raise ValidationError({"left_clock" if day else "left_day": _("Write date and time, or neither.")})
        whole = day and clock is not None and not {"day", "clock"} & set(self.errors)
        if whole and not self.moment() <= self.departure() <= self.now:
            raise ValidationError({"left_clock": _("The patient left after the arrival and not in the future.")})
        if data.get("dead_on_arrival") and data.get("service") not in ("EMERGENCY", None):
            raise ValidationError({"service": _("Who was dead on arrival was not taken into a ward.")})
        return data

    def facts(self):
        """Fields of an EmergencyNotice as typed."""
        apart = ("day", "clock", "left_day", "left_clock")
        facts = {name: value for name, value in self.cleaned_data.items() if name not in apart}
        return facts | {"admitted_at": self.moment(), "departure": self.departure()}

    def told(self):
        """Everything once more in words: ``[(group, [(label, value)])]``."""
        return [(title, [(field.label, self._word(field)) for field in fields]) for title, fields in self.groups]

    def _word(self, bound):
        value = self.cleaned_data.get(bound.name)
        if isinstance(value, bool):
            return _("yes") if value else _("no")
        if isinstance(value, datetime.date):
            return formats.day(value)
        if isinstance(value, datetime.time):
            return f"{value:%H.%M}"
        if bound.name == "diagnosis":
            return f"{value.code} {value.alias or value.title}"
        choices = dict(getattr(bound.field, "choices", ()) if isinstance(bound.field, forms.ChoiceField) else ())
        return choices.get(value, value)


class ElsewhereForm(ReportForm):
    """A report for a hospital without an account, which is chosen or, where nobody has heard of it, written down."""

    hospital = forms.ModelChoiceField(
        label=_("Hospital"),
        queryset=Facility.objects.none(),
        required=False,
        empty_label=_("Not on the list: write its name below"),
        help_text=_("Hospitals that have an account report themselves and are not listed."),
    )
    hospital_name = forms.CharField(label=_("Name of the hospital"), max_length=120, required=False)
    hospital_address = forms.CharField(
        label=_("Address of the hospital"), max_length=255, required=False, help_text=_("Street and city")
    )
    informant = forms.CharField(
        label=_("Who tells of it"),
        max_length=120,
        help_text=_("Name, relation to the patient or post at the hospital, telephone"),
    )

    WHERE = ("informant", "hospital", "hospital_name", "hospital_address")

    def __init__(self, *args, known, **kwargs):
        super().__init__(*args, known=known, hospital=None, **kwargs)
        self.fields["hospital"].queryset = elsewhere.without_account(on=timezone.localdate(self.now))
        self.groups = ((_("Where, and who tells of it"), [self[name] for name in self.WHERE]), *self.groups)

    def clean(self):
        data = super().clean()
        if bool(data.get("hospital")) == bool(data.get("hospital_name")) and "hospital" not in self.errors:
            self.add_error("hospital", _("Choose the hospital, or write its name, not both."))
        elif data.get("hospital_name") and not data.get("hospital_address"):
            self.add_error("hospital_address", _("Write where the hospital is."))
        return data

    def facts(self):
        """Fields of an EmergencyNotice as typed; the hospital apart."""
        facts = super().facts()
        return {name: value for name, value in facts.items() if not name.startswith("hospital")}


class AnswerForm(CaseFields):
    """The hospital's answer, with the statement as it stands for correction."""

    text = _area(_("Answer"), rows=3)

    def __init__(self, *args, hospital, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["text"])
        self.fields["doctor_name"].offer(hospital, on)


class QuestionForm(KsbForm):
    """What the officer misses, and until when."""

    question = _area(_("What is missing"), limit=500)
    until_day = DayField(label=_("To be answered by: date"), earliest=datetime.date(2017, 1, 1))
    until_clock = _clock(_("To be answered by: time"))

    def __init__(self, *args, now, **kwargs):
        tomorrow = timezone.localtime(now + datetime.timedelta(days=1))
        kwargs["initial"] = {"until_day": tomorrow.date(), "until_clock": tomorrow.time()}
        super().__init__(*args, **kwargs)
        self.now = now

    def until(self):
        """The moment the notice waits for."""
        typed = self.cleaned_data["until_day"], self.cleaned_data["until_clock"]
        return datetime.datetime.combine(*typed, tzinfo=timezone.get_default_timezone())

    def clean(self):
        data = super().clean()
        if "until_day" in data and "until_clock" in data:
            latest = self.now + datetime.timedelta(days=LATEST_ANSWER_DAYS)
            if not self.now < self.until() <= latest:
                raise ValidationError(
                    {"until_day": _("Give between an hour and %(days)d days.") % {"days": LATEST_ANSWER_DAYS}}
                )
        return data


class DeclineForm(KsbForm):
    """Why there is no guarantee. ``steps`` are the ways this notice may be declined."""

    step = _radios(_("Why"), ())
    reason = _area(_("Reason, for the hospital and the patient"), limit=500)

    def __init__(self, *args, steps, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(move.name, NoticeState(move.target).label.capitalize()) for move in steps]
        if len(steps) == 1:
            self.initial["step"] = steps[0].name


class PermitForm(KsbForm):
    """The special permit of a late report."""

    reason = _area(_("Reason of the special permit"), limit=500)


class IdentifyForm(KsbForm):
    """Who the unknown patient turned out to be."""

    nik = forms.CharField(
        label=_("NIK, or number of the register of special covers"),
        max_length=60,
        help_text=_("Somebody without NIK needs a recommendation of Dinsos, which Dinkes enters: 000012/KHS/XI/2026"),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "class": "k-input"}),
    )
    identity_check = _radios(_("How was the patient's identity checked?"), IdentityCheck.choices)

    def clean_nik(self):
        typed = understand(self.cleaned_data["nik"])
        if typed.kind not in (NIK, REGISTER):
            raise ValidationError(_("Write the NIK of the patient, or the number of the register."), code="unknown")
        return typed


class PayerForm(KsbForm):
    """What the first payer said."""

    police_report = forms.CharField(label=_("Number of the police report (LP)"), max_length=60, required=False)
    payer_letter = forms.CharField(label=_("Number of the first payer's letter"), max_length=60, required=False)
    payer_amount = RupiahField(
        label=_("Borne by the first payer (rupiah)"), required=False, help_text=_("Its ceiling, or what it has paid")
    )
    unpaid_elsewhere = forms.BooleanField(label=_("The letter says that it pays nothing"), required=False)

    def clean(self):
        data = super().clean()
        if data.get("unpaid_elsewhere") and not data.get("payer_letter"):
            self.add_error("payer_letter", _("Write the number of the letter that proves it."))
        if data.get("unpaid_elsewhere") and data.get("payer_amount"):
            self.add_error("payer_amount", _("Whoever pays nothing bears no amount."))
        return data


class PaperForm(KsbForm):
    """A scan that follows."""

    kind = forms.ChoiceField(label=_("What does it show?"), choices=PaperKind.choices)
    file = forms.FileField(
        label=_("Photo or PDF"),
        help_text=_("JPEG, PNG or PDF, at most 10 MB. All four corners and every line can be read."),
        widget=forms.FileInput(attrs={"accept": uploads.ACCEPTED, "class": "k-file"}),
    )
