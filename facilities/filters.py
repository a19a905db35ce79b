"""What the list of the network can be narrowed to. A few hundred rows: no index is needed."""

import django_filters
from django import forms
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import FacilityKind, RegionLevel
from facilities.models import Contract, Facility, Region, Suspension


class Agreement(models.TextChoices):
    """How a facility stands to the programme today."""

    IN_FORCE = "IN_FORCE", _("contract in force")
    ENDING = "ENDING", _("contract ends within 90 days")
    NONE = "NONE", _("no contract")
    SUSPENDED = "SUSPENDED", _("suspended")


def _select():
    return forms.Select(attrs={"class": "k-select"})


def _kecamatans(request):
    return Region.objects.filter(level=RegionLevel.KECAMATAN).order_by("name")


def _named(queryset, name, text):
    text = text.replace("\0", "").strip()
    return queryset.filter(Q(name__icontains=text) | Q(code=text)) if text else queryset


def _agreed(queryset, name, answer):
    today = timezone.localdate()
    if answer == Agreement.SUSPENDED:
        return queryset.filter(pk__in=Suspension.objects.on(today).values("facility"))
    if answer == Agreement.NONE:
        return queryset.exclude(pk__in=Contract.objects.filter(valid__contains=today).values("facility"))
    if answer == Agreement.ENDING:
        ending = Contract.objects.ending(today).values("facility")
        return queryset.filter(pk__in=ending)
    return queryset.contracted_on(today)


class FacilityFilter(django_filters.FilterSet):
    name = django_filters.CharFilter(
        label=_("Name or code"), method=_named, max_length=80, widget=forms.TextInput(attrs={"class": "k-input"})
    )
    kind = django_filters.ChoiceFilter(
        label=_("Kind"), choices=FacilityKind.choices, empty_label=_("All"), widget=_select()
    )
    kecamatan = django_filters.ModelChoiceFilter(
        label="Kecamatan", queryset=_kecamatans, empty_label=_("All"), widget=_select()
    )
    agreement = django_filters.ChoiceFilter(
        label=_("Contract"), choices=Agreement.choices, method=_agreed, empty_label=_("All"), widget=_select()
    )

    class Meta:
        model = Facility
        fields = ["name", "kind", "kecamatan", "agreement"]
