"""What Dinkes and the hospitals write about the network."""

import datetime

from django import forms
from django.db.backends.postgresql.psycopg_any import DateRange
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from facilities.enums import FacilityKind, Ownership, PriceKind, RegionLevel, Service, WardType
from facilities.fields import SuggestInput
from facilities.models import Region, Specialty, Tariff
from ksb.core.forms import DayField, KsbForm, RupiahField

ONE_DAY = datetime.timedelta(days=1)
FAR = datetime.date(2099, 12, 31)  # no agreement is made for longer
CLASSES = [("", _("none")), *((letter, letter) for letter in "ABCD")]
LARGEST_TABLE = 20 * 1024 * 1024
REASON = {"max_length": 255, "widget": forms.Textarea(attrs={"rows": 3})}


def _checkboxes(choices, **more):
    return forms.MultipleChoiceField(choices=choices, widget=forms.CheckboxSelectMultiple, **more)


class FactsForm(KsbForm):
    """What is known of a facility and may change any day. Its class has a form of its own: that changes by decree."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kecamatan = forms.ModelChoiceField(
        label="Kecamatan",
        queryset=Region.objects.filter(level=RegionLevel.KECAMATAN).order_by("name"),
        required=False,
        empty_label=_("outside the city"),
        help_text=_("Its centre is where distances are measured from"),
    )
    address = forms.CharField(label=_("Address"), max_length=255, required=False)
    phone = forms.CharField(label=_("Telephone of the desk"), max_length=30, required=False)
    email = forms.EmailField(label=_("E-mail of the desk"), required=False)
    director = forms.CharField(
        label=_("Head or director"), help_text=_("Signs letters"), max_length=120, required=False
    )
    director_nip = forms.RegexField(
        label=_("NIP of the director"),
        regex=r"^\d{18}$",
        required=False,
        help_text=_("18 digits; private hospitals have none"),
        error_messages={"invalid": _("A NIP has 18 digits. Leave it empty where there is none.")},
    )
    beds = forms.IntegerField(label=_("Beds"), min_value=0, max_value=9999, initial=0)
    services = _checkboxes(
        Service.choices,
        label=_("Services"),
        required=False,
        help_text=_("What it can give. While nothing is ticked, contract and specialty decide alone."),
    )
    wards = _checkboxes(WardType.choices, label=_("Wards"), required=False)
    specialties = forms.ModelMultipleChoiceField(
        label=_("Specialties"),
        queryset=Specialty.objects.order_by("name_id"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    active = forms.BooleanField(label=_("Open: letters may go there"), required=False, initial=True)

    def values(self):
        """Fields of a Facility as written; where it lies follows from the kecamatan."""
        return self.cleaned_data | {"in_city": self.cleaned_data["kecamatan"] is not None}


class NewFacilityForm(FactsForm):
    code = forms.RegexField(
        label=_("Code"),
        regex=r"^\d{5,11}$",
        help_text=_("Of the Ministry of Health, digits only"),
        error_messages={"invalid": _("The code of the Ministry has 5 to 11 digits.")},
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=FacilityKind.choices)
    hospital_class = forms.ChoiceField(label=_("Class"), choices=CLASSES, required=False, help_text=_("Hospitals only"))
    ownership = forms.ChoiceField(label=_("Owner"), choices=Ownership.choices, widget=forms.RadioSelect)
    tariff_code = forms.CharField(
        label=_("Tariff code"), max_length=4, required=False, help_text=_("KODE_TARIF of e-Klaim, e.g. CS")
    )
    field_order = ("code", "name", "kind", "hospital_class", "ownership", "tariff_code")

    def clean(self):
        return _class_of_hospitals(self)


class StandingForm(KsbForm):
    """Kind, class, owner and tariff code from a day on, by decree."""

    kind = forms.ChoiceField(label=_("Kind"), choices=FacilityKind.choices)
    hospital_class = forms.ChoiceField(label=_("Class"), choices=CLASSES, required=False, help_text=_("Hospitals only"))
    ownership = forms.ChoiceField(label=_("Owner"), choices=Ownership.choices, widget=forms.RadioSelect)
    tariff_code = forms.CharField(
        label=_("Tariff code"), max_length=4, required=False, help_text=_("KODE_TARIF of e-Klaim, e.g. CS")
    )
    day = DayField(
        label=_("From"), latest=FAR, help_text=_("The first day on which it is true; days before keep what they were")
    )
    decree = forms.CharField(label=_("Number of the decree"), max_length=120)

    def clean(self):
        return _class_of_hospitals(self)

    def told(self):
        """What ``standings.change`` takes."""
        values = dict(self.cleaned_data)
        return {"day": values.pop("day"), "decree": values.pop("decree"), "values": values}


def _class_of_hospitals(form):
    data = form.cleaned_data
    is_hospital = data.get("kind") == FacilityKind.HOSPITAL
    if data.get("hospital_class") and not is_hospital:
        form.add_error("hospital_class", _("Only hospitals have a class. Choose none."))
    if is_hospital and not data.get("tariff_code") and "tariff_code" not in form.errors:
        form.add_error("tariff_code", _("Write the tariff code of the hospital: class and owner, for example CS."))
    data["tariff_code"] = data.get("tariff_code", "").upper()
    return data


class TermsForm(KsbForm):
    """What an agreement or an addendum includes."""

    services = _checkboxes(Service.choices, label=_("Services included"))
    tariff_annex = forms.CharField(
        label=_("Tariff annex"),
        max_length=160,
        required=False,
        widget=SuggestInput,
        help_text=_("The table and version the annex names"),
    )
    quota_letters = forms.IntegerField(
        label=_("Quota: letters a month"),
        min_value=1,
        max_value=100_000,
        required=False,
        help_text=_("Leave it empty where none was agreed"),
    )
    quota_rupiah = RupiahField(
        label=_("Quota: rupiah a year"),
        min_value=1,
        required=False,
        help_text=_("Leave it empty where none was agreed"),
    )
    quota_blocks = forms.BooleanField(
        label=_("No letter beyond the quota"),
        required=False,
        help_text=_("Otherwise the clerk is only told that it is used up"),
    )
    TERMS = ("services", "tariff_annex", "quota_letters", "quota_rupiah", "quota_blocks")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        sources = Tariff.objects.order_by("source").values_list("source", flat=True).distinct()
        self.fields["tariff_annex"].widget.suggestions = tuple((source, "") for source in sources)

    def clean(self):
        data = super().clean()
        unwritten = not (data.get("quota_letters") or data.get("quota_rupiah"))
        if data.get("quota_blocks") and unwritten and not {"quota_letters", "quota_rupiah"} & set(self.errors):
            self.add_error("quota_blocks", _("Write the quota, or clear this box."))
        return data

    def terms(self):
        return {name: self.cleaned_data[name] for name in self.TERMS}


class ContractForm(TermsForm):
    number = forms.CharField(label=_("Number of the agreement (PKS)"), max_length=80)
    signed_on = DayField(label=_("Signed on"), latest=timezone.localdate)
    signed_by_dinkes = forms.CharField(
        label=_("Signed for Dinkes by"), help_text=_("Name and position"), max_length=160
    )
    signed_by_facility = forms.CharField(
        label=_("Signed for the hospital by"), help_text=_("Name and position"), max_length=160
    )
    first = DayField(label=_("In force from"), latest=FAR)
    last = DayField(label=_("In force until"), latest=FAR, help_text=_("The last day"))
    field_order = ("number", "signed_on", "signed_by_dinkes", "signed_by_facility", "first", "last")
    PAPER = ("signed_on", "signed_by_dinkes", "signed_by_facility")

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day lies before the first. Correct one of the two."))
        return data

    def told(self):
        """What ``contracts.sign`` takes."""
        data = self.cleaned_data
        plain = {name: data[name] for name in ("number", "first", "last")}
        return plain | {"paper": {name: data[name] for name in self.PAPER}, "terms": self.terms()}


class AddendumForm(TermsForm):
    """Starts from the terms before: what is not changed stays."""

    number = forms.CharField(label=_("Number of the addendum"), max_length=80)
    signed_on = DayField(label=_("Signed on"), latest=timezone.localdate)
    summary = forms.CharField(
        label=_("What changes"), help_text=_("One sentence, as the desks will read it"), max_length=255
    )
    starts = DayField(label=_("In force from"), latest=FAR)
    last = DayField(
        label=_("The agreement now ends on"), latest=FAR, help_text=_("The last day; the same as before where it stays")
    )
    field_order = ("number", "signed_on", "summary", "starts", "last")

    def told(self):
        """What ``contracts.amend`` takes."""
        names = ("number", "signed_on", "summary", "starts", "last")
        return {name: self.cleaned_data[name] for name in names} | {"terms": self.terms()}


class EndForm(KsbForm):
    last = DayField(
        label=_("Last day"),
        latest=FAR,
        help_text=_("Today or later. A letter that is used after it is not paid: the Puskesmas writes another one."),
    )
    reason = forms.CharField(label=_("Reason"), **REASON)


class SuspensionForm(KsbForm):
    letter = forms.CharField(label=_("Number of the letter"), max_length=80)
    reason = forms.CharField(label=_("Reason"), help_text=_("The hospital reads it"), **REASON)
    starts = DayField(label=_("No new letters from"), latest=FAR, help_text=_("Today or later"))
    last = DayField(
        label=_("Until"), latest=FAR, help_text=_("The last day. Leave it empty until it is lifted."), required=False
    )

    def clean(self):
        data = super().clean()
        if data.get("starts") and data.get("last") and data["last"] < data["starts"]:
            self.add_error("last", _("The last day lies before the first. Correct one of the two."))
        return data

    def told(self):
        """What ``suspensions.suspend`` takes: its end is the first free day."""
        data = dict(self.cleaned_data)
        last = data.pop("last")
        return data | {"ends": last and last + ONE_DAY}


class ReasonForm(KsbForm):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("One or two sentences that the next reader understands"), **REASON
    )


class AccountForm(KsbForm):
    bank_name = forms.CharField(label=_("Bank"), max_length=60)
    bank_account = forms.RegexField(
        label=_("Account number"),
        regex=r"^[0-9 .-]{5,40}$",
        error_messages={"invalid": _("An account number holds digits only, five or more.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off"}),
    )
    bank_holder = forms.CharField(
        label=_("Account holder"), help_text=_("As the bank writes it; the same name as the hospital's"), max_length=120
    )
    tax_number = forms.CharField(label="NPWP", max_length=30, required=False)
    evidence = forms.CharField(
        label=_("Letter of the hospital"), help_text=_("Number and date of the letter that asks for it"), max_length=120
    )

    def clean_bank_account(self):
        digits = "".join(sign for sign in self.cleaned_data["bank_account"] if sign.isdigit())
        if len(digits) < 5:
            raise forms.ValidationError(_("An account number holds digits only, five or more."))
        return digits


class DoctorForm(KsbForm):
    name = forms.CharField(label=_("Name"), help_text=_("With titles, as it stands under letters"), max_length=120)
    registration = forms.CharField(
        label="SIP", help_text=_("Number of the licence to practise at this hospital"), max_length=60
    )
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.order_by("name_id"), empty_label=_("Choose")
    )
    first = DayField(label=_("In charge from"), latest=FAR)
    last = DayField(
        label=_("Until"), latest=FAR, help_text=_("The last day. Leave it empty while still here."), required=False
    )

    @classmethod
    def of(cls, doctor, data=None):
        """The form of a doctor on the roster."""
        until = doctor.valid.upper
        names = ("name", "registration", "specialty")
        days = {"first": doctor.valid.lower, "last": until and until - ONE_DAY}
        return cls(data, initial={name: getattr(doctor, name) for name in names} | days)

    def clean(self):
        data = super().clean()
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", _("The last day lies before the first. Correct one of the two."))
        return data

    def told(self):
        """Fields of a Doctor."""
        data = dict(self.cleaned_data)
        first, last = data.pop("first"), data.pop("last")
        return data | {"valid": DateRange(first, last and last + ONE_DAY)}


def addendum_of(terms, data=None):
    """An AddendumForm that starts from ``terms``, the latest of its contract."""
    kept = {name: getattr(terms, name) for name in TermsForm.TERMS}
    until = terms.valid.upper
    return AddendumForm(data, initial=kept | {"last": until and until - ONE_DAY})


class PriceSearchForm(KsbForm):
    """A code, or its beginning, on a day."""

    code = forms.CharField(label=_("Code"), max_length=16, help_text=_("INA-CBG or item, or its beginning"))
    tariff_code = forms.CharField(
        label=_("Tariff code"), max_length=4, required=False, help_text=_("KODE_TARIF of e-Klaim, e.g. CS")
    )
    day = DayField(label=_("On"))

    def clean_code(self):
        return self.cleaned_data["code"].strip()

    def clean_tariff_code(self):
        return self.cleaned_data["tariff_code"].strip().upper()


class PriceTableForm(KsbForm):
    """A table of prices as an office sends it."""

    kind = forms.ChoiceField(label=_("Kind"), choices=PriceKind)
    source = forms.CharField(label=_("Regulation or source"), max_length=120, help_text=_("e.g. Permenkes 3/2023"))
    valid_from = DayField(label=_("In force from"))
    file = forms.FileField(
        label=_("Table (CSV or XLSX)"), help_text=_("One line a code, columns named in the first line")
    )

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > LARGEST_TABLE:
            raise forms.ValidationError(_("The file is larger than 20 MB. Split it."))
        return file
