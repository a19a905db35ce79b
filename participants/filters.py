"""What the worklists of applications and cards can be narrowed to. Both columns are indexed or short."""

import datetime

import django_filters
from django import forms
from django.db import models
from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import RegionLevel
from facilities.models import Region
from participants.blanks import service_points
from participants.enums import (
    BatchKind,
    CardState,
    CoverageSource,
    EnrolmentState,
    EventKind,
    JknAnswer,
    PrintState,
    SignalKind,
    SignalOutcome,
    TicketKind,
    TicketState,
)
from participants.models import Card, Enrolment, Household, JknCandidate, PrintBatch, RegistryEvent, Signal, Ticket

TO_DECIDE = (EnrolmentState.CHECKING, EnrolmentState.FIELD_CHECK)


def _select():
    return forms.Select(attrs={"class": "k-select"})


def kecamatans(request):
    return Region.objects.filter(level=RegionLevel.KECAMATAN).order_by("name")


def _kecamatan():
    return django_filters.ModelChoiceFilter(
        label="Kecamatan", queryset=kecamatans, empty_label=_("All"), widget=_select(), method="of_kecamatan"
    )


def living_in(rows, kecamatan):
    """Those of ``rows`` whose family lives there, asked of each row in the order of the list.

    The other way round all families of the kecamatan would be read before the first row is known. The code of a kelurahan
    begins with that of its kecamatan.
    """
    home = Household.objects.filter(pk=OuterRef("household_id")).values("kelurahan_id")
    return rows.alias(home=Subquery(home, output_field=models.TextField())).filter(
        home__startswith=f"{kecamatan.code}."
    )


class Step(models.TextChoices):
    """Which of the steps an application waits for."""

    COMPARE = "COMPARE", _("to be compared")
    APPROVE = "APPROVE", _("to be approved")
    OVERDUE = "OVERDUE", _("overdue")
    CONSENT = "CONSENT", _("consent taken back")


def _at_step(queryset, name, step):
    if step == Step.OVERDUE:
        return queryset.filter(due_on__lt=timezone.localdate())
    if step == Step.CONSENT:
        return queryset.consent_taken_back()
    return queryset.filter(verified_at__isnull=step == Step.COMPARE)


class EnrolmentFilter(django_filters.FilterSet):
    """Without a state: what waits for a decision, or, for a registration officer, everything the officer entered.

    Memberships in force are no work: half a million of them are found by their number.
    """

    STATES = tuple((state.value, state.label) for state in EnrolmentState if state != EnrolmentState.ACTIVE)

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STATES, empty_label=_("To be decided"), widget=_select()
    )
    step = django_filters.ChoiceFilter(
        label=_("Step"), choices=Step, empty_label=_("All"), method=_at_step, widget=_select()
    )
    kecamatan = _kecamatan()

    class Meta:
        model = Enrolment
        fields = ("state", "step", "kecamatan")

    def of_kecamatan(self, enrolments, name, kecamatan):
        return living_in(enrolments, kecamatan)


class SignalFilter(django_filters.FilterSet):
    """Without an outcome: what nobody has judged yet."""

    kind = django_filters.ChoiceFilter(label=_("Signal"), choices=SignalKind, empty_label=_("All"), widget=_select())
    outcome = django_filters.ChoiceFilter(
        label=_("Outcome"), choices=SignalOutcome, empty_label=_("To be judged"), widget=_select()
    )

    class Meta:
        model = Signal
        fields = ("kind", "outcome")


def kelurahans(request):
    return Region.objects.filter(level=RegionLevel.KELURAHAN).order_by("name")


class EventFilter(django_filters.FilterSet):
    """Events of one run: what happened, and where."""

    kind = django_filters.ChoiceFilter(label=_("Event"), choices=EventKind, empty_label=_("All"), widget=_select())
    kelurahan = django_filters.ModelChoiceFilter(
        label="Kelurahan", queryset=kelurahans, empty_label=_("All"), widget=_select()
    )

    class Meta:
        model = RegistryEvent
        fields = ("kind", "kelurahan")


