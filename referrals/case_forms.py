"""What every letter with a referral asks: diagnosis, findings, the hospital of the routing list. No draft, no JavaScript."""

from django import forms
from django.utils.translation import gettext_lazy as _

from facilities.enums import Service
from facilities.models import Specialty
from ksb.core.forms import DayField, KsbForm
from ksb.core.uploads import ACCEPTED
from participants.eligibility import Complement
from referrals.enums import MOVE_REASONS, PUSKESMAS_REASONS, MoveDirection, PassOverReason, ProofKind
from referrals.forms import HospitalField
from referrals.newborn_forms import DiagnosisCodeField

SHOW = "show"
BELOW = ("hospital", "pass_over_reason", "proof_kind", "proof_number", "proof_dated", "file")


def _text(label, *, rows, **kwargs):
    return forms.CharField(label=label, max_length=4000, widget=forms.Textarea(attrs={"rows": rows}), **kwargs)


class CaseForm(KsbForm):
    """``route(answers)`` gives the routing list of a service and a specialty; it is asked once both are chosen."""

    reasons = ()
    services = ()

    reason = forms.ChoiceField(label=_("Reason for the referral"))
    diagnosis = DiagnosisCodeField(label=_("Working diagnosis (ICD-10)"), help_text=_("Code such as J18.9 or N18.5"))
    complaint = _text(_("Complaint and history"), rows=3)
    findings = _text(_("Findings"), rows=3, help_text=_("Vital signs, examination, laboratory and X-ray"))
    therapy = _text(_("Therapy given"), rows=2, required=False)
    doctor_name = forms.CharField(label=_("Referring doctor"), max_length=120)
    service = forms.ChoiceField(label=_("Kind of service"))
    specialty = forms.ModelChoiceField(
        label=_("Specialty"), queryset=Specialty.objects.order_by("name_id"), empty_label=_("Choose")
    )
    hospital = HospitalField(label=_("Hospital"))
    pass_over_reason = forms.ChoiceField(
        label=_("Why not an RSUD"),
        choices=[("", _("No private hospital chosen")), *PassOverReason.choices],
        required=False,
        help_text=_("Only when a private hospital is chosen although an RSUD could take the patient"),
    )

    def __init__(self, data=None, files=None, *, route, **kwargs):
        asks_for_list = data is not None and SHOW in data
        if asks_for_list:
            kwargs["initial"] = {**kwargs.get("initial", {}), **data.dict()}
        super().__init__(None if asks_for_list else data, files, **kwargs)
        self.fields["reason"].choices = [("", _("Choose")), *((r.value, r.label) for r in self.reasons)]
        self.fields["service"].choices = [(s.value, s.label) for s in self.services]
        self.suitable = [option for option in self._found(route, data) if option.suitable]
        self.fields["hospital"].offer(self.suitable)

    def _found(self, route, data):
        """The routing list of what is chosen so far; nothing until both are."""
        chosen = {**self.initial, **(data.dict() if data is not None else {})}
        service, specialty = chosen.get("service"), str(chosen.get("specialty") or "")
        found = Specialty.objects.filter(pk=specialty[:3]).first() if "\x00" not in specialty else None
        if found is None or service not in {s.value for s in self.services}:
            return []
        return route(service=service, specialty=found)

    def before(self):
        """Fields above the list of hospitals."""
        return [self[name] for name in self.fields if name not in BELOW]

    def after(self):
        """Fields below it; a file comes last, because showing the hospitals forgets it."""
        return [self[name] for name in self.fields if name in BELOW and name != "hospital"]

    def answers(self):
        return dict(self.cleaned_data)


class MoveForm(CaseForm):
    """From one hospital to another."""

    reasons = MOVE_REASONS
    services = tuple(s for s in Service if s not in (Service.AMBULANCE, Service.EMERGENCY))

    direction = forms.ChoiceField(label=_("Direction"), choices=MoveDirection, widget=forms.RadioSelect)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.order_fields(["reason", "direction"])


class ComplementForm(CaseForm):
    """A service JKN leaves out: which of the scheme's categories, and what proves it."""

    reasons = PUSKESMAS_REASONS
    services = (Service.OUTPATIENT, Service.INPATIENT, Service.INTENSIVE, Service.EMERGENCY)

    category = forms.ChoiceField(label=_("Category"), widget=forms.RadioSelect)
    proof_kind = forms.ChoiceField(label=_("Proof"), choices=ProofKind)
    proof_number = forms.CharField(label=_("Number of the proof"), max_length=60)
    proof_dated = DayField(label=_("Date of the proof"))
    file = forms.FileField(
        label=_("Scan or photo of the proof"),
        help_text=_("JPEG, PNG or PDF, at most 10 MB"),
        widget=forms.FileInput(attrs={"accept": ACCEPTED}),
    )

    def __init__(self, *args, categories, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["category"].choices = [(c, Complement(c).label) for c in categories]
        self.order_fields(["category"])
