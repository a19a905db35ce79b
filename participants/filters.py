"""What the worklists of applications and cards can be narrowed to. Both columns are indexed or short."""

import django_filters
from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel
from facilities.models import Region
from participants.enums import CardState, EnrolmentState
from participants.models import Card, Enrolment

TO_DECIDE = (EnrolmentState.CHECKING, EnrolmentState.FIELD_CHECK)


def _select():
    return forms.Select(attrs={"class": "k-select"})


def kecamatans(request):
    return Region.objects.filter(level=RegionLevel.KECAMATAN).order_by("name")


def _kecamatan():
    return django_filters.ModelChoiceFilter(
        label="Kecamatan",
        field_name="household__kelurahan__parent",
        queryset=kecamatans,
        empty_label=_("All"),
        widget=_select(),
    )


class Step(models.TextChoices):
    """Which of the steps an application waits for."""

    COMPARE = "COMPARE", _("to be compared")
    APPROVE = "APPROVE", _("to be approved")
    OVERDUE = "OVERDUE", _("overdue")


def _at_step(queryset, name, step):
    if step == Step.OVERDUE:
        return queryset.filter(due_on__lt=timezone.localdate())
    return queryset.filter(verified_at__isnull=step == Step.COMPARE)


class EnrolmentFilter(django_filters.FilterSet):
    """Without a state: what waits for a decision, or, for a registration officer, everything the officer entered."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=EnrolmentState, empty_label=_("To be decided"), widget=_select()
    )
    step = django_filters.ChoiceFilter(
        label=_("Step"), choices=Step, empty_label=_("All"), method=_at_step, widget=_select()
    )
    kecamatan = _kecamatan()

    class Meta:
        model = Enrolment
        fields = ("state", "step", "kecamatan")


class CardFilter(django_filters.FilterSet):
    """One step of the way from order to hand-over at a time."""

    state = django_filters.ChoiceFilter(label=_("State"), choices=CardState, empty_label=None, widget=_select())
    kecamatan = _kecamatan()

    class Meta:
        model = Card
        fields = ("state", "kecamatan")
