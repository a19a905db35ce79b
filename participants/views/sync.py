"""The exchange with Disdukcapil, Dinsos and BPJS: what came, what it changed, what was not taken, what waits for approval."""

import csv
import datetime

from django.contrib import messages
from django.db import transaction
from django.http import StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal, locks
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.tables import harmless
from participants import runs
from participants.dukcapil import sync as registry_sync
from participants.dukcapil.guard import LABELS
from participants.enums import EnrolmentReason, EventKind, SyncKind, SyncState
from participants.filters import EventFilter
from participants.forms import RefusalForm
from participants.freshness import sources
from participants.jkn import sync as jkn_sync
from participants.models import QuarantinedRow, RegistryEvent, SyncRun
from participants.permissions import FAMILY_READERS, OPERATORS, SYNC_LINE_READERS, SYNC_READERS
from participants.reasons import mask_numbers, reason
from participants.tasks import apply_run

PAGE_SIZE = 30
EVENT_PAGE = 100
LINE_PAGE = 50
LOCKS = {SyncKind.REGISTRY: registry_sync.LOCK, SyncKind.JKN: jkn_sync.LOCK}
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
    "removals": gettext_lazy("Lines that remove somebody"),
    "quarantined": gettext_lazy("Not taken"),
}

EFFECTS = {
    "renewed": gettext_lazy("Memberships that go on under a new KK"),
    "reprint": gettext_lazy("Cards to be printed anew"),
    "to_register": gettext_lazy("Families after a split, to be registered"),
}
COLUMNS = {
    "nik": "NIK",
    "kk_number": "KK",
    "name": gettext_lazy("name"),
    "sex": gettext_lazy("sex"),
    "birth_place": gettext_lazy("place of birth"),
    "birth_date": gettext_lazy("date of birth"),
    "relation": gettext_lazy("relation"),
    "marital_status": gettext_lazy("marital status"),
    "mother_nik": gettext_lazy("mother's NIK"),
    "kelurahan": "kelurahan",
    "city_code": gettext_lazy("city"),
    "resident_since": gettext_lazy("registered in the city since"),
    "ektp_recorded": "KTP-el",
    "status": gettext_lazy("status"),
    "status_on": gettext_lazy("status since"),
    "address": gettext_lazy("address"),
}


@requires(*SYNC_READERS)
@require_safe
def sync_runs(request):
    """All runs, newest first, and how old the data are."""
    every = SyncRun.objects.visible_to(request.user).select_related("progress")
    page = keyset_page(every, request.GET, keys=("-pk",), size=PAGE_SIZE)
    context = {"page": page, "rows": _standings(page.items), "sources": sources(timezone.now())}
    context["is_running"] = any(standing and standing.is_running for _run, standing in context["rows"])
    return render(request, "participants/sync/runs.html", context)


@requires(*SYNC_READERS)
@require_safe
def sync_run(request, run_id):
    return _page(request, _run(request, run_id), RefusalForm())


@requires(*SYNC_LINE_READERS)
@require_safe
def run_events(request, run_id):
    """What happened to whom in one run, by kind and kelurahan."""
    run = _run(request, run_id)
    found = RegistryEvent.objects.visible_to(request.user).filter(run=run)
    narrowed = EventFilter(
        request.GET, queryset=found.select_related("resident__household", "kelurahan"), request=request
    )
    page = keyset_page(narrowed.qs, request.GET, keys=("pk",), size=EVENT_PAGE)
    journal.record("sync.events_viewed", run, actor=request.user)
    rows = [(event, [COLUMNS.get(name, name) for name in event.fields]) for event in page]
    context = {"run": run, "page": page, "rows": rows, "filter": narrowed}
    context["may_open"] = request.user.has_role(*FAMILY_READERS)
    return render(request, "participants/sync/events.html", context)


