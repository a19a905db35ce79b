from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet, ModelChoiceFilter

from claims.enums import BatchKind, BatchState
from claims.models import ClaimBatch
from facilities.models import Facility


class BatchFilter(FilterSet):
    """State and kind, and for the city's offices the hospital."""

    state = ChoiceFilter(
        label=_("State"), choices=BatchState, empty_label=_("All"), widget=forms.Select(attrs={"class": "k-select"})
    )
    kind = ChoiceFilter(
        label=_("Kind"), choices=BatchKind, empty_label=_("All"), widget=forms.Select(attrs={"class": "k-select"})
    )
    hospital = ModelChoiceFilter(
        label=_("Hospital"),
        queryset=Facility.objects.hospitals(),
        empty_label=_("All"),
        widget=forms.Select(attrs={"class": "k-select"}),
    )

    class Meta:
        model = ClaimBatch
        fields = ["state", "kind", "hospital"]

    def __init__(self, *args, one_hospital=False, **kwargs):
        super().__init__(*args, **kwargs)
        if one_hospital:
            del self.filters["hospital"]
