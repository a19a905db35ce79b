"""The year, its lines, and what moves them."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from budget import closing, documents, proof
from budget.bars import bar_of
from budget.forecast import forecasts
from budget.forms import BudgetDocumentForm, LineForm, RefusalForm, YearForm
from budget.models import BudgetDocument, BudgetLine, FiscalYear
from budget.permissions import BUDGET_READERS, DOCUMENT_DECIDERS, PROPOSERS, YEAR_CLOSERS
from budget.workflow import DOCUMENT
from facilities.permissions import requires
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page


def chosen_year(request):
    """The fiscal year the address asks for, else the one that runs, else the newest; None while there is none."""
    years = list(FiscalYear.objects.visible_to(request.user))
    wanted = (request.GET.get("year", ""), str(timezone.localdate().year))
    found = next((y for asked in wanted for y in years if str(y.year) == asked), None)
    return found or (years[0] if years else None), years


def _year_or_404(request):
    year, _years = chosen_year(request)
    if year is None:
        raise Http404
    return year


@requires(*BUDGET_READERS)
@require_safe
def lines(request):
    """Every line of a fiscal year with its bar and forecast; the running year unless the address names another."""
    year, years = chosen_year(request)
    today = timezone.localdate()
    found = BudgetLine.objects.visible_to(request.user).filter(year=year).prefetch_related("shares")
    rows = list(found.order_by("account", "pk"))
    expected = forecasts(rows, on=today)
    may_close = year and request.user.has_role(*YEAR_CLOSERS) and not year.closed_at and today.year > year.year
    context = {
        "years": years,
        "year": year,
        "lines": [(line, bar_of(line), expected[line.pk]) for line in rows],
        "proof": proof.last_proof(),
        "may_write": bool(year) and request.user.has_role(*PROPOSERS) and not year.closed_at,
        "may_open": request.user.has_role(*PROPOSERS),
        "obstacles": closing.obstacles(year) if may_close else [],
        "may_close": may_close,
    }
    return render(request, "budget/lines.html", context)


@requires(*PROPOSERS)
def new_year(request):
    form = YearForm(request.POST or None, initial={"year": timezone.localdate().year + 1})
    if request.method == "POST" and form.is_valid():
        try:
            year = documents.open_year(actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The year is open. Add its lines, then enter the DPA."))
            return _to_year(year)
    return _form(request, form, _("Open a fiscal year"), _("Open the year"))


@requires(*PROPOSERS)
def new_line(request):
    year = _year_or_404(request)
    form = LineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            documents.add_line(year=year, actor=request.user, **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("The line was added. A document gives it money."))
            return _to_year(year)
    return _form(request, form, _("New line"), _("Add the line"), caption=str(year))


@requires(*YEAR_CLOSERS)
@require_POST
def close_year(request):
    year = _year_or_404(request)
    try:
        closing.close(year=year, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.message)
    else:
        messages.success(request, _("The year is closed. What is unpaid is a debt of the next year."))
    return _to_year(year)


@requires(*BUDGET_READERS)
@require_safe
def document_list(request):
    rows = BudgetDocument.objects.visible_to(request.user).select_related("year", "proposed_by")
    return render(request, "budget/documents.html", {"page": keyset_page(rows, request.GET, keys=("-pk",))})


@requires(*PROPOSERS)
def new_document(request):
    year = _year_or_404(request)
    form = BudgetDocumentForm(request.POST or None, lines=year.lines.order_by("account", "pk"))
    if request.method == "POST" and form.is_valid():
        try:
            found = documents.propose(year=year, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            messages.success(request, _("Entered. The budget user puts it in force."))
            return redirect("budget:document", found.public_id)
    return _form(request, form, _("Document of the budget"), _("Enter the document"), caption=str(year))


@requires(*BUDGET_READERS)
def document_detail(request, budget_document_id):
    """One document with its lines; its decider finds both buttons."""
    rows = BudgetDocument.objects.visible_to(request.user).select_related("year", "proposed_by", "approved_by")
    found = get_object_or_404(rows, public_id=budget_document_id)
    form = RefusalForm(request.POST or None)
    if request.method == "POST":
        try:
            if "approve" in request.POST:
                documents.approve(document=found, actor=request.user, at=timezone.now())
            elif not form.is_valid():
                raise Refused(_("Say whether the document is put in force or refused, and why."))
            else:
                documents.refuse(document=found, actor=request.user, at=timezone.now(), **form.cleaned_data)
        except Refused as refusal:
            messages.error(request, refusal.message)
        else:
            messages.success(request, _("Your decision was recorded."))
        return redirect("budget:document", found.public_id)
    context = {
        "document": found,
        "changes": found.changes.select_related("line"),
        "form": form,
        "may_decide": request.user.has_role(*DOCUMENT_DECIDERS) and bool(DOCUMENT.allowed(found, request.user)),
    }
    return render(request, "budget/document.html", context)


def _form(request, form, title, button, caption=""):
    context = {"form": form, "title": title, "button": button, "caption": caption, "back": reverse("budget:lines")}
    return render(request, "budget/form.html", context)


def _to_year(year):
    return redirect(f"{reverse('budget:lines')}?year={year.year}")
