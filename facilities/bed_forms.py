"""Forms of beds: one ward at the desk, and the key of a hospital's program."""

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.beds import GROUPS, MOST_BEDS, Figures
from facilities.models import Facility
from ksb.core.forms import KsbForm

FIGURES = ("capacity", "occupied", "cleaning", "queue")


def _beds(label):
    look = {"inputmode": "numeric", "autocomplete": "off", "size": 4, "class": "k-input k-num"}
    return forms.IntegerField(
        label=label,
        required=False,
        min_value=0,
        max_value=MOST_BEDS,
        widget=forms.TextInput(attrs=look),
        error_messages={"required": _("Write a number; 0 where there is none.")},
    )


class WardForm(KsbForm):
    """The figures of one ward; ``stated`` are Figures once valid, None where the ward is left empty."""

    capacity = _beds(_("Beds"))
    occupied = _beds(_("Occupied"))
    cleaning = _beds(_("Cleaning"))
    queue = _beds(_("Waiting"))
    for_men = _beds(_("Free for men"))
    for_women = _beds(_("Free for women"))
    for_either = _beds(_("Free for men or women"))
    for_children = _beds(_("Free for children"))

    stated = None

    def __init__(self, data=None, *, ward, count=None):
        names = (*FIGURES, *GROUPS)
        initial = {name: getattr(count, name) for name in names} if count else {}
        super().__init__(data, prefix=ward.value, initial=initial)
        self.ward, self.count = ward, count
        for name in FIGURES:
            self.fields[name].required = count is not None

    @property
    def figures(self):
        return [self[name] for name in FIGURES]

    @property
    def groups(self):
        return [self[name] for name in GROUPS]

    @property
    def shows_groups(self):
        """Whether the split by sex is worth opening: filled in, or wrong."""
        return any(bound.errors or bound.value() not in (None, "") for bound in self.groups)

    def clean(self):
        typed = {name: value for name, value in super().clean().items() if value is not None}
        if self.errors or not typed:
            return
        for name in ("capacity", "occupied"):
            if name not in typed:
                self.add_error(name, self.fields[name].error_messages["required"])
        if self.errors:
            return
        stated = Figures(**typed)
        for name, sentence in stated.mistakes().items():
            self.add_error(name, sentence)
        self.stated = stated


def ward_forms(data, *, counts, wards):
    """Pairs of lists: a WardForm for each of ``wards`` that ``counts`` know, and for each they do not."""
    known = {count.ward: count for count in counts}
    forms_of = [WardForm(data, ward=ward, count=known.get(ward)) for ward in wards]
    return [form for form in forms_of if form.count], [form for form in forms_of if not form.count]


class BedKeyForm(KsbForm):
    """Which hospital gets a key, and under which other code its program speaks of it."""

    hospital = forms.ModelChoiceField(label=_("Hospital"), queryset=Facility.objects.none())
    ppk_code = forms.RegexField(
        label=_("BPJS code (kodePPK)"),
        regex=r"^[A-Za-z0-9]{1,12}$",
        required=False,
        help_text=_("If the program uses it in its addresses, for example 0903R001. The Ministry's code always works."),
        error_messages={"invalid": _("Write letters and digits only, at most 12.")},
        widget=forms.TextInput(attrs={"class": "k-input k-w10", "autocomplete": "off"}),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = Facility.objects.hospitals().filter(active=True).order_by("name")
