"""The exchange with Disdukcapil, Dinsos and BPJS: what came, what it changed, what was not taken, what waits for approval."""

from django.contrib import messages
from django.db import transaction
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from participants import runs
from participants.enums import EventKind, SyncKind, SyncState
from participants.forms import RefusalForm
from participants.freshness import sources
from participants.models import QuarantinedRow, SyncRun
from participants.permissions import OPERATORS, SYNC_READERS
from participants.reasons import mask_numbers, reason
from participants.tasks import apply_run

PAGE_SIZE = 30
SHOWN_ROWS = 100
COUNTERS = {
    "read": gettext_lazy("Lines read"),
    "unchanged": gettext_lazy("Unchanged"),
    "added": gettext_lazy("New"),
    "changed": gettext_lazy("Changed"),
    "died": gettext_lazy("Died"),
    "moved_in": gettext_lazy("Moved in"),
    "moved_out": gettext_lazy("Moved out"),
    "gone": gettext_lazy("Missing from the file"),
    "held": gettext_lazy("Kept although without a sound line"),
    "opened": gettext_lazy("Intervals opened"),
    "closed": gettext_lazy("Intervals closed"),
    "to_review": gettext_lazy("To be judged by a person"),
    "quarantined": gettext_lazy("Not taken"),
}


@requires(*SYNC_READERS)
@require_safe
def sync_runs(request):
    """All runs, newest first, and how old the data are."""
    page = keyset_page(SyncRun.objects.visible_to(request.user), request.GET, keys=("-pk",), size=PAGE_SIZE)
    return render(request, "participants/sync/runs.html", {"page": page, "sources": sources(timezone.now())})


@requires(*SYNC_READERS)
@require_safe
def sync_run(request, run_id):
    return _page(request, _run(request, run_id), RefusalForm())


@requires(*OPERATORS)
@require_POST
def approve_run(request, run_id):
    """The first or the second approval; after the second the file is applied in the background."""
    run = runs.approve(run=_run(request, run_id), actor=request.user, at=timezone.now())
    if runs.is_approved(run):
        transaction.on_commit(lambda: apply_run.delay(run.pk, request.user.pk), robust=True)
        messages.success(request, _("Approved by two people. The file is being applied; reload this page in a minute."))
    else:
        messages.success(request, _("Your approval is recorded. A second person must approve too."))
    return redirect("participants:sync_run", run.pk)


@requires(*OPERATORS)
@require_POST
def refuse_run(request, run_id):
    run = _run(request, run_id)
    form = RefusalForm(request.POST)
    if form.is_valid():
        try:
            runs.refuse(run=run, actor=request.user, at=timezone.now(), reason=form.cleaned_data["reason"])
            messages.success(request, _("The file is refused. Nothing of it was applied."))
            return redirect("participants:sync_run", run.pk)
        except Refused as no:
            form.add_error(None, no.message)
            run.refresh_from_db()
    return _page(request, run, form)


def _run(request, run_id):
    return get_object_or_404(SyncRun.objects.visible_to(request.user), pk=run_id)


def _page(request, run, form):
    waits = run.state == SyncState.WAITING_APPROVAL
    context = {
        "run": run,
        "counters": _counters(run),
        "events": _events(run),
        "reasons": [
            (reason(code).sentence, count) for code, count in run.counters.get("quarantined_by_reason", {}).items()
        ],
        "rows": _rows(request, run),
        "shown": SHOWN_ROWS,
        "is_registry": run.kind == SyncKind.REGISTRY,
        "may_approve": waits and request.user.has_role(*OPERATORS) and run.approved_by_id != request.user.pk,
        "may_open_tickets": request.user.has_role(*OPERATORS),
        "may_refuse": waits and request.user.has_role(*OPERATORS),
        "form": form,
    }
    return render(request, "participants/sync/run.html", context)


def _counters(run):
    """What happened; of the kinds of change only those that did."""
    always = ("read", "unchanged", "quarantined")
    shown = [name for name in COUNTERS if run.counters.get(name) or (name in always and name in run.counters)]
    return [(COUNTERS[name], run.counters[name]) for name in shown]


def _events(run):
    """Counted by the run itself, so that the page costs the same for every size of file."""
    return [(kind.label, run.counters["events"][kind]) for kind in EventKind if kind in run.counters.get("events", {})]


def _rows(request, run):
    """The first refused lines with reason and remedy, numbers masked; nothing for who may not see people."""
    rows = QuarantinedRow.objects.visible_to(request.user).filter(run=run).order_by("line_number")[:SHOWN_ROWS]
    return [{"number": row.line_number, "reason": reason(row.reason), "raw": mask_numbers(row.raw)} for row in rows]
