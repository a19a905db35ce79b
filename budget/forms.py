from django import forms
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from budget.bahvs import amount_of
from budget.enums import DocumentKind, Earmark, RecoveryOrigin, TaxDue
from ksb.core.formats import rupiah
from ksb.core.forms import LARGEST_AMOUNT, DayField, KsbForm, RupiahField

SHARES = 3


class ProposalForm(KsbForm):
    """What a proposal needs beside the BAHVs: the hospital's receipt and letter, and the tax."""

    bahvs = forms.ModelMultipleChoiceField(
        label=_("BAHVs to pay"), queryset=None, widget=forms.CheckboxSelectMultiple, to_field_name="public_id"
    )
    receipt_number = forms.CharField(label=_("Receipt number"), max_length=60, help_text=_("the hospital's kuitansi"))
    receipt_date = DayField(label=_("Receipt date"), latest=localdate)
    request_number = forms.CharField(label=_("Letter of request"), max_length=60, required=False)
    tax_due = forms.ChoiceField(label=_("Tax"), choices=TaxDue, initial=TaxDue.NONE, widget=forms.RadioSelect)
    tax_reference = forms.CharField(label=_("E-billing number"), max_length=30, required=False)
    set_off = RupiahField(label=_("Set off against what the hospital owes"), required=False)

    def __init__(self, *args, bahvs, owed, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["bahvs"].queryset = bahvs
        self.fields["bahvs"].label_from_instance = _bahv_label
        if not owed:
            del self.fields["set_off"]

    def clean_set_off(self):
        return self.cleaned_data["set_off"] or 0


def _bahv_label(bahv):
    return f"{bahv.number} · {bahv.batch.number} · {rupiah(amount_of(bahv))}"


class DocumentForm(KsbForm):
    """Number and date of an SPP, SPM or SP2D."""

    number = forms.CharField(label=_("Document number"), max_length=60, help_text=_("as printed by SIPD"))
    date = DayField(label=_("Document date"), latest=localdate)


class BankForm(KsbForm):
    """The bank's confirmation of a transfer."""

    date = DayField(label=_("Transferred on"), latest=localdate)
    amount = RupiahField(label=_("Amount transferred"), min_value=1)
    reference = forms.CharField(label=_("Bank's reference"), max_length=60)


class RefusalForm(KsbForm):
    reason = forms.CharField(label=_("Reason of refusal"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))


class YearForm(KsbForm):
    year = forms.IntegerField(label=_("Fiscal year"), min_value=2010, max_value=2100)
    office = forms.CharField(label="SKPD", max_length=120, initial="Dinas Kesehatan Kota Bekasi")
    office_code = forms.CharField(label=_("Code of the SKPD"), max_length=40, required=False)


class LineForm(KsbForm):
    """A line of a year, and who bears it: none of the shares, or shares that make 100 percent together."""

    name = forms.CharField(label=_("Name"), max_length=120)
    sub_activity = forms.CharField(label=_("Sub-activity"), max_length=30, initial="1.02.02.2.02.0026")
    account = forms.CharField(label=_("Account"), max_length=30)
    funding_source = forms.CharField(label=_("Funding source"), max_length=40, initial="APBD")
    for_public = forms.TypedChoiceField(
        label=_("Pays"),
        choices=(("", _("every hospital")), ("True", _("public hospitals (RSUD)")), ("False", _("private hospitals"))),
        coerce=lambda value: value == "True",
        empty_value=None,
        required=False,
    )
    earmark = forms.ChoiceField(
        label=_("Earmark"), choices=(("", _("every service")), *Earmark.choices), required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(1, SHARES + 1):
            label = _("Funding source %(n)d") % {"n": n}
            self.fields[f"source_{n}"] = forms.CharField(label=label, max_length=40, required=False)
            self.fields[f"percent_{n}"] = forms.IntegerField(
                label=_("Percent of source %(n)d") % {"n": n}, min_value=1, max_value=100, required=False
            )

    def clean(self):
        cleaned = super().clean()
        pairs = [(cleaned.pop(f"source_{n}", ""), cleaned.pop(f"percent_{n}", None)) for n in range(1, SHARES + 1)]
        if any(bool(source) != bool(percent) for source, percent in pairs):
            raise forms.ValidationError(_("Write each funding source with its percent."))
        cleaned["shares"] = [pair for pair in pairs if pair[0]]
        return cleaned


class BudgetDocumentForm(KsbForm):
    """A document with one amount for each line of its year; minus takes away."""

    kind = forms.ChoiceField(label=_("Kind"), choices=DocumentKind, widget=forms.RadioSelect)
    number = forms.CharField(label=_("Number"), max_length=80)
    dated = DayField(label=_("Dated"), latest=localdate)

    def __init__(self, *args, lines, **kwargs):
        super().__init__(*args, **kwargs)
        self.lines = {f"line_{line.pk}": line for line in lines}
        for name, line in self.lines.items():
            self.fields[name] = RupiahField(
                label=line.name,
                required=False,
                min_value=-LARGEST_AMOUNT,
                help_text=f"{line.account} · {line.funding_source}",
            )

    def clean(self):
        cleaned = super().clean()
        cleaned["changes"] = {line: cleaned.pop(name, None) or 0 for name, line in self.lines.items()}
        return cleaned


class RecoveryForm(KsbForm):
    """What is asked back of one paid claim."""

    origin = forms.ChoiceField(label=_("Origin"), choices=RecoveryOrigin, widget=forms.RadioSelect)
    amount = RupiahField(label=_("Amount"), min_value=1)
    from_resident = forms.TypedChoiceField(
        label=_("Who pays back"),
        choices=(("", _("the hospital")), ("1", _("the patient"))),
        coerce=bool,
        empty_value=False,
        required=False,
        widget=forms.RadioSelect,
        initial="",
    )
    reason = forms.CharField(label=_("Reason"), max_length=255, widget=forms.Textarea(attrs={"rows": 3}))
    evidence = forms.CharField(label=_("Decision or report"), max_length=120, help_text=_("its number and date"))


class ReceiptForm(KsbForm):
    """A payment into the city's account."""

    amount = RupiahField(label=_("Amount"), min_value=1)
    reference = forms.CharField(label=_("STS number"), max_length=40, help_text=_("of the deposit slip"))


class ReceivedForm(KsbForm):
    """What the hospital's bank received for each payment of a month."""

    note = forms.CharField(
        label=_("Explanation of differences"), required=False, widget=forms.Textarea(attrs={"rows": 3})
    )

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items = {f"item_{item.pk}": item for item in items}
        note = self.fields.pop("note")
        for name, item in self.items.items():
            label = f"SP2D {item.payment.sp2d_number}"
            self.fields[name] = RupiahField(label=label, initial=item.ours)
        self.fields["note"] = note

    @property
    def received(self):
        return {item.pk: self.cleaned_data[name] for name, item in self.items.items()}
