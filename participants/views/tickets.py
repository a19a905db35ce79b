"""Tickets to Disdukcapil: opened from a family, an answer or a line of a file; worked off by the registry's operators."""

import csv

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.tables import harmless
from participants import answers
from participants import tickets as service
from participants.enums import TicketState
from participants.filters import TicketFilter
from participants.forms import AnswerForm, CloseForm, FamilyTicketForm, LineTicketForm, TicketForm
from participants.models import OnlineCheck, Override, QuarantinedRow, SyncRun, Ticket
from participants.permissions import (
    OPERATORS,
    OVERRIDE_PROPOSERS,
    OVERRIDE_READERS,
    TICKET_OPENERS,
    TICKET_READERS,
    TICKET_WORKERS,
)
from participants.reasons import mask_numbers, reason
from participants.views.families import visible_household
from participants.workflow import TICKET


@requires(*TICKET_READERS)
@require_safe
def worklist(request):
    """Oldest first, those that are not closed unless a state is chosen."""
    rows = Ticket.objects.visible_to(request.user).select_related("resident", "household__head", "run")
    narrowed = TicketFilter(request.GET, queryset=rows, request=request)
    rows = narrowed.qs if request.GET.get("state") else narrowed.qs.exclude(state=TicketState.CLOSED)
    waiting = Ticket.objects.visible_to(request.user).filter(state=TicketState.OPEN).order_by("-pk")
    context = {
        "page": keyset_page(rows, request.GET, keys=("pk",)),
        "filter": narrowed,
        "newest_open": waiting.values_list("pk", flat=True).first(),
        "may_work": request.user.has_role(*TICKET_WORKERS),
    }
    return render(request, "participants/tickets/worklist.html", context)


@requires(*TICKET_WORKERS)
@require_safe
def export(request):
    """The open tickets as a file for Disdukcapil. Changes nothing: they are marked as sent when they were."""
    waiting = Ticket.objects.visible_to(request.user).filter(state=TicketState.OPEN)
    journal.record_many("ticket.export", list(waiting.only("pk")), actor=request.user)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="tiket-disdukcapil-{timezone.localdate():%Y%m%d}.csv"'
    csv.writer(response, delimiter=";").writerows([harmless(cell) for cell in row] for row in service.table(waiting))
    return response


@requires(*TICKET_WORKERS)
@require_POST
def send(request):
    """The tickets that were in the file, and none that was opened since, are marked as sent."""
    newest = request.POST.get("newest", "")
    newest = int(newest) if newest.isascii() and newest.isdigit() and len(newest) < 19 else 0
    sent = service.send(
        tickets=Ticket.objects.visible_to(request.user).filter(pk__lte=newest), actor=request.user, at=timezone.now()
    )
    messages.success(
        request, ngettext("%(n)d ticket marked as sent.", "%(n)d tickets marked as sent.", sent) % {"n": sent}
    )
    return redirect("participants:tickets")


@requires(*TICKET_READERS)
@require_safe
def ticket(request, ticket_id):
    found = _ticket(request, ticket_id)
    journal.record("ticket.view", found, actor=request.user)
    return _page(request, found)


@requires(*TICKET_WORKERS)
@require_POST
def answer(request, ticket_id):
    form = AnswerForm(request.POST)
    return _step(request, ticket_id, form, service.answer, done=_("The answer is recorded."), answer_form=form)


@requires(*TICKET_WORKERS)
@require_POST
def close(request, ticket_id):
    form = CloseForm(request.POST)
    return _step(request, ticket_id, form, service.close, done=_("The ticket is closed."), close_form=form)


@requires(*TICKET_WORKERS)
@require_POST
def ask_again(request, ticket_id):
    found = _ticket(request, ticket_id)
    service.ask_again(ticket=found, actor=request.user, at=timezone.now())
    messages.success(request, _("The ticket is open once more."))
    return redirect("participants:ticket", found.public_id)


