"""Rows of JKN lists nobody of ours is behind by an exact NIK: the worklist, and one row beside its candidates."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from facilities.permissions import requires
from ksb.core import journal
from ksb.core.errors import Refused
from ksb.core.paging import keyset_page
from ksb.core.ratelimit import TooMany
from participants.enums import JknAnswer
from participants.filters import JknRowFilter
from participants.forms import JknAnswerForm
from participants.jkn import review
from participants.lookups import look_up
from participants.models import JknCandidate
from participants.permissions import JKN_REVIEWERS, JKN_ROW_READERS

PURPOSE = "JKN_REVIEW"


@requires(*JKN_ROW_READERS)
@require_safe
def rows(request):
    """Open rows, oldest first; numbers are masked until one is opened."""
    query = request.GET.copy()
    query.setdefault("answer", "OPEN")
    narrowed = JknRowFilter(query, queryset=JknCandidate.objects.visible_to(request.user), request=request)
    page = keyset_page(narrowed.qs.select_related("run"), request.GET, keys=("pk",))
    return render(request, "participants/jkn/rows.html", {"page": page, "filter": narrowed})


@requires(*JKN_ROW_READERS)
def row(request, row_id):
    """The row beside each candidate, differences marked; the reviewer's answer."""
    found = JknCandidate.objects.visible_to(request.user).select_related("run", "resident", "decided_by")
    found = get_object_or_404(found, pk=row_id)
    form = JknAnswerForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            review.decide(
                row=found,
                answer=form.cleaned_data["answer"],
                resident=_named(request, found, form),
                actor=request.user,
                at=timezone.now(),
            )
        except TooMany:
            raise
        except Refused as no:
            if no.code not in ("", "C02", "busy") or not request.user.has_role(*JKN_REVIEWERS):
                raise
            form.add_error(None, no.message)
        else:
            messages.success(request, _("The answer is recorded."))
            return redirect("participants:jkn_rows")
    journal.record("jkn.review_view", found, actor=request.user)
    context = {
        "row": found,
        "candidates": review.candidates(found),
        "form": form,
        "may_decide": request.user.has_role(*JKN_REVIEWERS) and found.answer in ("", JknAnswer.UNSURE),
    }
    return render(request, "participants/jkn/row.html", context)


def _named(request, found, form):
    """The candidate whose button was pressed, or the person with the NIK typed; nobody for the other answers."""
    if form.cleaned_data["answer"] != JknAnswer.SAME:
        return None
    if form.cleaned_data["nik"]:
        lookup = look_up(nik=form.cleaned_data["nik"], actor=request.user, purpose=PURPOSE, at=timezone.now())
        return lookup.resident
    shown = {person.pk: person for person, _differs in review.candidates(found)}
    return shown.get(form.cleaned_data["resident"])
