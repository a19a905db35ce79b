"""Disputes: the coordinator names a panel, its doctor rules, Dinkes confirms."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.enums import Role
from facilities.models import Membership, User
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.letters import letter_pdf, pdf_response
from ksb.core.paging import keyset_page
from verification import assignment, disputes
from verification.enums import DisputeState, Ruling, Stage
from verification.forms import PanelForm, ReasonForm, RulingForm
from verification.granting import Grant
from verification.letters import dispute_letter
from verification.models import Dispute, Review
from verification.permissions import COORDINATION, DISPUTE_READERS
from verification.views.loading import load_dispute

DOCTORS = (Role.VERIFIER_MEDICAL,)
OFFICERS = (Role.DINKES_SERVICES,)


@requires(*DISPUTE_READERS)
@require_safe
def dispute_list(request):
    """Disputes within the reader's perimeter: open ones by their number, or all, newest first."""
    rows = Dispute.objects.visible_to(request.user).select_related("claim__hospital", "claim__batch")
    shows_all = request.GET.get("show") == "all"
    if not shows_all:
        rows = rows.exclude(state=DisputeState.DECIDED)
    page = keyset_page(rows, request.GET, keys=("-pk",) if shows_all else ("pk",))
    return render(request, "verification/disputes.html", {"page": page, "shows_all": shows_all})


@requires(*DISPUTE_READERS)
@require_safe
def dispute(request, dispute_id):
    return _page(request, load_dispute(request, dispute_id))


def _page(request, found, **forms):
    actor = request.user
    names = found.state in (DisputeState.FILED, DisputeState.PANEL) and actor.has_role(*COORDINATION)
    rules = found.state == DisputeState.PANEL and found.doctor_id == actor.pk
    confirms = found.state == DisputeState.RULED and found.officer_id == actor.pk
    lines = list(found.claim.lines.all())
    context = {
        "dispute": found,
        "claim": found.claim,
        "lines": lines,
        "granted": [(line, Grant(*units) if (units := found.lines.get(str(line.pk))) else None) for line in lines],
        "reviews": list(found.claim.reviews.order_by("-pk")),
        "findings": list(found.claim.findings.all()) if actor.has_role(*COORDINATION, *DOCTORS, *OFFICERS) else [],
        "proofs": list(found.proofs.all()),
        "panel_form": forms.get("panel", _panel_form(found)) if names else None,
        "ruling_form": forms.get("ruling", RulingForm(lines=lines)) if rules else None,
        "back_form": forms.get("back", ReasonForm()) if confirms else None,
    }
    return render(request, "verification/dispute.html", context)


def _panel_form(found, data=None):
    """Doctors independent of the hospital and officers of Dinkes who have not read the claim."""
    known = set(Review.objects.filter(claim=found.claim_id).values_list("verifier", flat=True))
    day = timezone.localdate()
    doctors = assignment.candidates(found.claim.hospital, on=day, stage=Stage.MEDICAL)
    members = Membership.objects.in_force(day).filter(role__in=OFFICERS)
    officers = User.objects.filter(is_active=True, memberships__in=members).distinct()
    return PanelForm(
        data, doctors=[p for p in doctors if p.pk not in known], officers=[p for p in officers if p.pk not in known]
    )


@requires(*COORDINATION)
@require_POST
def name_panel(request, dispute_id):
    found = load_dispute(request, dispute_id)
    form = _panel_form(found, request.POST)
    if form.is_valid():
        try:
            disputes.name_panel(dispute=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _done(request, found, _("The panel was named."))
    return _page(request, found, panel=form)


@requires(*DOCTORS)
@require_POST
def rule(request, dispute_id):
    found = load_dispute(request, dispute_id)
    form = RulingForm(request.POST, lines=list(found.claim.lines.all()))
    if form.is_valid():
        try:
            disputes.rule(
                dispute=found,
                ruling=Ruling(form.cleaned_data["ruling"]),
                grounds=form.cleaned_data["grounds"],
                lines=form.grants(),
                actor=request.user,
                at=timezone.now(),
            )
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _done(request, found, _("The ruling waits for Dinkes to confirm it."))
    return _page(request, found, ruling=form)


@requires(*OFFICERS)
@require_POST
def confirm(request, dispute_id):
    found = load_dispute(request, dispute_id)
    try:
        disputes.confirm(dispute=found, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
        return redirect("verification:dispute", found.public_id)
    return _done(request, found, _("The ruling is in force."))


@requires(*OFFICERS)
@require_POST
def send_back(request, dispute_id):
    found, form = load_dispute(request, dispute_id), ReasonForm(request.POST)
    if form.is_valid():
        try:
            disputes.send_back(dispute=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return _done(request, found, _("The ruling went back to the doctor."))
    return _page(request, found, back=form)


def _done(request, found, words):
    messages.success(request, words)
    return redirect("verification:dispute", found.public_id)


@requires(*DISPUTE_READERS)
@require_safe
def dispute_pdf(request, dispute_id):
    found = load_dispute(request, dispute_id)
    return pdf_response(letter_pdf(dispute_letter(found)), f"sengketa {found.number}")
