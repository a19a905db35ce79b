from django import forms
from django.utils.translation import gettext_lazy as _
from django_filters import ChoiceFilter, FilterSet

from facilities.enums import Service
from participants.enums import NewbornState
from participants.models import Newborn
from referrals.enums import BackReferralState, NoticeState, Programme, SjpState
from referrals.models import BackReferral, EmergencyNotice, Sjp


def _choice(label, choices):
    widget = forms.Select(attrs={"class": "k-select"})
    return ChoiceFilter(label=label, choices=choices, empty_label=_("All"), widget=widget)


class SjpFilter(FilterSet):
    """State and kind of service: both lead an index, neither says anything about a person."""

    state = _choice(_("State"), SjpState)
    service = _choice(_("Kind of service"), Service)

    class Meta:
        model = Sjp
        fields = ["state", "service"]


class NewbornFilter(FilterSet):
    """Where a child stands on its way into the registry."""

    state = _choice(_("State"), NewbornState)

    class Meta:
        model = Newborn
        fields = ["state"]


class BackReferralFilter(FilterSet):
    """State and programme of back-referrals."""

    state = _choice(_("State"), BackReferralState)
    programme = _choice(_("Chronic disease programme"), Programme)

    class Meta:
        model = BackReferral
        fields = ["state", "programme"]


class NoticeFilter(FilterSet):
    """Where a report of an emergency stands."""

    state = _choice(_("State"), NoticeState)

    class Meta:
        model = EmergencyNotice
        fields = ["state"]
