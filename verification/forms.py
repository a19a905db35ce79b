from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility, User
from ksb.core.errors import Refused
from ksb.core.forms import DayField, KsbForm, RupiahField
from ksb.core.letters import PAPER_LANGUAGE
from verification import granting
from verification.decisions import SILENT
from verification.enums import AppointmentKind, Outcome, Reason, Ruling, Wanted
from verification.granting import Grant

NO_CHOICE = [("", "—")]


class LinesMixin:
    """What is granted of each line: quantity and price, prefilled with ``start(line)``; a sum has a price only.

    Forms with it have ``lines``. An emptied field is refused where the lines count: nothing is granted by leaving it out.
    """

    def add_lines(self, start, *, reasons):
        for line in self.lines:
            quantity, price = start(line)
            if line.unit_price is not None:
                self.fields[f"quantity_{line.pk}"] = forms.IntegerField(
                    label=_("Quantity"),
                    initial=quantity,
                    required=False,
                    min_value=0,
                    widget=forms.TextInput(attrs={"inputmode": "numeric", "class": "k-input k-w10 k-num"}),
                )
            self.fields[f"price_{line.pk}"] = RupiahField(label=_("Price, Rp"), initial=price, required=False)
            if reasons:
                self.fields[f"why_{line.pk}"] = forms.ChoiceField(
                    label=_("Why less"), choices=NO_CHOICE + Reason.choices, required=False
                )

    @property
    def parts(self):
        """``[(line, bound fields)]`` for the page."""
        names = ("quantity", "price", "why")
        rows = [(line, [f"{name}_{line.pk}" for name in names]) for line in self.lines]
        return [(line, [self[name] for name in own if name in self.fields]) for line, own in rows]

    def granted(self, line, reason="", code=""):
        """The Grant typed for ``line``."""
        units = []
        for name in ("quantity", "price"):
            field = self.fields.get(f"{name}_{line.pk}")
            typed = self.cleaned_data.get(f"{name}_{line.pk}")
            units.append(1 if field is None else field.initial if typed is None else typed)
        return Grant(*units, reason=reason, code=code)

    def check_lines(self):
        """Say beside its field what was left empty, or exceeds the asked quantity, price or sum."""
        for line in self.lines:
            own = [name for name in (f"quantity_{line.pk}", f"price_{line.pk}") if name in self.fields]
            for name in own:
                if self.cleaned_data.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Write 0 where nothing is granted."))
            name = f"quantity_{line.pk}" if line.unit_price is not None else f"price_{line.pk}"
            try:
                granting.check(line, self.granted(line))
            except Refused as refusal:
                self.add_error(name, refusal.message)