class CardFilter(django_filters.FilterSet):
    """One step of the way from order to hand-over at a time, or what needs somebody's care.

    Cards in their families' hands are no work and not browsed here: half a million of them are found by their number.
    """

    UNCOLLECTED, REPRINT = "UNCOLLECTED", "REPRINT"
    ON_THEIR_WAY = (CardState.ORDERED, CardState.APPROVED, CardState.PRINTED, CardState.READY)
    IN_BATCHES = (CardState.APPROVED, CardState.PRINTED, CardState.READY, UNCOLLECTED)
    STEPS = (
        *((state.value, state.label) for state in ON_THEIR_WAY),
        (UNCOLLECTED, _("ready, not collected in time")),
        (REPRINT, _("to be reprinted")),
    )

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=STEPS, empty_label=None, widget=_select(), method="of_step"
    )
    kecamatan = _kecamatan()

    class Meta:
        model = Card
        fields = ("state", "kecamatan")

    def of_step(self, cards, name, step):
        if step == self.REPRINT:
            return cards.to_reprint()
        if step == self.UNCOLLECTED:
            return cards.uncollected(at=timezone.now())
        return cards.filter(state=step)

    def of_kecamatan(self, cards, name, kecamatan):
        """Where the family lives; once approved, where the card is handed out, which a short list of batches knows."""
        if self.form.cleaned_data.get("state") in self.IN_BATCHES:
            return cards.filter(batch__in=PrintBatch.objects.filter(place=kecamatan).under_way())
        return living_in(cards, kecamatan)


class PrintBatchFilter(django_filters.FilterSet):
    state = django_filters.ChoiceFilter(label=_("State"), choices=PrintState, empty_label=_("All"), widget=_select())
    place = django_filters.ModelChoiceFilter(
        label=_("Service point"), queryset=lambda request: service_points(), empty_label=_("All"), widget=_select()
    )
    kind = django_filters.ChoiceFilter(label=_("Kind"), choices=BatchKind, empty_label=_("All"), widget=_select())

    class Meta:
        model = PrintBatch
        fields = ("state", "place", "kind")


class TicketFilter(django_filters.FilterSet):
    """Without a state: all that is not closed."""

    state = django_filters.ChoiceFilter(
        label=_("State"), choices=TicketState, empty_label=_("Not closed"), widget=_select()
    )
    kind = django_filters.ChoiceFilter(
        label=_("What is wrong"), choices=TicketKind, empty_label=_("All"), widget=_select()
    )

    class Meta:
        model = Ticket
        fields = ("state", "kind")


class JknRowFilter(django_filters.FilterSet):
    """Rows of JKN lists by answer, list and age; the answer leads the index."""

    ANSWERS = (("OPEN", _("To be decided")), *JknAnswer.choices)
    AGES = (("month", _("of the last month")), ("older", _("older")))

    answer = django_filters.ChoiceFilter(
        label=_("Answer"), choices=ANSWERS, empty_label=None, widget=_select(), method="by_answer"
    )
    source = django_filters.ChoiceFilter(
        label=_("List"),
        choices=[(s.value, s.label) for s in (CoverageSource.PBI_LIST, CoverageSource.BPJS_LIST)],
        empty_label=_("All"),
        widget=_select(),
    )
    age = django_filters.ChoiceFilter(
        label=_("Age"), choices=AGES, empty_label=_("All"), widget=_select(), method="by_age"
    )

    class Meta:
        model = JknCandidate
        fields = ("answer", "source", "age")

    def by_answer(self, rows, name, value):
        return rows.filter(answer="" if value == "OPEN" else value)

    def by_age(self, rows, name, value):
        """By the list that brought the row first."""
        border = timezone.localdate() - datetime.timedelta(days=31)
        young = {"run__snapshot_date__gte": border}
        return rows.filter(**young) if value == "month" else rows.exclude(**young)
