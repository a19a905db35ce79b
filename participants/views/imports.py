"""What the legacy lists were worth: the runs, their findings, the refused lines as a file."""

from django.core.files.storage import default_storage
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core.paging import keyset_page
from participants.members_report import Remark, label_of
from participants.models import MembersImport
from participants.permissions import IMPORT_READERS


@requires(*IMPORT_READERS)
@require_safe
def imports(request):
    """Every run, dry ones too, newest first."""
    rows = MembersImport.objects.visible_to(request.user).select_related("imported_by")
    return render(request, "participants/imports.html", {"page": keyset_page(rows, request.GET, keys=("-pk",))})


@requires(*IMPORT_READERS)
@require_safe
def report(request, import_id):
    """One run: findings with counts, first lines and what to do."""
    run = _visible(request, import_id)
    findings = [
        {**finding, "label": label_of(finding["code"]), "remark": finding["code"] in Remark.values}
        for finding in run.findings
    ]
    return render(request, "participants/import_report.html", {"run": run, "findings": findings})


@requires(*IMPORT_READERS)
@require_safe
def lines(request, import_id):
    """All refused lines of a run, as a table for a spreadsheet."""
    run = _visible(request, import_id)
    if not run.path:
        raise Http404
    with default_storage.open(run.path, "rb") as file:
        response = HttpResponse(file.read(), content_type="text/csv; charset=utf-8")
    response.headers["Content-Disposition"] = f'attachment; filename="baris-ditolak-{run.pk}.csv"'
    return response


def _visible(request, import_id):
    return get_object_or_404(MembersImport.objects.visible_to(request.user), public_id=import_id)
