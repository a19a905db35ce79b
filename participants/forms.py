"""The forms of the registration counter, the approver and the residents' page."""

import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel
from facilities.models import Region
from ksb.core.forms import IDENTITY_LENGTH, BirthDateField, DayField, IdentityField, KkField, KsbForm, NikField
from participants.enums import EnrolmentReason as R
from participants.enums import JknAnswer, TicketKind, TicketOutcome
from participants.models import Resident

WITHOUT_MEMORY = {"autocomplete": "off", "spellcheck": "false"}
CARD_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9./-]{0,19}")
PHONE = re.compile(r"(\+?62|0)[0-9]{7,13}")

REASONS = {
    "send_back": (R.DOCUMENTS_MISSING, R.DOCUMENTS_DIFFER, R.REGISTRY_FAULT, R.NOT_LIVING_HERE),
    "reject": (R.COVERED_BY_JKN, R.NOT_LIVING_HERE, R.FALSE_STATEMENT, R.DOCUMENTS_MISSING, R.OWN_REQUEST),
    "suspend": (R.SANCTION, R.FALSE_STATEMENT, R.NOT_LIVING_HERE),
    "end": (R.MOVED_OUT, R.KK_MERGED, R.KK_DELETED, R.ALL_DECEASED, R.SANCTION, R.OWN_REQUEST, R.PROGRAMME_ENDED),
}


class FamilyNumberField(forms.CharField):
    """A KK number, a NIK or a card number in any spacing. ``clean`` returns 16 digits or the card number in capitals."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("No. KK, NIK or card number"))
        kwargs.setdefault("help_text", _("16 digits of the family card or a KTP, or the number on the Kartu Sehat"))
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs.update({"autocomplete": "off", "spellcheck": "false", "class": "k-input k-w16"})

    def to_python(self, value):
        typed = super().to_python(value)
        digits = IdentityField(required=False).to_python(typed)
        return digits if digits.isdigit() else re.sub(r"\s", "", typed).upper()

    def validate(self, value):
        super().validate(value)
        if not value:
            return
        # Up to ten digits may be a card of the legacy list; more are a KK or NIK with a digit too few or too many.
        if value.isdigit() and len(value) > 10 and len(value) != IDENTITY_LENGTH:
            raise ValidationError(
                _("A KK number and a NIK have 16 digits. You typed %(typed)d."),
                code="wrong_length",
                params={"typed": len(value)},
            )
        if not CARD_NUMBER.fullmatch(value):
            raise ValidationError(
                _("Write 16 digits, or the card number as it is printed, for example KS2600000001."), code="invalid"
            )


class FindFamilyForm(KsbForm):
    number = FamilyNumberField()


class FindPeopleForm(KsbForm):
    """How a name begins, and one thing more. ``after`` is the last person of the page before."""

    name = forms.CharField(label=_("How the name begins"), max_length=120, widget=forms.TextInput(attrs=WITHOUT_MEMORY))
    birth_date = BirthDateField(required=False)
    kelurahan = forms.ModelChoiceField(
        label="Kelurahan",
        queryset=Region.objects.filter(level=RegionLevel.KELURAHAN).order_by("name", "code"),
        required=False,
        empty_label=_("All"),
    )
    after = forms.ModelChoiceField(queryset=Resident.objects.all(), required=False, widget=forms.HiddenInput)


class PhoneField(forms.CharField):
    """An Indonesian telephone number; ``clean`` returns digits, with +62 written as 0."""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 30)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "tel", "autocomplete": "off", "class": "k-input k-w16"})

    def to_python(self, value):
        number = re.sub(r"[\s().-]", "", super().to_python(value))
        if number and not PHONE.fullmatch(number):
            raise ValidationError(
                _("This is not a telephone number. Write it like 0812 3456 7890 or +62 812 3456 7890."), code="invalid"
            )
        return re.sub(r"^\+?62", "0", number)


class StatementField(forms.CharField):
    """What the family says against a rejection."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Why is the rejection wrong?"))
        kwargs.setdefault(
            "help_text", _("In the family's own words: what was overlooked or has changed. No illnesses.")
        )
        kwargs.setdefault("max_length", 500)
        kwargs.setdefault("widget", forms.Textarea(attrs={"rows": 4}))
        super().__init__(**kwargs)


class ApplicationForm(KsbForm):
    """What the officer has seen, how the family is reached, and that it agreed. Everything else the registry knows."""

    kk = forms.BooleanField(label=_("The family card (KK), original or legalised copy, was seen"))
    ktp = forms.BooleanField(label=_("The KTP-el of the applicant was seen"))
    identity = forms.BooleanField(label=_("Name, NIK and face belong to the person at the counter"))
    adults = forms.BooleanField(label=_("The KTP-el of the other adults were seen"), required=False)
    phone = PhoneField(label=_("Telephone"), help_text=_("Where the family is told of the decision"))
    consent = forms.BooleanField(
        label=_("The family read, or was read, the notice on personal data below and agrees"),
    )

    def documents(self):
        """The checklist as it is kept with the application."""
        return {name: value for name, value in self.cleaned_data.items() if name not in ("phone", "statement")}


class CounterAppealForm(ApplicationForm):
    """The same for a family that objects to a rejection at the counter."""

    statement = StatementField()


class ApprovalForm(KsbForm):
    checked = forms.BooleanField(label=_("I have read the comparison and what the registry says on this page"))


