"""The rules of the programme by date: what is in force, what is proposed, and the second person's decision."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.models import Job, SchemeVersion
from ksb.core.scheme import Parameters, scheme_on
from participants import schemes
from participants.eligibility.city import JOB
from participants.models import SchemeProposal
from participants.permissions import RULE_DECIDERS, RULE_READERS, RULE_WRITERS
from participants.scheme_forms import SchemeForm
from participants.special.forms import ExplanationForm
from participants.workflow import SCHEME

SHOWN = 50


@requires(*RULE_READERS)
@require_safe
def scheme_versions(request):
    """All versions with what each changed, and what is proposed."""
    versions = list(SchemeVersion.objects.visible_to(request.user).order_by("valid"))
    today = timezone.localdate()
    before, rows = None, []
    for version in versions:
        now = Parameters.from_json(version.parameters)
        running = version.valid.lower <= today and (version.valid.upper is None or today < version.valid.upper)
        rows.append((version, running, schemes.changes(before, now)))
        before = now
    context = {
        "versions": rows[::-1],
        "proposals": SchemeProposal.objects.visible_to(request.user).order_by("-pk")[:SHOWN],
        "may_write": request.user.has_role(*RULE_WRITERS),
        "suspended": schemes.suspension(today),
        "own_defaults": schemes.own_defaults(_in_force(today)),
        "job": Job.objects.filter(name=JOB).order_by("-day").first(),
    }
    return render(request, "participants/schemes/versions.html", context)


def _in_force(day):
    scheme = scheme_on(day)
    return scheme.parameters if scheme else Parameters()


@requires(*RULE_WRITERS)
def new_scheme(request):
    form = SchemeForm(request.POST or None, base=_in_force(timezone.localdate()))
    if request.method == "POST" and form.is_valid():
        try:
            proposal = schemes.propose(
                parameters=form.parameters(), actor=request.user, at=timezone.now(), **form.version()
            )
            messages.success(request, _("Entered. Another person puts it in force."))
            return redirect("participants:scheme_proposal", proposal.public_id)
        except Refused as no:
            form.add_error(no.code if no.code in form.fields else None, no.message)
    return render(request, "participants/schemes/new.html", {"form": form})


@requires(*RULE_READERS)
@require_safe
def scheme_proposal(request, proposal_id):
    """What would change, and for whom the decision is."""
    proposal = _proposal(request, proposal_id)
    moves = {move.name: move for move in SCHEME.allowed(proposal, request.user)}
    before = schemes.version_before(proposal)
    context = {
        "proposal": proposal,
        "changes": schemes.changes(before, Parameters.from_json(proposal.parameters)) if moves else [],
        "moves": moves,
        "own": proposal.created_by_id == request.user.pk,
    }
    return render(request, "participants/schemes/proposal.html", context)


@requires(*RULE_DECIDERS)
@require_POST
def approve_scheme(request, proposal_id):
    proposal = schemes.approve(proposal=_proposal(request, proposal_id), actor=request.user, at=timezone.now())
    messages.success(request, _("In force from its first day. Everybody is judged anew on that day."))
    return redirect("participants:scheme_proposal", proposal.public_id)


@requires(*RULE_DECIDERS)
def refuse_scheme(request, proposal_id):
    proposal = _proposal(request, proposal_id)
    form = ExplanationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        schemes.refuse(proposal=proposal, reason=form.cleaned_data["reason"], actor=request.user, at=timezone.now())
        messages.success(request, _("Refused. Nothing was put in force."))
        return redirect("participants:scheme_proposal", proposal.public_id)
    return render(request, "participants/schemes/refuse.html", {"proposal": proposal, "form": form})


def _proposal(request, proposal_id):
    rows = SchemeProposal.objects.visible_to(request.user).select_related("created_by", "approved_by", "refused_by")
    return get_object_or_404(rows, public_id=proposal_id)
