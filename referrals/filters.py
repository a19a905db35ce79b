from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from facilities.enums import Service
from referrals.enums import SjpState
from referrals.models import Sjp


class SjpFilter(FilterSet):
    """State and kind of service: both lead an index, neither says anything about a person."""

    state = ChoiceFilter(label=_("State"), choices=SjpState, empty_label=_("All"))
    service = ChoiceFilter(label=_("Kind of service"), choices=Service, empty_label=_("All"))

    class Meta:
        model = Sjp
        fields = ["state", "service"]
