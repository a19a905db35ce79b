from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.models import User
from ksb.core.forms import KsbForm, RupiahField
from verification.enums import Outcome


class DecisionForm(KsbForm):
    """The verifier's decision on one claim, with one amount per line for an adjustment."""

    outcome = forms.ChoiceField(label=_("Decision"), choices=Outcome.choices, widget=forms.RadioSelect)
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Needed for every decision but a full approval; the hospital reads it."),
    )

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = lines
        for line in lines:
            self.fields[f"line_{line.pk}"] = RupiahField(
                label=_("Approved: %(part)s %(code)s") % {"part": line.get_kind_display(), "code": line.code},
                initial=line.asked,
                required=False,
                help_text=_("Only for an approval in part; at most the asked amount."),
            )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("outcome") not in (None, "", Outcome.APPROVE) and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Give the reason: the hospital must understand the decision."))
        if cleaned.get("outcome") == Outcome.ADJUST:
            for line in self.lines:
                amount = cleaned.get(f"line_{line.pk}")
                if amount is not None and amount > line.asked:
                    self.add_error(f"line_{line.pk}", _("At most the asked amount can be approved."))
        return cleaned

    def line_amounts(self):
        """``{line pk: (approved, reason)}``; an empty field leaves the asked amount."""
        amounts = {}
        for line in self.lines:
            amount = self.cleaned_data.get(f"line_{line.pk}")
            amounts[line.pk] = (line.asked if amount is None else amount, self.cleaned_data["reason"])
        return amounts


class AssignForm(KsbForm):
    verifier = forms.ModelChoiceField(label=_("Verifier"), queryset=None, empty_label=None)

    def __init__(self, *args, candidates, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["verifier"].queryset = User.objects.filter(pk__in=[c.pk for c in candidates]).order_by("pk")