@requires(*SYNC_LINE_READERS)
@require_safe
def run_quarantine(request, run_id):
    """The lines that were not taken, with reason and remedy, numbers masked."""
    run = _run(request, run_id)
    rows = QuarantinedRow.objects.visible_to(request.user).filter(run=run)
    page = keyset_page(rows, request.GET, keys=("line_number",), size=LINE_PAGE)
    journal.record("sync.quarantine_viewed", run, actor=request.user)
    lines = [(row.line_number, reason(row.reason), mask_numbers(row.raw)) for row in page]
    works_on_it = request.user.has_role(*OPERATORS)
    context = {"run": run, "page": page, "lines": lines, "may_download": works_on_it, "may_open_tickets": works_on_it}
    return render(request, "participants/sync/quarantine.html", context)


@requires(*OPERATORS)
@require_safe
def quarantine_file(request, run_id):
    """The same lines as they were received, as a CSV for the office that sent them. Every download is on record."""
    run = _run(request, run_id)
    rows = QuarantinedRow.objects.visible_to(request.user).filter(run=run).order_by("line_number")
    journal.record("sync.quarantine_downloaded", run, actor=request.user)
    response = StreamingHttpResponse(_csv_lines(rows), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="karantina-{run.pk}.csv"'
    return response


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
    return get_object_or_404(SyncRun.objects.visible_to(request.user).select_related("progress"), pk=run_id)


def _standings(found):
    """Pairs of each run and its Standing. Who holds the locks is asked only when a run is not over."""
    open_kinds = {run.kind for run in found if run.state in (*runs.UNFINISHED, SyncState.FAILED)}
    holders = {kind: locks.holder(LOCKS[kind]) for kind in open_kinds}
    return [(run, runs.standing(run, holder=holders.get(run.kind))) for run in found]


class _Line:
    """A file for ``csv.writer`` whose writes are what the writer returns."""

    @staticmethod
    def write(text):
        return text


def _csv_lines(rows):
    write = csv.writer(_Line).writerow
    yield write(["BARIS", "KODE", "ALASAN", "TINDAKAN", "ISI"])
    for row in rows.iterator(chunk_size=2000):
        why = reason(row.reason)
        yield write([row.line_number, row.reason, why.sentence, why.remedy, harmless(row.raw)])


def _page(request, run, form):
    may_see_people = request.user.has_role(*SYNC_LINE_READERS)
    waits = run.state == SyncState.WAITING_APPROVAL
    context = {
        "run": run,
        "counters": _counters(run),
        "events": _events(run),
        "reasons": [
            (reason(code).sentence, count) for code, count in run.counters.get("quarantined_by_reason", {}).items()
        ],
        "effects": _effects(run),
        "thresholds": _thresholds(run),
        "kelurahan": _by_kelurahan(run),
        "examples": _examples(run) if may_see_people else [],
        "standing": _standings([run])[0][1],
        "may_see_people": may_see_people,
        "is_registry": run.kind == SyncKind.REGISTRY,
        "may_approve": waits and request.user.has_role(*OPERATORS) and run.approved_by_id != request.user.pk,
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


def _effects(run):
    """What follows for memberships and cards; nothing that did not happen."""
    found = run.counters.get("effects", {})
    ended = [(EnrolmentReason(code).label, count) for code, count in found.get("ended", {}).items()]
    more = [(EFFECTS[name], found[name]) for name in EFFECTS if found.get(name)]
    return {"ended": ended, "more": more}


def _thresholds(run):
    return [{**check, "label": LABELS[check["name"]]} for check in run.preview.get("thresholds", [])]


def _by_kelurahan(run):
    """``(kelurahan, number of events, [(event, number)])``, most events first."""
    return [
        (
            row["name"] or _("outside the city"),
            sum(row["events"].values()),
            [(EventKind(kind).label, n) for kind, n in row["events"].items()],
        )
        for row in run.preview.get("kelurahan", [])
    ]


def _examples(run):
    return [
        {
            **example,
            "event": EventKind(example["kind"]).label,
            "day": datetime.date.fromisoformat(example["on"]),
            "columns": [COLUMNS.get(name, name) for name in example["fields"]],
        }
        for example in run.preview.get("examples", [])
    ]