class ReasonForm(KsbForm):
    """Why, as a code for the statistics and as a sentence for the family."""

    reason_code = forms.ChoiceField(label=_("Reason"), widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Explanation"),
        help_text=_("One or two sentences that the family understands. They stand in the letter."),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, move, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [(code.value, code.label) for code in REASONS[move]]


class ResidentForm(KsbForm):
    """What a family knows of itself: the number of its KK, one member's NIK, that member's date of birth."""

    kk_number = KkField()
    nik = NikField(help_text=_("16 digits on the KTP or the family card of one member of the family"))
    birth_date = BirthDateField(label=_("Date of birth of this member"))


class OnlineForm(KsbForm):
    """A NIK to ask Dukcapil for."""

    nik = NikField()


class TicketForm(KsbForm):
    """What is wrong in the registry, as a kind for the statistics and in words for Disdukcapil."""

    kind = forms.ChoiceField(
        label=_("What is wrong?"),
        choices=[(kind.value, kind.label) for kind in TicketKind if kind != TicketKind.FILE_LINE],
        widget=forms.RadioSelect,
    )
    text = forms.CharField(
        label=_("What is wrong, and what is right?"),
        help_text=_("Name the document that shows it. Disdukcapil reads this text."),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class FamilyTicketForm(TicketForm):
    """The same about one member of a family, or about the family card."""

    field_order = ("resident", "kind", "text")

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in members}
        choices = [(key, f"{person.name}, {person.get_relation_display()}") for key, person in self.people.items()]
        self.fields["resident"] = forms.ChoiceField(
            label=_("About whom?"),
            choices=[*choices, ("FAMILY", _("the family card as a whole"))],
            widget=forms.RadioSelect,
        )
        self.order_fields(self.field_order)

    def clean_resident(self):
        return self.people.get(self.cleaned_data["resident"])


class LineTicketForm(KsbForm):
    """About one line of an exchange file that was not taken."""

    line_number = forms.IntegerField(
        label=_("Line"), min_value=1, max_value=2_000_000_000, widget=forms.TextInput(attrs={"inputmode": "numeric"})
    )
    text = forms.CharField(
        label=_("What should Disdukcapil look at?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class AnswerForm(KsbForm):
    text = forms.CharField(
        label=_("What did Disdukcapil answer?"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class CloseForm(KsbForm):
    outcome = forms.ChoiceField(label=_("Why is it closed?"), choices=TicketOutcome.choices, widget=forms.RadioSelect)


LIFTED_RULES = (
    ("C02", _("not in the registry any more")),
    ("C03", _("recorded as deceased")),
    ("C04", _("double or inactive NIK")),
    ("C05", _("not registered in Kota Bekasi")),
    ("C07", _("waiting period after moving in")),
    ("C10", _("KTP-el not recorded")),
    ("C11", _("not on the family card (KK) shown")),
)


class OverrideForm(KsbForm):
    """Which rules are lifted for one person, why, on what evidence, and until when."""

    rules = forms.MultipleChoiceField(
        label=_("What is lifted?"), choices=LIFTED_RULES, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 2}))
    evidence = forms.CharField(
        label=_("Evidence seen"),
        help_text=_("Kind, number and date of the document, for example a letter of Disdukcapil"),
        max_length=255,
    )
    valid_until = DayField(label=_("Last day"), help_text=_("Thirty days from today at most"))


class RefusalForm(KsbForm):
    """Why an exchange file is not to be applied."""

    reason = forms.CharField(
        label=_("Why is the file refused?"),
        help_text=_("The office that sent it reads this sentence."),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ChildForm(KsbForm):
    """Which person of the registry a newborn is: a candidate's button, or the NIK of somebody else."""

    candidate = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    nik = NikField(label=_("NIK of the child"), required=False)

    def clean(self):
        data = super().clean()
        if not (data.get("candidate") or data.get("nik") or self.errors):
            self.add_error("nik", _("Write the NIK of the child, or choose one of the candidates."))
        return data


class WhyForm(KsbForm):
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class InsuranceForm(KsbForm):
    """Other insurance of one member, as the family declares it."""

    member = forms.ChoiceField(label=_("Who is insured"), widget=forms.RadioSelect)
    insurer = forms.CharField(
        label=_("Insurer"), help_text=_("Name of the insurance or of the employer who pays"), max_length=60
    )
    since = DayField(label=_("Insured since"), latest=timezone.localdate)
    until = DayField(
        label=_("Insured until"),
        help_text=_("The last day. Leave it empty as long as the insurance runs."),
        required=False,
    )

    def __init__(self, *args, members, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in members}
        self.fields["member"].choices = [
            (key, f"{person.name}, {person.get_relation_display()}") for key, person in self.people.items()
        ]

    def clean_member(self):
        return self.people[self.cleaned_data["member"]]

    def clean(self):
        since, until = self.cleaned_data.get("since"), self.cleaned_data.get("until")
        if since and until and until < since:
            self.add_error("until", _("The last day lies before the first. Correct one of the two."))
        return self.cleaned_data


class JknAnswerForm(KsbForm):
    """The reviewer's answer: a button, with the candidate it belongs to, or the NIK of somebody else."""

    answer = forms.ChoiceField(choices=JknAnswer, widget=forms.HiddenInput)
    resident = forms.IntegerField(required=False, min_value=1, max_value=2**63 - 1, widget=forms.HiddenInput)
    nik = NikField(label=_("NIK of the person"), required=False)
