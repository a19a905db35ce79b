"""Form fields that know the network."""

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from facilities.models import Doctor


class SuggestInput(forms.TextInput):
    """A text field with suggestions below it (``<datalist>``): what is not among them may be typed all the same.

    ``suggestions`` are pairs: what is filled in, and what stands beside it in the list.
    """

    suggestions: tuple[tuple[str, str], ...] = ()

    def render(self, name, value, attrs=None, renderer=None):
        if not self.suggestions:
            return super().render(name, value, attrs, renderer)
        listed = f"{(attrs or {}).get('id') or name}_suggestions"
        box = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = format_html_join("", '<option value="{}">{}</option>', self.suggestions)
        return format_html('{}<datalist id="{}">{}</datalist>', box, listed, options)


class DoctorField(forms.CharField):
    """The name of the doctor in charge (DPJP): typed, or chosen from the roster of the hospital.

    Call ``offer`` in the form's ``__init__``; ``Doctor.objects.named`` finds the row of a name that was chosen.
    """

    widget = SuggestInput

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Doctor in charge (DPJP)"))
        kwargs.setdefault("max_length", 120)
        super().__init__(**kwargs)
        self.widget.attrs["autocomplete"] = "off"

    def offer(self, facility, on):
        """Suggest the doctors of ``facility`` on the day ``on``. One query."""
        doctors = Doctor.objects.of(facility, on).values_list("name", "specialty__name_id")
        self.widget.suggestions = tuple(doctors)
