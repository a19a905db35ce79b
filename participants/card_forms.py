"""The forms of the card desk and the print shop."""

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.models import Region
from ksb.core.forms import KsbForm, NikField
from participants.blanks import service_points
from participants.enums import BlankMove
from participants.workflow import CARD

MOST_BLANKS = 1_000_000


class HandOverForm(KsbForm):
    """Who takes the card: one of the family's adults, whose NIK is typed from the KTP that was shown."""

    receiver = forms.ChoiceField(label=_("Handed over to"), widget=forms.RadioSelect)
    nik = NikField(help_text=_("Type it from the KTP this person shows. It must be theirs in the registry."))

    def __init__(self, *args, receivers, **kwargs):
        super().__init__(*args, **kwargs)
        self.people = {str(person.pk): person for person in receivers}
        self.fields["receiver"].choices = [
            (key, f"{person.name}, {person.get_relation_display()}") for key, person in self.people.items()
        ]

    def clean_receiver(self):
        return self.people[self.cleaned_data["receiver"]]

    def clean(self):
        cleaned = super().clean()
        receiver, nik = cleaned.get("receiver"), cleaned.get("nik")
        if receiver and nik and receiver.nik != nik:
            self.add_error(
                "nik", _("This is not the NIK of the person chosen. Look at the KTP and at the choice above.")
            )
        return cleaned


class BlockForm(KsbForm):
    """What happened to the card, and whether another one is ordered."""

    cause = forms.ChoiceField(label=_("What happened?"), widget=forms.RadioSelect)
    note = forms.CharField(label=_("What the family tells"), max_length=255, required=False)
    police_letter = forms.CharField(
        label=_("Number of the police letter"), help_text=_("If there is one"), max_length=60, required=False
    )
    order_new = forms.BooleanField(label=_("Order a new card with a new number"), required=False, initial=True)

    def __init__(self, *args, causes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["cause"].choices = [(name, CARD[name].label) for name in causes]


class PlaceForm(KsbForm):
    """For which service point a batch is prepared."""

    place = forms.ModelChoiceField(label=_("Service point"), queryset=Region.objects.none(), empty_label=None)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["place"].queryset = service_points()


def _serial(label, **kwargs):
    return forms.IntegerField(label=label, min_value=0, max_value=10**15, **kwargs)


class PrintedForm(KsbForm):
    """Which blanks a batch took, good and spoilt ones together."""

    serial_first = _serial(_("First serial number used"))
    serial_last = _serial(_("Last serial number used"))
    spoilt = forms.IntegerField(label=_("Of these spoilt"), min_value=0, max_value=10_000, initial=0)
    reason = forms.CharField(label=_("Why they were spoilt"), max_length=255, required=False)


class BlankForm(PlaceForm):
    """Blank cards that came in, were spoilt, or were counted."""

    ACTS = (BlankMove.RECEIVED, BlankMove.SPOILT, BlankMove.COUNTED)

    act = forms.ChoiceField(
        label=_("What happened?"), widget=forms.RadioSelect, choices=[(act.value, act.label) for act in ACTS]
    )
    serial_first = _serial(_("First serial number"), required=False, help_text=_("Of blanks received"))
    serial_last = _serial(_("Last serial number"), required=False, help_text=_("Of blanks received"))
    quantity = forms.IntegerField(
        label=_("Number of blanks"),
        help_text=_("Spoilt ones, or all that were counted, reserved ones included"),
        min_value=0,
        max_value=10**7,
        required=False,
    )
    reason = forms.CharField(
        label=_("Reason"), help_text=_("Why they were spoilt, or who counted"), max_length=255, required=False
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") == BlankMove.RECEIVED:
            self._require("serial_first", "serial_last")
            first, last = cleaned.get("serial_first"), cleaned.get("serial_last")
            if first is not None and last is not None and not first <= last <= first + MOST_BLANKS:
                self.add_error("serial_last", _("The last serial number follows the first, by a million at most."))
        elif cleaned.get("act"):
            self._require("quantity", "reason")
        return cleaned

    def _require(self, *names):
        for name in names:
            if self.cleaned_data.get(name) in (None, "") and name not in self.errors:
                self.add_error(name, self.fields[name].error_messages["required"])