class DecisionForm(LinesMixin, KsbForm):
    """A decision on one claim, with quantity, price and reason per line for an approval in part.

    ``outcomes`` are those open to the reader: not every stage decides everything.
    """

    outcome = forms.ChoiceField(label=_("Decision"), widget=forms.RadioSelect)
    code = forms.ChoiceField(label=_("Reason"), choices=NO_CHOICE + Reason.choices, required=False)
    reason = forms.CharField(
        label=_("Explanation"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for every decision but a full approval; the hospital reads it."),
    )
    rule = forms.CharField(
        label=_("Rule or article"),
        required=False,
        max_length=200,
        help_text=_("What a rejection or an adjustment rests on; printed in its letter."),
    )
    wanted = forms.MultipleChoiceField(
        label=_("Documents asked for"),
        choices=Wanted.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only when the hospital is asked."),
    )

    def __init__(self, *args, lines, outcomes, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.fields["outcome"].choices = [(one.value, one.label) for one in outcomes]
        if Outcome.PEND not in outcomes:
            del self.fields["wanted"]
        if Outcome.ADJUST in outcomes:
            self.add_lines(lambda line: line.payable_units, reasons=True)

    @property
    def always(self):
        return [self[name] for name in ("outcome", "code", "reason")]

    @property
    def sometimes(self):
        """``[(label, fields)]`` that most decisions do not need: they stand folded."""
        groups = [(_("Documents to ask for"), [self["wanted"]])] if "wanted" in self.fields else []
        return [*groups, (_("Rule or article"), [self["rule"]])]

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome and outcome not in SILENT:
            if not cleaned.get("reason", "").strip():
                self.add_error("reason", _("Give the reason: the hospital must understand the decision."))
            if not cleaned.get("code"):
                cleaned["code"] = Reason.OTHER
        if outcome == Outcome.ADJUST:
            self.check_lines()
        return cleaned

    def decision(self):
        """Arguments of ``decisions.decide`` and ``read_second`` but claim, actor and moment."""
        values = {name: self.cleaned_data[name] for name in ("code", "reason", "rule")}
        if self.cleaned_data["outcome"] in SILENT:
            values["code"] = ""
        return {**values, "outcome": Outcome(self.cleaned_data["outcome"]), "lines": self._grants()}

    @property
    def asked_for(self):
        return self.cleaned_data.get("wanted", [])

    def _grants(self):
        """``{line pk: Grant}``. Hospitals read the reason in Indonesian."""
        grants = {}
        with translation.override(PAPER_LANGUAGE):
            for line in self.lines:
                why = self.cleaned_data.get(f"why_{line.pk}")
                words = str(Reason(why).label) if why else self.cleaned_data["reason"]
                grants[line.pk] = self.granted(line, words, why or self.cleaned_data["code"])
        return grants


class AssignForm(KsbForm):
    verifier = forms.ModelChoiceField(label=_("Verifier"), queryset=None, empty_label=None)

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verifier"].queryset = User.objects.filter(pk__in=[c.pk for c in candidates]).order_by("pk")


class ResolveForm(KsbForm):
    """The coordinator's choice between two readers."""

    takes = forms.ChoiceField(
        label=_("Decision"),
        choices=(("first", _("as the first reader")), ("second", _("as the second reader"))),
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(label=_("Reason"), widget=forms.Textarea(attrs={"rows": 3}))


class AppointForm(KsbForm):
    kind = forms.ChoiceField(label=_("Kind"), choices=AppointmentKind.choices, widget=forms.RadioSelect)
    decree = forms.CharField(label=_("Number of the decree"), max_length=120)
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until, the last day"))

    def clean(self):
        return _checked_period(self, super().clean())

    @property
    def period(self):
        return DateRange(self.cleaned_data["starts"], self.cleaned_data["ends"], "[]")


class ConflictForm(KsbForm):
    hospital = forms.ModelChoiceField(label=_("Hospital"), queryset=None)
    reason = forms.CharField(
        label=_("Reason"), max_length=255, help_text=_("Former work, family, ownership, money; in one sentence.")
    )
    declared_on = DayField(label=_("Declared by the verifier on"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = Facility.objects.filter(kind="HOSPITAL").order_by("name")


class AbsenceForm(KsbForm):
    starts = DayField(label=_("From"))
    ends = DayField(label=_("Until, the last day"))
    reason = forms.CharField(label=_("Reason"), max_length=255)

    def clean(self):
        return _checked_period(self, super().clean())

    @property
    def period(self):
        return DateRange(self.cleaned_data["starts"], self.cleaned_data["ends"], "[]")


def _checked_period(form, cleaned):
    starts, ends = cleaned.get("starts"), cleaned.get("ends")
    if starts and ends and ends < starts:
        form.add_error("ends", _("The last day lies before the first."))
    return cleaned


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files in one field. ``clean`` returns a list."""

    widget = ManyFilesInput

    def clean(self, data, initial=None):
        return [super(ManyFilesField, self).clean(one, initial) for one in data or []]


class AnswerForm(KsbForm):
    """What a hospital says, with the files that show it."""

    text = forms.CharField(label=_("Your answer"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))
    files = ManyFilesField(
        label=_("Documents"), required=False, help_text=_("Photos (JPEG, PNG) or PDF, at most 10 MB each, at most 10.")
    )


class ArgumentForm(AnswerForm):
    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["text"].label = _("Why the decision is wrong")
        self.fields["text"].error_messages["required"] = _("Write your argument: why the decision is wrong.")


class PanelForm(KsbForm):
    doctor = forms.ModelChoiceField(label=_("Doctor"), queryset=None, empty_label=None)
    officer = forms.ModelChoiceField(label=_("Officer of Dinkes"), queryset=None, empty_label=None)

    def __init__(self, *args, doctors, officers, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["doctor"].queryset = User.objects.filter(pk__in=[p.pk for p in doctors]).order_by("pk")
        self.fields["officer"].queryset = User.objects.filter(pk__in=[p.pk for p in officers]).order_by("pk")


class RulingForm(LinesMixin, KsbForm):
    """The panel's ruling; quantities and prices only where the hospital is partly right."""

    ruling = forms.ChoiceField(label=_("Ruling"), choices=Ruling.choices, widget=forms.RadioSelect)
    grounds = forms.CharField(label=_("Grounds"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        self.add_lines(lambda line: line.approved_units or (line.asked_units[0], 0), reasons=False)

    @property
    def always(self):
        return [self["ruling"], self["grounds"]]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("ruling") == Ruling.UPHOLD_PART:
            self.check_lines()
        return cleaned

    def grants(self):
        return {line.pk: self.granted(line) for line in self.lines}


class ReasonForm(KsbForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
