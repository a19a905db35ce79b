"""Form fields for what clerks type every day. Each refusal says what is wrong with the text and what to write instead.

No message repeats the typed number: messages travel further than fields do.
"""

import datetime
import re
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.forms.utils import pretty_name
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from ksb.core import formats

IDENTITY_LENGTH = 16
EARLIEST_DAY = datetime.date(1900, 1, 1)
LARGEST_AMOUNT = 10**15
_SEPARATORS = re.compile(r"[\s.,\-_/'’‘`´\u200b\ufeff]+")
_DATE_SEPARATORS = re.compile(r"[\s./-]+")
_WHOLE_RUPIAH = re.compile(r"-?(\d+|\d{1,3}(\.\d{3})+)")
_RUPIAH_FRAME = re.compile(r"^(rp\.?|idr)\s*|(,00?|,-)$", re.IGNORECASE)


class SpeakingFormMixin:
    """The server's sentences, not the browser's bubbles, say what is wrong; each names its field."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            if field.error_messages.get("required") is forms.Field.default_error_messages["required"]:
                field.error_messages["required"] = _empty_message(field, field.label or pretty_name(name))


def _empty_message(field, label):
    if isinstance(field, forms.BooleanField):
        return _("Tick: %(label)s") % {"label": label}
    if isinstance(field, forms.ChoiceField | forms.ModelChoiceField | forms.FileField):
        return _("Choose: %(label)s") % {"label": label}
    return _("Fill in: %(label)s") % {"label": label}


class KsbForm(SpeakingFormMixin, forms.Form):
    """Base of the project's forms."""


class KsbModelForm(SpeakingFormMixin, forms.ModelForm):
    """Base of the forms that edit one model."""


class IdentityField(forms.CharField):
    """Sixteen digits in any spacing. ``clean`` returns exactly 16 ASCII digits."""

    too_many_letters = _("Write digits only, without letters.")
    wrong_length = ""

    def __init__(self, **kwargs):
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "spellcheck": "false"})
        self.widget.attrs["class"] = "k-input k-w16"

    def to_python(self, value):
        typed = super().to_python(value)
        return _SEPARATORS.sub("", unicodedata.normalize("NFKC", typed))

    def validate(self, value):
        super().validate(value)
        if not value:
            return
        if not (value.isascii() and value.isdigit()):
            raise ValidationError(self.too_many_letters, code="not_digits")
        if len(value) != IDENTITY_LENGTH:
            raise ValidationError(self.wrong_length % {"typed": len(value)}, code="wrong_length")

    def prepare_value(self, value):
        if isinstance(value, str) and len(value) == IDENTITY_LENGTH and value.isdigit():
            return formats.identity(value)
        return value


class NikField(IdentityField):
    """The number of one person."""

    too_many_letters = _("A NIK holds digits only. Remove the letters and signs.")
    wrong_length = ngettext_lazy(
        "A NIK has 16 digits. You typed %(typed)d digit.", "A NIK has 16 digits. You typed %(typed)d digits.", "typed"
    )

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("NIK"))
        kwargs.setdefault("help_text", _("16 digits on the KTP, the KIA or the family card"))
        kwargs.setdefault("error_messages", {"required": _("Write the NIK: 16 digits on the KTP or family card.")})
        super().__init__(**kwargs)


class KkField(IdentityField):
    """The number of one family card."""

    too_many_letters = _("A family card number holds digits only. Remove the letters and signs.")
    wrong_length = ngettext_lazy(
        "A family card number has 16 digits. You typed %(typed)d digit.",
        "A family card number has 16 digits. You typed %(typed)d digits.",
        "typed",
    )

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Family card number (No. KK)"))
        kwargs.setdefault("help_text", _("16 digits at the top of the family card"))
        kwargs.setdefault(
            "error_messages", {"required": _("Write the number at the top of the family card: 16 digits.")}
        )
        super().__init__(**kwargs)


class DayField(forms.DateField):
    """A day written 22-11-2026, 22/11/2026 or 2026-11-22, never guessed in the American order."""

    def __init__(self, *, earliest=EARLIEST_DAY, latest=None, **kwargs):
        self.earliest = earliest
        self.latest = latest
        kwargs.setdefault("input_formats", ["%d-%m-%Y", "%Y-%m-%d"])
        kwargs.setdefault("help_text", _("Day-month-year, for example 22-11-2026"))
        kwargs.setdefault("widget", forms.DateInput(format="%d-%m-%Y"))
        messages = {
            "required": _("Write the date as day-month-year, for example 22-11-2026."),
            "invalid": _("This is not a date. Write day-month-year, for example 22-11-2026."),
        }
        kwargs["error_messages"] = messages | (kwargs.get("error_messages") or {})
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "class": "k-input k-w10"})

    def to_python(self, value):
        if isinstance(value, str):
            value = _DATE_SEPARATORS.sub("-", value.strip())
        return super().to_python(value)

    def validate(self, value):
        super().validate(value)
        if value is None:
            return
        if value < self.earliest:
            raise ValidationError(
                _("This date is too long ago. The earliest is %(day)s."),
                code="too_early",
                params={"day": formats.day_short(self.earliest)},
            )
        latest = self.latest() if callable(self.latest) else self.latest
        if latest and value > latest:
            raise ValidationError(
                _("This date is too late. The latest is %(day)s."),
                code="too_late",
                params={"day": formats.day_short(latest)},
            )


class BirthDateField(DayField):
    """A date of birth: not in the future."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Date of birth"))
        kwargs.setdefault("latest", timezone.localdate)
        kwargs.setdefault("help_text", _("Day-month-year, for example 17-08-1985"))
        super().__init__(**kwargs)


class RupiahField(forms.IntegerField):
    """Whole rupiah, written 1234567, 1.234.567 or Rp 1.234.567,00. ``clean`` returns an int."""

    widget = forms.TextInput

    def __init__(self, **kwargs):
        kwargs.setdefault("min_value", 0)
        kwargs.setdefault("max_value", LARGEST_AMOUNT)
        messages = {
            "required": _("Write the amount in rupiah, for example 1.234.567."),
            "invalid": _("Write whole rupiah with dots between the thousands, for example 1.234.567."),
        }
        kwargs["error_messages"] = messages | (kwargs.get("error_messages") or {})
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "class": "k-input k-w16 k-num"})

    def to_python(self, value):
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        amount = _RUPIAH_FRAME.sub("", value.strip()).replace("\N{NO-BREAK SPACE}", "").strip()
        if not (amount.isascii() and _WHOLE_RUPIAH.fullmatch(amount)):
            raise ValidationError(self.error_messages["invalid"], code="invalid")
        return super().to_python(amount.replace(".", ""))

    def prepare_value(self, value):
        return formats.number(value) if isinstance(value, int) else value