@requires(*TICKET_OPENERS)
def of_family(request, household_id):
    """A ticket about a member of a family, or about the family card."""
    household = visible_household(request, household_id)
    members = list(household.residents.order_by("relation", "birth_date", "pk"))
    form = FamilyTicketForm(request.POST or None, members=members)
    about = {"household": household}
    return _opening(request, form, about, context={"household": household})


@requires(*TICKET_OPENERS)
def of_answer(request, check_id):
    """A ticket about what Dukcapil answered on line: the person it does not know, or knows otherwise."""
    check = get_object_or_404(
        OnlineCheck.objects.visible_to(request.user).select_related("resident__household"), public_id=check_id
    )
    form = TicketForm(request.POST or None, initial={"kind": answers.read(check).ticket})
    about = {"resident": check.resident} if check.resident else {"nik": check.nik}
    return _opening(request, form, about, context={"check": check})


@requires(*OPERATORS)
def of_line(request, run_id):
    """A ticket about a line of a file that was not taken; ``?baris=`` fills in its number."""
    run = get_object_or_404(SyncRun.objects.visible_to(request.user), pk=run_id)
    form = LineTicketForm(request.POST or None, initial={"line_number": request.GET.get("baris", "")[:10]})
    row = None
    if request.method == "POST" and form.is_valid():
        rows = QuarantinedRow.objects.visible_to(request.user).filter(run=run).select_related("run")
        row = rows.filter(line_number=form.cleaned_data["line_number"]).first()
        if row is None:
            form.add_error("line_number", _("This line was taken, or the file has no such line."))
        else:
            try:
                opened = service.open_for_line(
                    row=row, text=form.cleaned_data["text"], actor=request.user, at=timezone.now()
                )
                return _opened(request, opened)
            except Refused as no:
                form.add_error(None, no.message)
    return render(request, "participants/tickets/open.html", {"form": form, "run": run})


def _opening(request, form, about, *, context):
    if request.method == "POST" and form.is_valid():
        try:
            opened = service.open_ticket(**about, **form.cleaned_data, actor=request.user, at=timezone.now())
            return _opened(request, opened)
        except Refused as no:
            form.add_error(None, no.message)
    return render(request, "participants/tickets/open.html", {"form": form, **context})


def _opened(request, opened):
    messages.success(request, _("Ticket %(number)s is open.") % {"number": opened.number})
    return redirect("participants:ticket", opened.public_id)


def _step(request, ticket_id, form, act, *, done, **bound):
    found = _ticket(request, ticket_id)
    if form.is_valid():
        try:
            act(ticket=found, **form.cleaned_data, actor=request.user, at=timezone.now())
            messages.success(request, done)
            return redirect("participants:ticket", found.public_id)
        except Refused as no:
            form.add_error(None, no.message)
            found.refresh_from_db()
    return _page(request, found, **bound)


def _ticket(request, ticket_id):
    rows = Ticket.objects.visible_to(request.user).select_related(
        "resident__household", "household__head", "run", "created_by", "sent_by", "answered_by", "closed_by"
    )
    return get_object_or_404(rows, public_id=ticket_id)


def _page(request, found, *, answer_form=None, close_form=None):
    moves = {move.name for move in TICKET.allowed(found, request.user)}
    overrides = Override.objects.visible_to(request.user).filter(ticket=found).order_by("-pk")
    context = {
        "ticket": found,
        "line": _line(request, found),
        "moves": moves,
        "answer_form": answer_form or AnswerForm(),
        "close_form": close_form or CloseForm(),
        "overrides": overrides if request.user.has_role(*OVERRIDE_READERS) else None,
        "may_propose": request.user.has_role(*OVERRIDE_PROPOSERS)
        and found.state != TicketState.CLOSED
        and found.resident_id is not None,
    }
    return render(request, "participants/tickets/ticket.html", context)


def _line(request, found):
    """The line of the file the ticket is about, numbers masked; None for other tickets and for lines no longer kept."""
    if found.run_id is None:
        return None
    rows = QuarantinedRow.objects.visible_to(request.user)
    row = rows.filter(run_id=found.run_id, line_number=found.line_number).first()
    return row and {"reason": reason(row.reason), "raw": mask_numbers(row.raw)}
