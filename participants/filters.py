"""What the worklists of applications and cards can be narrowed to. Both columns are indexed or short."""

import django_filters
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel
from facilities.models import Region
from participants.enums import CardState, EnrolmentState
from participants.models import Card, Enrolment

TO_DECIDE = (EnrolmentState.CHECKING, EnrolmentState.FIELD_CHECK)


def kecamatans(request):
    return Region.objects.filter(level=RegionLevel.KECAMATAN).order_by("name")


class EnrolmentFilter(django_filters.FilterSet):
    """Without a state: what waits for a decision, or, for a registration officer, everything the officer entered."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=EnrolmentState, empty_label=_("To be decided"))
    kecamatan = django_filters.ModelChoiceFilter(
        label="Kecamatan", field_name="household__kelurahan__parent", queryset=kecamatans, empty_label=_("All")
    )

    class Meta:
        model = Enrolment
        fields = ("state", "kecamatan")


class CardFilter(django_filters.FilterSet):
    """One step of the way from order to hand-over at a time."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=CardState, empty_label=None)
    kecamatan = django_filters.ModelChoiceFilter(
        label="Kecamatan", field_name="household__kelurahan__parent", queryset=kecamatans, empty_label=_("All")
    )

    class Meta:
        model = Card
        fields = ("state", "kecamatan")
