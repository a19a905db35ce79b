"""Forms around an application: comparing it, visiting the family, adding scans; and the family's own pages on line."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ksb.core import uploads
from ksb.core.formats import without_identities
from ksb.core.forms import DayField, KsbForm
from participants.enums import Difference, DocumentKind, FamilyDifference, SignalOutcome, TicketKind
from participants.field_checks import NO, QUESTIONS, UNKNOWN, YES
from participants.forms import PhoneField, StatementField

ANSWERS = ((YES, _("yes")), (NO, _("no")), (UNKNOWN, _("not known")))
SCANS = (DocumentKind.KK, DocumentKind.KTP, DocumentKind.OTHER)

CORRECTABLE = (
    *(TicketKind.NAME, TicketKind.BIRTH, TicketKind.SEX, TicketKind.FAMILY),
    *(TicketKind.ADDRESS, TicketKind.EKTP, TicketKind.LIFE, TicketKind.NIK),
)


def _ticks(choices, label):
    return forms.MultipleChoiceField(label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple)


class ScanField(forms.FileField):
    """A photo or PDF. What it really is, is judged by ``ksb.core.uploads``."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Photo or PDF"))
        kwargs.setdefault(
            "help_text", _("JPEG, PNG or PDF, at most 10 MB. All four corners and every line can be read.")
        )
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": uploads.ACCEPTED, "class": "k-file"}))
        super().__init__(**kwargs)


class ScanForm(KsbForm):
    """A scan that belongs to an application, added by staff."""

    kind = forms.ChoiceField(label=_("What does it show?"), choices=[(k.value, k.label) for k in SCANS])
    file = ScanField()


class ComparisonForm(KsbForm):
    """What differs between the scans and the registry, member by member. A difference passes only with a note."""

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.members = {f"member_{member.resident.pk}": member for member in members}
        for name, member in self.members.items():
            label = _("Differs for %(name)s") % {"name": member.resident.name}
            self.fields[name] = _ticks(Difference.choices, label)
        self.fields["family"] = _ticks(FamilyDifference.choices, _("Differs for the family card"))
        self.fields["note"] = forms.CharField(
            label=_("How the differences were settled"),
            help_text=_("Needed when something differs and the application is passed on all the same"),
            required=False,
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 3}),
        )

    def rows(self):
        """Each member with the field for what differs."""
        return [(member, self[name]) for name, member in self.members.items()]

    def clean(self):
        found = super().clean()
        if "pass" in self.data and self.differences() and not found.get("note"):
            raise ValidationError(
                _("Something differs. Write how it was settled, or send the application back."), code="unsettled"
            )
        return found

    def differences(self):
        """``[(whom, difference label)]`` in the order of the page; ``whom`` is a name or empty for the family card."""
        found = [
            (member.resident.name, Difference(code).label)
            for name, member in self.members.items()
            for code in self.cleaned_data.get(name, ())
        ]
        return found + [("", FamilyDifference(code).label) for code in self.cleaned_data.get("family", ())]

    def findings(self):
        """Plain data as it is kept with the application; people by their key, never by a number."""
        people = {str(m.resident.pk): self.cleaned_data[n] for n, m in self.members.items() if self.cleaned_data[n]}
        return {"members": people, "family": self.cleaned_data["family"], "note": self.cleaned_data["note"].strip()}


class FieldCheckForm(KsbForm):
    """What the visitor saw. Unknown is an honest answer and counts for nothing."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, (text, _weight) in QUESTIONS.items():
            self.fields[name] = forms.ChoiceField(label=text, choices=ANSWERS, widget=forms.RadioSelect)
        self.fields["lives_here"] = forms.TypedChoiceField(
            label=_("In one sentence: does the family live here?"),
            choices=((YES, _("yes, it lives here")), (NO, _("no, it does not"))),
            coerce=lambda value: value == YES,
            widget=forms.RadioSelect,
        )
        self.fields["visited_on"] = DayField(label=_("Day of the visit"), latest=timezone.localdate)
        self.fields["note"] = forms.CharField(
            label=_("What was seen"),
            help_text=_("Who was met, what neighbours said. No illness, no opinion."),
            max_length=500,
            widget=forms.Textarea(attrs={"rows": 4}),
        )
        self.fields["photo"] = ScanField(label=_("Photo of the house"), required=False)
        for name, label, limit in (("latitude", _("Latitude"), 90), ("longitude", _("Longitude"), 180)):
            self.fields[name] = forms.DecimalField(
                label=label,
                required=False,
                min_value=-limit,
                max_value=limit,
                max_digits=8,
                decimal_places=5,
                help_text=_("From the telephone's map, for example -6.23489 and 106.99234"),
                widget=forms.TextInput(attrs={"inputmode": "decimal", "class": "k-input k-w10"}),
            )

    def clean(self):
        found = super().clean()
        if (found.get("latitude") is None) != (found.get("longitude") is None) and not self.errors:
            raise ValidationError(_("Write both latitude and longitude, or neither."), code="half_a_place")
        return found

    def answers(self):
        return {name: self.cleaned_data[name] for name in QUESTIONS}


class BeginForm(KsbForm):
    """The first page of a family that applies by itself."""

    consent = forms.BooleanField(label=_("I have read the notice on personal data and agree for my family"))
    phone = PhoneField(label=_("Telephone"), help_text=_("Where we tell you of the decision"))
    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        max_length=120,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "class": "k-input"}),
    )


class AppealForm(BeginForm):
    """The same for a family that objects to a rejection."""

    statement = StatementField()
    field_order = ("statement", "consent", "phone", "email")


class PhotoForm(KsbForm):
    """One photo a page. Which document it shows is fixed by the page."""

    kind = forms.ChoiceField(choices=[(k.value, k.label) for k in SCANS], widget=forms.HiddenInput)
    file = ScanField(label=_("Take or choose a photo"))


class LostCardForm(KsbForm):
    """The family itself says that its card is lost."""

    lost = forms.BooleanField(
        label=_("Our card is lost. Block its number; it cannot be used any more even if we find it")
    )
    police_letter = forms.CharField(
        label=_("Number of the police report"),
        help_text=_("Only if you have one; it is not needed"),
        required=False,
        max_length=40,
    )


class CorrectionForm(KsbForm):
    """What the registry has wrong about a member of the own family."""

    member = forms.ChoiceField(label=_("Whose data are wrong?"), widget=forms.RadioSelect)
    kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[(kind.value, capfirst(kind.label)) for kind in CORRECTABLE],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is written on your document?"),
        help_text=_("Only what is wrong and what is right, for example: born 17-08-1985, not 17-08-1958. No NIK."),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person, _shown in members}
        self.fields["member"].choices = [(str(person.pk), shown) for person, shown in members]

    def clean_member(self):
        return self.people[self.cleaned_data["member"]]

    def clean_text(self):
        return without_identities(self.cleaned_data["text"])


class JudgementForm(KsbForm):
    """What a person found out about a signal."""

    outcome = forms.ChoiceField(label=_("What was found out?"), choices=SignalOutcome.choices, widget=forms.RadioSelect)
    note = forms.CharField(label=_("How was it found out?"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))


class ReportForm(KsbForm):
    """What somebody reported about a broker."""

    text = forms.CharField(
        label=_("What was reported?"),
        help_text=_("Who offered what to whom, when, for how much. No illness, no NIK."),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
