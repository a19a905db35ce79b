"""Forms about rules: how one is applied from a day on, why a finding is set aside, what became of a signal."""

from django import forms
from django.utils.translation import gettext_lazy as _

from claims.enums import Severity
from ksb.core.forms import DayField, KsbForm

PREFIX = "t_"


class SettingForm(KsbForm):
    """On or off, how grave, the numbers of the rule, from which service day, and why."""

    active = forms.TypedChoiceField(
        label=_("Applied"),
        choices=(("yes", _("yes")), ("no", _("no, switched off"))),
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect,
    )
    severity = forms.ChoiceField(label=_("Severity"), choices=Severity, widget=forms.RadioSelect)
    starts = DayField(label=_("For services from"))
    reason = forms.CharField(label=_("Reason"), max_length=500, widget=forms.Textarea(attrs={"rows": 3}))

    def __init__(self, *args, rule, version, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["active"].initial = "yes" if version.active else "no"
        self.fields["severity"].initial = version.severity
        for threshold in rule.thresholds:
            self.fields[PREFIX + threshold.name] = forms.IntegerField(
                label=str(threshold.label).capitalize(),
                min_value=threshold.least,
                max_value=threshold.most,
                initial=version.thresholds[threshold.name],
                help_text=_("%(least)s to %(most)s") % {"least": threshold.least, "most": threshold.most},
            )

    def values(self):
        """What ``rule_settings.propose`` wants."""
        data = self.cleaned_data
        numbers = {name.removeprefix(PREFIX): value for name, value in data.items() if name.startswith(PREFIX)}
        return {name: data[name] for name in ("active", "severity", "starts", "reason")} | {"thresholds": numbers}


class WhyForm(KsbForm):
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class JudgeForm(KsbForm):
    note = forms.CharField(
        label=_("What was found out"),
        help_text=_("Without names or numbers of patients."),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        required=False,
    )
