from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from claims.enums import DocumentKind
from claims.intake import cells
from claims.intake.columns import COSTS
from claims.intake.reading import LARGEST
from facilities.models import Diagnosis, Facility, Procedure
from ksb.core import uploads
from ksb.core.forms import DayField, KsbForm
from referrals.enums import DischargeStatus
from referrals.episode_forms import CodesField


class HandInForm(KsbForm):
    """The month's e-Klaim file. The hospital is asked only of somebody who bills for more than one."""

    hospital = forms.ModelChoiceField(label=_("Hospital"), queryset=Facility.objects.none(), empty_label=None)
    file = forms.FileField(
        label=_("e-Klaim file (TXT)"),
        help_text=_("The text export of e-Klaim for one month, or a part of it, as it is."),
        allow_empty_file=True,
        max_length=255,
        error_messages={"required": _("Choose the file that e-Klaim exported.")},
    )

    def __init__(self, *args, hospitals, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["hospital"].queryset = hospitals
        if len(hospitals) == 1:
            self.fields["hospital"].widget = forms.HiddenInput()
            self.fields["hospital"].initial = hospitals[0]

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST:
            raise ValidationError(
                _("The file is larger than %(most)d MB. Split it."), params={"most": LARGEST // 1024 // 1024}
            )
        return file


class PaperForm(KsbForm):
    """One scan of one kind."""

    kind = forms.ChoiceField(label=_("What it is"), choices=DocumentKind)
    file = forms.FileField(
        label=_("Scan or photo (PDF, JPEG, PNG)"),
        max_length=255,
        widget=forms.ClearableFileInput(attrs={"accept": uploads.ACCEPTED}),
    )


class SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class SeveralFilesField(forms.FileField):
    """A list of files. ``clean`` returns the list."""

    widget = SeveralFiles

    def clean(self, data, initial=None):
        return [super(SeveralFilesField, self).clean(one, initial) for one in data or [None]]


class ScansForm(KsbForm):
    """A month's scans: files named by number and kind, or ZIP archives of them."""

    files = SeveralFilesField(
        label=_("Scans, or ZIP archives of scans"),
        help_text=_("Named by number and kind, for example 000123-SJP-32750200001-X-2026_RESUME.pdf"),
        max_length=255,
    )


class DeliveryForm(KsbForm):
    """What a browser says of a large file before it sends it in pieces."""

    file_name = forms.CharField(max_length=255)
    size = forms.IntegerField(min_value=1)


class CostsField(forms.CharField):
    """The hospital's bill, one item a line: ``kind; quantity; price``. ``clean`` returns rupiah by cost column."""

    def __init__(self, **kwargs):
        super().__init__(max_length=4000, widget=forms.Textarea(attrs={"rows": 6}), **kwargs)

    def clean(self, value):
        sums = {}
        for place, line in enumerate(super().clean(value).splitlines(), start=1):
            if line.strip():
                name, amount = self._read(line, place)
                sums[name] = sums.get(name, 0) + amount
        return sums

    def _read(self, line, place):
        parts = [part.strip() for part in line.split(";")]
        if len(parts) != 3:
            raise ValidationError(
                _("Line %(line)d: write kind; quantity; price, with two semicolons."), params={"line": place}
            )
        name = parts[0].upper().replace(" ", "_")
        if name not in COSTS:
            raise ValidationError(
                _("Line %(line)d: the kind is one of %(kinds)s."), params={"line": place, "kinds": ", ".join(COSTS)}
            )
        try:
            quantity, price = int(cells.whole(parts[1])), int(cells.money(parts[2]))
        except ValueError as error:
            raise ValidationError(
                _("Line %(line)d: quantity and price are whole numbers."), params={"line": place}
            ) from error
        return name, quantity * price


class EpisodeClaimForm(KsbForm):
    """What e-Klaim would add to a finished episode: codes, group, the hospital's bill."""

    diagnoses = CodesField(
        model=Diagnosis, label=_("Diagnoses (ICD-10)"), help_text=_("The main one first, with spaces between")
    )
    procedures = CodesField(model=Procedure, label=_("Procedures (ICD-9-CM)"), help_text=_("With spaces between"))
    discharge_status = forms.TypedChoiceField(label=_("Manner of discharge"), choices=DischargeStatus, coerce=int)
    medical_record = forms.CharField(label=_("Medical record number"), max_length=20)
    doctor = forms.CharField(label=_("Doctor in charge (DPJP)"), max_length=120)
    group = forms.CharField(
        label=_("INA-CBG group"), max_length=12, help_text=_("As the grouper says, for example Q-5-44-0")
    )
    costs = CostsField(
        label=_("The hospital's bill"),
        help_text=_("One item a line: kind; quantity; price. Example: OBAT; 3; 15000"),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["diagnoses"].required = True

    def clean_group(self):
        return self.cleaned_data["group"].strip().upper()


class SubmitForm(KsbForm):
    """What the officer saw on the check page: the service refuses to submit anything else."""

    ready = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**6)
    claimed = forms.IntegerField(widget=forms.HiddenInput, min_value=0, max_value=10**18)

    @property
    def expected(self):
        return self.cleaned_data["ready"], self.cleaned_data["claimed"]


class ReasonForm(KsbForm):
    reason = forms.CharField(
        label=_("Reason"),
        max_length=255,
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": _("Write down the reason.")},
    )


class ReturnForm(KsbForm):
    """What lacks in a batch that is returned."""

    incomplete = forms.IntegerField(
        label=_("Claims with incomplete files"),
        min_value=1,
        max_value=10**6,
        widget=forms.NumberInput(attrs={"class": "k-input"}),
        error_messages={"required": _("Say how many claims are incomplete.")},
    )
    lacking = forms.CharField(
        label=_("What lacks"),
        max_length=20_000,
        help_text=_("One thing a line, with the line number or SJP of the claim."),
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write down what lacks, one thing a line.")},
    )

    def clean_lacking(self):
        return self.cleaned_data["lacking"].splitlines()


class DispensationForm(KsbForm):
    """Expired care that may be claimed all the same."""

    hospital = forms.ModelChoiceField(
        label=_("Hospital"), queryset=Facility.objects.hospitals().order_by("name"), empty_label=_("choose")
    )
    first = DayField(label=_("Care that ended from"))
    last = DayField(label=_("until and with"))
    until = DayField(label=_("May be claimed until"))
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class LinkForm(KsbForm):
    sjp_number = forms.CharField(
        label=_("SJP number"),
        max_length=40,
        help_text=_("As printed on the letter, for example 000123/SJP/32750200001/XI/2026"),
        error_messages={"required": _("Write the number of the SJP.")},
    )
