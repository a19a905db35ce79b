from django import forms
from django.utils.translation import gettext_lazy as _

from ksb.core.forms import KsbForm

MOST_VISITS = 200_000


class VisitsForm(KsbForm):
    """One of the last months and its visits."""

    month = forms.ChoiceField(label=_("Month"), widget=forms.Select(attrs={"class": "k-select"}))
    visits = forms.IntegerField(
        label=_("Visits"), min_value=0, max_value=MOST_VISITS, help_text=_("Of all patients, whoever paid.")
    )

    def __init__(self, *args, months, **kwargs):
        super().__init__(*args, **kwargs)
        self.months = {f"{month:%Y-%m}": month for month in months}
        self.fields["month"].choices = [(code, f"{month:%m/%Y}") for code, month in self.months.items()]

    def clean_month(self):
        return self.months[self.cleaned_data["month"]]
