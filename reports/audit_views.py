"""Segregation of duties, and audits with their samples and findings. What an auditor looks at is journalled."""

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.enums import Role
from facilities.models import User
from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from reports import audits, duties
from reports.audit_forms import AuditForm, DrawForm, FindingForm, ReplyForm
from reports.audit_models import READERS, Audit, AuditFinding
from reports.enums import AuditSubject
from reports.workflow import AUDIT_FINDING


@requires(*duties.READERS)
@require_safe
def duties_report(request):
    """The twelve rules, what enforces each, who broke it; and who holds roles that should not meet."""
    found = duties.report()
    people = User.objects.in_bulk({person for _duty, rows in found for _table, _key, person in rows})
    context = {
        "duties": [(duty, [(table, key, people.get(person)) for table, key, person in rows]) for duty, rows in found],
        "missing": duties.missing_guards(),
        "combinations": duties.combinations(timezone.localdate()),
    }
    return render(request, "reports/duties.html", context)


@requires(*READERS)
@require_safe
def audit_list(request):
    rows = Audit.objects.visible_to(request.user).select_related("auditor")[:200]
    may_open = request.user.has_role(*audits.OPENERS)
    return render(request, "reports/audits.html", {"audits": rows, "may_open": may_open})


@requires(*audits.OPENERS)
def new_audit(request):
    form = AuditForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            audit = audits.open_audit(actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The audit is open for the days of the letter."))
            return redirect("reports:audit", audit.public_id)
    return render(request, "reports/new_audit.html", {"form": form})


def _audit(request, audit_id):
    rows = Audit.objects.visible_to(request.user).select_related("auditor", "opened_by")
    return get_object_or_404(rows, public_id=audit_id)


@requires(*READERS)
def audit_detail(request, audit_id):
    """One audit: its samples, its findings, and for its auditor the drawing of the next sample."""
    audit, now = _audit(request, audit_id), timezone.now()
    works = audits.may_work(audit, request.user, timezone.localdate(now))
    form = DrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            sample = audits.draw(audit=audit, actor=request.user, at=now, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Drawn with the seed %(seed)s.") % {"seed": sample.seed})
            return redirect("reports:audit", audit.public_id)
    samples = [
        (s, audits.claims_of(s) if s.subject == AuditSubject.CLAIMS else audits.payments_of(s))
        for s in audit.samples.all()
        if request.user.has_role(Role.AUDITOR, Role.DINKES_CLAIMS)
    ]
    if works and samples:
        journal.record("audit.view", audit, actor=request.user, purpose=audit.purpose)
    context = {
        "audit": audit,
        "samples": samples,
        "findings": audit.findings.select_related("claim__hospital", "payment__hospital"),
        "form": form,
        "works": works,
    }
    return render(request, "reports/audit.html", context)


@requires(Role.AUDITOR)
def new_finding(request, audit_id):
    audit = _audit(request, audit_id)
    form = FindingForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            finding = audits.find(audit=audit, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Written down. The claims officer is asked for a reply."))
            return redirect("reports:finding", finding.public_id)
    return render(request, "reports/new_finding.html", {"form": form, "audit": audit})


@requires(*READERS)
def finding_detail(request, audit_finding_id):
    """One finding: answered by the claims officer, closed by the auditor."""
    rows = AuditFinding.objects.visible_to(request.user).select_related("audit", "claim__hospital", "payment__hospital")
    finding = get_object_or_404(rows, public_id=audit_finding_id)
    moves = {move.name for move in AUDIT_FINDING.allowed(finding, request.user)}
    form = ReplyForm(request.POST or None) if "reply" in moves else None
    if request.method == "POST":
        try:
            done = _act(request, finding, form)
        except Refused as refusal:
            messages.error(request, refusal.message)
            return redirect("reports:finding", finding.public_id)
        if done:
            messages.success(request, _("Recorded."))
            return redirect("reports:finding", finding.public_id)
    return render(request, "reports/finding.html", {"finding": finding, "moves": moves, "form": form})


def _act(request, finding, form):
    now, actor = timezone.now(), request.user
    if form is not None:
        return form.is_valid() and audits.reply(finding=finding, actor=actor, at=now, **form.cleaned_data)
    for name, act in (("close", audits.close), ("ask_again", audits.ask_again)):
        if name in request.POST:
            return act(finding=finding, actor=actor, at=now)
    raise Refused(_("Press one of the buttons."))


@requires(Role.AUDITOR)
@require_safe
def audit_csv(request, audit_id):
    """Samples and findings with the line that says who took them; the journal keeps it too."""
    audit = _audit(request, audit_id)
    content = audits.as_csv(audit, actor=request.user, at=timezone.now())
    headers = {"Content-Disposition": f'attachment; filename="audit-{audit.pk}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)
