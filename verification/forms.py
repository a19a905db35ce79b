from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import translation
from django.utils.translation import gettext_lazy as _

from facilities.models import Facility, User
from ksb.core.forms import DayField, KsbForm, RupiahField
from ksb.core.letters import PAPER_LANGUAGE
from verification.decisions import SILENT
from verification.enums import AppointmentKind, Outcome, Reason, Ruling, Wanted

NO_CHOICE = [("", "—")]


class DecisionForm(KsbForm):
    """A decision on one claim, with one amount and reason per line for an approval in part.

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
            self._add_lines()

    def _add_lines(self):
        for line in self.lines:
            part = {"part": line.get_kind_display(), "code": line.code}
            self.fields[f"line_{line.pk}"] = RupiahField(
                label=_("Approved: %(part)s %(code)s") % part,
                initial=line.payable,
                required=False,
                help_text=_("Only for an approval in part; at most the asked amount."),
            )
            self.fields[f"why_{line.pk}"] = forms.ChoiceField(
                label=_("Why less: %(part)s %(code)s") % part, choices=NO_CHOICE + Reason.choices, required=False
            )

    @property
    def always(self):
        return [self[name] for name in ("outcome", "code", "reason")]

    @property
    def sometimes(self):
        """``[(label, fields)]`` that most decisions do not need: they stand folded."""
        amounts = [self[name] for name in self.fields if name.startswith(("line_", "why_"))]
        groups = [(_("Amounts of an approval in part"), amounts), (_("Rule or article"), [self["rule"]])]
        if "wanted" in self.fields:
            groups.insert(1, (_("Documents to ask for"), [self["wanted"]]))
        return [(label, fields) for label, fields in groups if fields]

    def clean(self):
        cleaned = super().clean()
        outcome = cleaned.get("outcome")
        if outcome and outcome not in SILENT:
            if not cleaned.get("reason", "").strip():
                self.add_error("reason", _("Give the reason: the hospital must understand the decision."))
            if not cleaned.get("code"):
                cleaned["code"] = Reason.OTHER
        if outcome == Outcome.ADJUST:
            for line in self.lines:
                amount = cleaned.get(f"line_{line.pk}")
                if amount is not None and amount > line.payable:
                    self.add_error(f"line_{line.pk}", _("At most the asked amount can be approved."))
        return cleaned

    def decision(self):
        """Arguments of ``decisions.decide`` and ``read_second`` but claim, actor and moment."""
        values = {name: self.cleaned_data[name] for name in ("code", "reason", "rule")}
        if self.cleaned_data["outcome"] in SILENT:
            values["code"] = ""
        return {**values, "outcome": Outcome(self.cleaned_data["outcome"]), "lines": self._amounts()}

    @property
    def asked_for(self):
        return self.cleaned_data.get("wanted", [])

    def _amounts(self):
        """``{line pk: (approved, reason)}``; an empty field leaves the asked amount. Hospitals read the reason in Indonesian."""
        amounts = {}
        with translation.override(PAPER_LANGUAGE):
            for line in self.lines:
                amount = self.cleaned_data.get(f"line_{line.pk}")
                why = self.cleaned_data.get(f"why_{line.pk}")
                words = str(Reason(why).label) if why else self.cleaned_data["reason"]
                amounts[line.pk] = (line.payable if amount is None else amount, words)
        return amounts


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


class RulingForm(KsbForm):
    """The panel's ruling; amounts only where the hospital is partly right."""

    ruling = forms.ChoiceField(label=_("Ruling"), choices=Ruling.choices, widget=forms.RadioSelect)
    grounds = forms.CharField(label=_("Grounds"), max_length=4000, widget=forms.Textarea(attrs={"rows": 5}))

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"line_{line.pk}"] = RupiahField(
                label=_("Granted: %(part)s %(code)s") % {"part": line.get_kind_display(), "code": line.code},
                initial=line.approved or 0,
                required=False,
                help_text=_("Only where the hospital is partly right."),
            )

    def amounts(self):
        found = {line.pk: self.cleaned_data.get(f"line_{line.pk}") for line in self.lines}
        return {pk: amount for pk, amount in found.items() if amount is not None}


class ReasonForm(KsbForm):
    reason = forms.CharField(label=_("Reason"), max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
